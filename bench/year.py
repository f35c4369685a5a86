"""The headline: a share of the world's year of notified movements through all services, end to end."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, field
from statistics import median
from time import monotonic
from typing import Any

from bench.figures import percentile
from bench.ground import cpu_seconds, harbour, own_stack
from bench.load import MIX, Procession, cases_of
from pic_exchange.stack import PROCESSES, Stack

TELL_EVERY = 15.0


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
    cpu_seconds: dict[str, float] = field(default_factory=dict)
    latency_ms: dict[str, tuple[float, float]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def year(share: float, at_once: int) -> Year:
    """`share` of 1.06 million movements."""
    with own_stack() as stack:
        return asyncio.run(_played(stack, share, at_once))


async def _played(stack: Stack, share: float, at_once: int) -> Year:
    movements = max(1, round(MIX["world_year"]["movements"] * share))
    async with harbour(stack, "the year") as found:
        procession = Procession(found, cases_of(movements), at_once=at_once)
        before = _cpu(stack)
        began = monotonic()
        telling = asyncio.create_task(_tell(procession))
        try:
            await procession.run()
        finally:
            telling.cancel()
        took = monotonic() - began
        used = {name: seconds - before[name] for name, seconds in _cpu(stack).items()}
        said = _messages(stack, found.world.id)
    world = MIX["world_year"]["movements"]
    return Year(
        share=share,
        cases=len(procession.cases),
        movements=movements,
        requests=procession.sent,
        messages=said,
        seconds=round(took, 1),
        messages_per_second=round(said / took, 1),
        hours_for_the_year=round(took * world / movements / 3600, 1),
        messages_per_movement=round(said / movements, 2),
        cpu_seconds={name: round(seconds, 1) for name, seconds in used.items()},
        latency_ms={
            what: (round(median(all_) * 1000, 1), round(percentile(all_, 0.99) * 1000, 1))
            for what, all_ in procession.timed.seconds.items()
        },
    )


async def _tell(procession: Procession) -> None:
    """How far it is and how long the rest will take, every few seconds."""
    began, wanted = monotonic(), procession.expected
    while True:
        await asyncio.sleep(TELL_EVERY)
        took, sent = monotonic() - began, procession.sent
        left = took * (wanted - sent) / max(sent, 1)
        print(
            f"{sent:,} of {wanted:,} requests, {sent / took:.1f}/s, {procession.doing}; "
            f"{took / 60:.1f} min gone, about {left / 60:.1f} left",
            flush=True,
        )


def _cpu(stack: Stack) -> dict[str, float]:
    pids = stack.processes._pids()
    return {name: cpu_seconds(pids[name]) for name in (*PROCESSES, "kafka") if name in pids}


def _messages(stack: Stack, world: str) -> int:
    """What the window has heard of this world: it was quiet, so that is all that was said."""
    query = f"SELECT 'n=' || count(*) FROM events WHERE world = '{world}'"
    told = stack.postgres.psql(f"\\c window\n{query};")
    return int(told.rpartition("n=")[2].split()[0])
