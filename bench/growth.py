"""What a case costs in a world of many: rows are multiplied in the stores, cases are played beside them."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from statistics import median
from time import monotonic
from typing import Any

from bench.copies import multiply
from bench.ground import cpu_of_stack, harbour, own_stack, postgres_cpu
from bench.load import Case, Load, Procession
from bench.measures import quiet_services
from bench.scans import listening, scanning
from pic_exchange.stack import PROCESSES, STORES, Stack

FEW = 1_000
# A row of each table and its indexes.
BYTES_A_CASE = 15_000


class NoRoom(Exception):
    """The disk would be full before the cases are stored; the message says what is needed."""


# Seconds in which nobody asks for anything: what a stack uses all the same is no case's cost.
AT_REST = 15
WARM = 5
# The broker keeps a log and knows of no cases; the load is not the exchange.
NOT_OF_A_CASE = ("kafka", "the load itself")


@dataclass(frozen=True, slots=True)
class Cost:
    """Of the cases that were played in a world: the median request, and the CPU a case, part by part."""

    request_ms: float
    parts_ms: dict[str, float]

    @property
    def case_cpu_ms(self) -> float:
        return sum(self.parts_ms.values())


def growth(cases: int, sample: int = 30) -> dict[str, Any]:
    """The cost of a case in a world of a thousand others, and in one of many. Raises NoRoom."""
    with own_stack() as stack:
        needed, free = cases * BYTES_A_CASE, shutil.disk_usage(stack.folder).free
        if free < needed * 1.2:
            raise NoRoom(f"{cases:,} cases take about {needed / 1e9:.0f} GB; {free / 1e9:.0f} GB are free")
        return asyncio.run(_grown(stack, cases, sample))


async def _grown(stack: Stack, cases: int, sample: int) -> dict[str, Any]:
    async with harbour(stack, "seed") as seed:
        await Procession(seed, [_one_load(0)]).run()
        await _cost(stack, "warm", seed.world.id, FEW, 5)
        few, _ = await _cost(stack, "few", seed.world.id, FEW, sample)
        many, rows = await _cost(stack, "many", seed.world.id, cases, sample)
        with listening(stack) as said:
            async with harbour(stack, "explained") as found:
                await Procession(found, [_one_load(n) for n in range(2)]).run()
    wrong = await scanning(said)
    return {
        "few": FEW,
        "many": cases,
        "rows": rows,
        "request_few_ms": round(few.request_ms, 2),
        "request_many_ms": round(many.request_ms, 2),
        "request_ratio": round(many.request_ms / few.request_ms, 3),
        "parts_few_ms": few.parts_ms,
        "parts_many_ms": many.parts_ms,
        "case_cpu_few_ms": round(few.case_cpu_ms, 1),
        "case_cpu_many_ms": round(many.case_cpu_ms, 1),
        "case_cpu_ratio": round(many.case_cpu_ms / few.case_cpu_ms, 3),
        "statements": sum(len(statements) for statements in said.values()),
        "scans": wrong,
    }


async def _cost(stack: Stack, label: str, seed: str, cases: int, sample: int) -> tuple[Cost, int]:
    """In a fresh world that holds `cases` copies of the seed's; also how many rows the stores hold then."""
    async with harbour(stack, label) as found:
        rows = await _fill(stack, seed, cases, found.world.id)
        # The services have just begun: what they read and prepare at first is no cost of a case.
        async with harbour(stack, f"before {label}") as other:
            await Procession(other, [_one_load(n) for n in range(WARM)], at_once=2).run()
        procession = Procession(found, [_one_load(n) for n in range(sample)], at_once=2)
        # The database is then asked whether all of the world is quiet, which is not what a case costs.
        found.meter = lambda: postgres_cpu(stack)
        idle = await _at_rest(stack)
        before, began = cpu_of_stack(stack), monotonic()
        await procession.run()
        after, took = cpu_of_stack(stack), monotonic() - began
    spent = {name: after[name] - before[name] - idle[name] * took for name in idle}
    spent["postgres"] -= found.while_waiting
    request = median(s for all_ in procession.timed.seconds.values() for s in all_)
    cost = Cost(request * 1000, {name: round(used * 1000 / sample, 1) for name, used in spent.items()})
    print(cost, flush=True)
    return cost, rows


async def _at_rest(stack: Stack) -> dict[str, float]:
    """CPU seconds a second of each part while nothing is asked."""
    before = cpu_of_stack(stack)
    await asyncio.sleep(AT_REST)
    after = cpu_of_stack(stack)
    return {name: (after[name] - before[name]) / AT_REST for name in before if name not in NOT_OF_A_CASE}


async def _fill(stack: Stack, seed: str, cases: int, into: str) -> int:
    """Every store, with the services stopped; returns how many rows they hold then."""
    rows = 0
    quiet_services(stack)
    for store in STORES:
        began = monotonic()
        dsn = stack.postgres.url(store).replace("+asyncpg", "")
        rows += (here := await multiply(dsn, seed, cases, into))
        print(f"{store}: {here:,} rows, {monotonic() - began:.0f} s for {cases:,} cases", flush=True)
    for name in PROCESSES:
        stack.start_service(name)
    await asyncio.to_thread(stack.wait_until_ready, 300)
    return rows


def _one_load(index: int) -> Case:
    return Case(index, [Load(1)], False, 8400)
