"""What a case costs in a world of many: rows are multiplied in the stores, cases are played beside them."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from statistics import median
from time import monotonic
from typing import Any

import asyncpg

from bench.ground import cpu_of_stack, harbour, own_stack, postgres_cpu
from bench.load import Case, Load, Procession
from bench.scans import listening, scanning
from pic_exchange.stack import STORES, Stack

FEW = 1_000
A_PIECE = 20_000
# Columns that name one row apart from others, told by type of column or by what else they are.
NAMES = ("case_id", "event_id", "timer_id", "declaration_id", "key", "ucr")
LEFT = ("orders", "clients", "keys", "worlds", "number_series", "act_books", "acts", "casts", "sampling")
# What counts up to "quiet": a copy has as many as the case that it was made from.
COUNTED = ("streams", "heard")
ROWS_A_COPY = 3
BYTES_A_CASE = 25_000
SERIAL = ("seq", "id")
# The columns of each unique index, the last of them last.
UNIQUE = """
SELECT c.relname AS table_name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace s ON s.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey::int[])
WHERE i.indisunique AND s.nspname = 'public' GROUP BY c.relname, i.indexrelid
"""


def copied(table: str, columns: dict[str, str], world: str, into: str, first: int, last: int) -> str:
    """INSERT that adds a copy of a world's rows for each number to a world: other names, shorter documents.

    Copies are what a store holds and no command reads: timers that fired, messages that were published.
    """
    values = {name: _copy_of(name, kind, into) for name, kind in columns.items() if name not in SERIAL}
    values["world"] = f"'{into}'"
    listed = ", ".join(f'"{name}"' for name in values)
    few = "" if table in COUNTED else f" LIMIT {ROWS_A_COPY}"
    return (
        f"INSERT INTO {table} ({listed}) SELECT {', '.join(values.values())} "
        f"FROM {table} AS t, generate_series({first}, {last}) AS n WHERE t.world = '{world}' "
        f"AND t.ctid IN (SELECT ctid FROM {table} WHERE world = '{world}'{few})"
    )


def _copy_of(name: str, kind: str, into: str) -> str:
    column = f't."{name}"'
    if kind == "named":
        return f"md5({column} || '{into}:' || n)"
    if name in NAMES:
        return f"md5({column} || '{into}:' || n)::uuid::text"
    special = {
        "number": f"left(md5({column} || '{into}:' || n), 18)",
        # Before everything that the log holds; two copies at one place are as good as impossible.
        "log_offset": "-(random() * 9e17)::bigint",
        "doc": f"left({column}, 400)",
        "event": f"left({column}, 400)",
        "body": f"left({column}, 100)",
        "published_at": "now()",
        "status": "'fired'" if kind != "integer" else column,
    }
    return column if kind == "bytea" else special.get(name, column)


async def multiply(dsn: str, world: str, copies: int, into: str | None = None) -> int:
    """Copies of every table of a store that has worlds; returns how many rows it has then."""
    connection = await asyncpg.connect(dsn)
    try:
        # Into another world: what is added there is not copied again.
        tables = await _tables(connection)
        await connection.execute("SET synchronous_commit = off")
        rows = 0
        for table, columns in tables.items():
            for first in range(1, copies + 1, A_PIECE):
                last = min(copies, first + A_PIECE - 1)
                statement = copied(table, columns, world, into or world, first, last)
                await connection.execute(statement, timeout=3600)
        await connection.execute("VACUUM ANALYZE", timeout=3600)
        for table in tables:
            rows += await connection.fetchval(
                "SELECT reltuples::bigint FROM pg_class WHERE oid = $1::text::regclass", table
            )
        return rows
    finally:
        await connection.close()


async def _tables(connection: asyncpg.Connection) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    query = "SELECT table_name, column_name, data_type FROM information_schema.columns "
    query += "WHERE table_schema = 'public'"
    for table, column, kind in await connection.fetch(query):
        found.setdefault(table, {})[column] = kind
    apart = {*NAMES, *SERIAL, "number", "log_offset"}
    for row in await connection.fetch(UNIQUE):
        # A key of another name is still a key: its last text tells the copies apart.
        columns = found.get(row["table_name"], {})
        texts = [name for name in row["columns"] if columns.get(name) in ("character varying", "text")]
        if texts and not apart & set(row["columns"]):
            columns[texts[-1]] = "named"
    return {name: columns for name, columns in found.items() if "world" in columns and name not in LEFT}


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
        rows = 0
        for store in STORES:
            began = monotonic()
            dsn = stack.postgres.url(store).replace("+asyncpg", "")
            rows += (here := await multiply(dsn, seed, cases, found.world.id))
            print(f"{store}: {here:,} rows, {monotonic() - began:.0f} s for {cases:,} cases", flush=True)
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


def _one_load(index: int) -> Case:
    return Case(index, [Load(1)], False, 8400)
