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


@dataclass(frozen=True, slots=True)
class Cost:
    """Of the cases that were played in a world: the median request, and the CPU of all services a case."""

    request_ms: float
    case_cpu_ms: float


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
        procession = Procession(found, [_one_load(n) for n in range(sample)], at_once=2)
        # The database is then asked whether all of the world is quiet, which is not what a case costs.
        found.meter = lambda: postgres_cpu(stack)
        before = cpu_of_stack(stack)
        await procession.run()
        after = cpu_of_stack(stack)
    used = sum(after[name] - before[name] for name in before if name != "the load itself")
    used -= found.while_moving
    request = median(s for all_ in procession.timed.seconds.values() for s in all_)
    cost = Cost(request * 1000, used * 1000 / sample)
    print(cost, flush=True)
    return cost, rows


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
