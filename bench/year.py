"""The headline: a share of the world's year of notified movements through all services, end to end."""

from __future__ import annotations

import asyncio
import os
from dataclasses import asdict, dataclass, field
from statistics import median
from time import monotonic
from typing import Any

from bench.cases import MIX, cases_of
from bench.figures import percentile
from bench.ground import cpu_of_stack, harbour, own_stack
from bench.load import Procession
from bench.tally import tally
from pic_exchange.stack import Stack

TELL_EVERY = 15.0


class MessagesLost(Exception):
    """What was said, what the log holds and what was heard are not the same; the message names each."""


class NotThrough(Exception):
    """The time was up before the share was through; the message says how far it came."""


@dataclass
class Year:
    """What a share of the year took, and what the whole would at this pace."""

    share: float
    cases: int
    movements: int
    requests: int
    messages: int
    seconds: float
    messages_per_second: float
    hours_for_the_year: float
    messages_per_movement: float
    looked_again: int
    cpu_ms_per_message: float
    load_before: float
    load_after: float
    cpu_seconds: dict[str, float] = field(default_factory=dict)
    latency_ms: dict[str, tuple[float, float]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def year(share: float, at_once: int, minutes: float) -> Year:
    """`share` of 1.06 million movements. Raises NotThrough after `minutes`, and MessagesLost."""
    with own_stack() as stack:
        return asyncio.run(_played(stack, share, at_once, minutes))


async def _played(stack: Stack, share: float, at_once: int, minutes: float) -> Year:
    world = MIX["world_year"]["movements"]
    movements = max(1, round(world * share))
    load_before = os.getloadavg()[0]
    async with harbour(stack, "the year") as found:
        procession = Procession(found, cases_of(movements), at_once=at_once)
        print(f"{movements:,} movements of {len(procession.cases):,} notifications", flush=True)
        before, began = cpu_of_stack(stack), monotonic()
        await _within(procession, minutes)
        took = monotonic() - began
        used = {name: seconds - before.get(name, 0) for name, seconds in cpu_of_stack(stack).items()}
        counted = await tally(stack, found.world.id)
    if losses := counted.losses(len(procession.cases), movements):
        raise MessagesLost("; ".join(losses))
    print(f"nothing lost: {counted}", flush=True)
    return Year(
        share=share,
        cases=len(procession.cases),
        movements=movements,
        requests=procession.sent,
        messages=counted.heard,
        seconds=round(took, 1),
        messages_per_second=round(counted.heard / took, 1),
        hours_for_the_year=round(took * world / movements / 3600, 1),
        messages_per_movement=round(counted.heard / movements, 2),
        looked_again=procession.looked_again,
        cpu_ms_per_message=round(sum(used.values()) * 1000 / counted.heard, 2),
        load_before=round(load_before, 1),
        load_after=round(os.getloadavg()[0], 1),
        cpu_seconds={name: round(seconds, 1) for name, seconds in used.items()},
        latency_ms={
            what: (round(median(all_) * 1000, 1), round(percentile(all_, 0.99) * 1000, 1))
            for what, all_ in procession.timed.seconds.items()
        },
    )


async def _within(procession: Procession, minutes: float) -> None:
    telling = asyncio.create_task(_tell(procession))
    try:
        async with asyncio.timeout(minutes * 60):
            await procession.run()
    except TimeoutError:
        came = f"{procession.sent:,} of {procession.expected:,} requests in {minutes:g} minutes"
        raise NotThrough(f"{came}, the last of them: {procession.doing}") from None
    finally:
        telling.cancel()


async def _tell(procession: Procession) -> None:
    """How far it is, how long the rest will take, and the whole year at this pace, every few seconds."""
    began, wanted = monotonic(), procession.expected
    year_of_requests = wanted * MIX["world_year"]["movements"] / sum(len(c.loads) for c in procession.cases)
    while True:
        await asyncio.sleep(TELL_EVERY)
        took, sent = monotonic() - began, max(procession.sent, 1)
        print(
            f"{sent:,} of {wanted:,} requests, {sent / took:.1f}/s, {procession.doing}; "
            f"{took / 60:.1f} min gone, about {took * (wanted - sent) / sent / 60:.1f} left; "
            f"a year like this: {took * year_of_requests / sent / 3600:.0f} h; "
            f"load {os.getloadavg()[0]:.1f}",
            flush=True,
        )
