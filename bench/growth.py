"""What a case costs in a world of many: rows are multiplied in the stores, cases are played beside them."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from time import monotonic
from typing import Any

from bench.cases import Case, Load
from bench.copies import multiply
from bench.ground import Harbour, cpu_of_stack, harbour, own_stack, postgres_cpu
from bench.load import Procession
from bench.measures import quiet_services
from bench.scans import listening, scanning
from pic_exchange.stack import PROCESSES, STORES, Stack

FEW = 1_000
# A row of each table and its indexes.
BYTES_A_CASE = 15_000

# Seconds in which nobody asks for anything: what a stack uses all the same is no case's cost.
AT_REST = 15
WARM = 5
# The broker keeps a log and knows of no cases; the load is not the exchange.
NOT_OF_A_CASE = ("kafka", "the load itself")


class NoRoom(Exception):
    """The disk would be full before the cases are stored; the message says what is needed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stack, its world whose one case is copied, and how many copies the world to be played in holds."""

    stack: Stack
    seed: str
    cases: int


@dataclass
class Abreast(Harbour):
    """A harbour that moves its clock when the other has come as far, so that both play at the same time.

    To ask whether a world of many is quiet keeps a database busy: whoever played beside that looked slow.
    """

    line: asyncio.Barrier = field(kw_only=True)

    async def move_clock(self, to: str) -> None:
        await self.line.wait()
        await super().move_clock(to)
        await self.line.wait()

    async def settle(self) -> None:
        await self.line.wait()
        await super().settle()


@dataclass(frozen=True, slots=True)
class Cost:
    """Of cases that were played in a world: the median request, the CPU a case by part, the stores' rows."""

    request_ms: float
    parts_ms: dict[str, float]
    rows: int

    @property
    def case_cpu_ms(self) -> float:
        return sum(self.parts_ms.values())


def growth(cases: int, sample: int) -> dict[str, Any]:
    """The cost of a case in a world of a thousand others, and in one of many at the same time. Raises NoRoom.

    Two stacks play the same cases side by side, so that a machine that turns slower is slower for both; first
    with a thousand cases in each, which tells how far two like stacks are apart, then with many in one.
    """
    with own_stack() as small, own_stack() as large:
        needed, free = cases * BYTES_A_CASE, shutil.disk_usage(large.folder).free
        if free < needed * 1.2:
            raise NoRoom(f"{cases:,} cases take about {needed / 1e9:.0f} GB; {free / 1e9:.0f} GB are free")
        return asyncio.run(_grown(small, large, cases, sample))


async def _grown(small: Stack, large: Stack, cases: int, sample: int) -> dict[str, Any]:
    async with harbour(small, "seed") as one, harbour(large, "seed") as other:
        for seed in (one, other):
            await Procession(seed, [_one_load(0)]).run()
        alike = await _beside(Place(small, one.world.id, FEW), Place(large, other.world.id, FEW), sample)
        found = await _beside(Place(small, one.world.id, FEW), Place(large, other.world.id, cases), sample)
        with listening(large) as said:
            async with harbour(large, "explained") as explained:
                await Procession(explained, [_one_load(n) for n in range(2)]).run()
    few, many = found
    wrong = await scanning(said)
    return {
        "few": FEW,
        "many": cases,
        "sample": sample,
        "rows": many.rows,
        "alike": _ratios(*alike),
        "ratios": _ratios(few, many),
        "request_few_ms": round(few.request_ms, 2),
        "request_many_ms": round(many.request_ms, 2),
        "parts_few_ms": few.parts_ms,
        "parts_many_ms": many.parts_ms,
        "case_cpu_few_ms": round(few.case_cpu_ms, 1),
        "case_cpu_many_ms": round(many.case_cpu_ms, 1),
        "statements": sum(len(statements) for statements in said.values()),
        "scans": wrong,
    }


def _ratios(one: Cost, other: Cost) -> dict[str, float]:
    return {
        "request": round(other.request_ms / one.request_ms, 3),
        "case_cpu": round(other.case_cpu_ms / one.case_cpu_ms, 3),
    }


async def _beside(one: Place, other: Place, sample: int) -> tuple[Cost, Cost]:
    """Each in a fresh world that holds the copies; the same cases in both at the same time."""
    async with harbour(one.stack, "one") as first, harbour(other.stack, "other") as second:
        places = ((one, first), (other, second))
        rows = [await _fill(place, found.world.id) for place, found in places]
        # The services have just begun: what they read and prepare at first is no cost of a case.
        await asyncio.gather(*(_warmed(place.stack) for place in (one, other)))
        idle = await _at_rest([one.stack, other.stack])
        line = asyncio.Barrier(len(places))
        played = (
            _played(_abreast(found, line), idle[place.stack], sample, held)
            for (place, found), held in zip(places, rows, strict=True)
        )
        costs = await asyncio.gather(*played)
    print(*costs, sep="\n", flush=True)
    return costs[0], costs[1]


async def _warmed(stack: Stack) -> None:
    async with harbour(stack, "before") as other:
        await Procession(other, [_one_load(n) for n in range(WARM)], at_once=1).run()


def _abreast(found: Harbour, line: asyncio.Barrier) -> Abreast:
    return Abreast(found.exchange, found.world, found.tokens, found.stack, found.wires, line=line)


async def _played(found: Harbour, idle: dict[str, float], sample: int, rows: int) -> Cost:
    stack = found.stack
    assert stack is not None
    procession = Procession(found, [_one_load(n) for n in range(sample)], at_once=1)
    # The database is then asked whether all of the world is quiet, which is not what a case costs.
    found.meter = lambda: postgres_cpu(stack)
    before, began = cpu_of_stack(stack), monotonic()
    await procession.run()
    after, took = cpu_of_stack(stack), monotonic() - began
    spent = {name: after[name] - before[name] - idle[name] * took for name in idle}
    spent["postgres"] -= found.while_waiting
    request = median(s for all_ in procession.timed.seconds.values() for s in all_)
    return Cost(request * 1000, {name: round(used * 1000 / sample, 1) for name, used in spent.items()}, rows)


async def _at_rest(stacks: Sequence[Stack]) -> dict[Stack, dict[str, float]]:
    """CPU seconds a second of each part of each stack while nothing is asked."""
    before = {stack: cpu_of_stack(stack) for stack in stacks}
    await asyncio.sleep(AT_REST)
    found = {}
    for stack in stacks:
        after = cpu_of_stack(stack)
        parts = (name for name in before[stack] if name not in NOT_OF_A_CASE)
        found[stack] = {name: (after[name] - before[stack][name]) / AT_REST for name in parts}
    return found


async def _fill(place: Place, into: str) -> int:
    """Every store, with the services stopped; returns how many rows they hold then."""
    rows, stack = 0, place.stack
    quiet_services(stack)
    for store in STORES:
        began = monotonic()
        dsn = stack.postgres.url(store).replace("+asyncpg", "")
        rows += (here := await multiply(dsn, place.seed, place.cases, into))
        print(f"{store}: {here:,} rows, {monotonic() - began:.0f} s for {place.cases:,} cases", flush=True)
    for name in PROCESSES:
        stack.start_service(name)
    await asyncio.to_thread(stack.wait_until_ready, 300)
    return rows


def _one_load(index: int) -> Case:
    return Case(index, [Load(1)], False, 8400)
