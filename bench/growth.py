"""What a case costs when many are stored: rows are multiplied in the databases, the procedure is timed."""

from __future__ import annotations

import asyncio
from statistics import median
from time import monotonic
from typing import Any

import asyncpg

from bench.ground import Harbour, harbour, own_stack
from bench.load import Case, Load, Procession
from pic_exchange.stack import STORES, Stack

FEW = 1_000
A_PIECE = 20_000
# Columns that name one row apart from others, told by type of column or by what else they are.
NAMES = ("case_id", "event_id", "timer_id", "declaration_id", "key", "ucr")
LEFT = ("orders", "clients", "keys", "entry_codes", "about", "worlds", "alembic_version", "number_series")


SERIAL = ("seq", "id")
# The columns of each unique index, the last of them last.
UNIQUE = """
SELECT c.relname AS table_name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace s ON s.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey::int[])
WHERE i.indisunique AND s.nspname = 'public' GROUP BY c.relname, i.indexrelid
"""


def copied(table: str, columns: dict[str, str], world: str, first: int, last: int) -> str:
    """INSERT that adds a copy of the world's rows for each number: other names, shorter documents.

    Copies are what a store holds and no command reads: timers that fired, messages that were published.
    """
    values = {name: _copy_of(name, kind) for name, kind in columns.items() if name not in SERIAL}
    listed = ", ".join(f'"{name}"' for name in values)
    return (
        f"INSERT INTO {table} ({listed}) SELECT {', '.join(values.values())} "
        f"FROM {table} AS t, generate_series({first}, {last}) AS n WHERE t.world = '{world}' "
        f"AND t.ctid IN (SELECT ctid FROM {table} WHERE world = '{world}' LIMIT 3)"
    )


def _copy_of(name: str, kind: str) -> str:
    column = f't."{name}"'
    if kind == "named":
        return f"md5({column} || ':' || n)"
    if name in NAMES:
        return f"md5({column} || ':' || n)::uuid::text"
    special = {
        "number": f"left(md5({column} || ':' || n), 18)",
        # Before everything that the log holds; two copies at one place are as good as impossible.
        "log_offset": "-(random() * 9e17)::bigint",
        "doc": f"left({column}, 400)",
        "event": f"left({column}, 400)",
        "body": f"left({column}, 100)",
        "published_at": "now()",
        "status": "'fired'" if kind != "integer" else column,
    }
    return column if kind == "bytea" else special.get(name, column)


async def multiply(dsn: str, world: str, copies: int, beyond: int = 0) -> int:
    """Every table of a store that has worlds; returns how many rows it has then."""
    connection = await asyncpg.connect(dsn)
    try:
        rows = 0
        for table, columns in (await _tables(connection)).items():
            for first in range(beyond + 1, copies + 1, A_PIECE):
                last = min(copies, first + A_PIECE - 1)
                await connection.execute(copied(table, columns, world, first, last), timeout=3600)
            rows += await connection.fetchval(f"SELECT count(*) FROM {table}")
        await connection.execute("VACUUM ANALYZE", timeout=3600)
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


def growth(cases: int, sample: int = 30) -> dict[str, Any]:
    """The median request of a case's whole life, with a thousand cases stored and with many."""
    with own_stack() as stack:
        return asyncio.run(_grown(stack, cases, sample))


async def _grown(stack: Stack, cases: int, sample: int) -> dict[str, Any]:
    async with harbour(stack, "seed") as seed:
        await Procession(seed, [_one_load(0)]).run()
        await _multiply_all(stack, seed, FEW)
        few = await _cost(stack, "few", sample)
        rows = await _multiply_all(stack, seed, cases, beyond=FEW)
        many = await _cost(stack, "many", sample)
    return {
        "few": FEW,
        "many": cases,
        "rows": rows,
        "cost_few_ms": round(few, 2),
        "cost_many_ms": round(many, 2),
        "ratio": round(many / few, 3),
    }


async def _multiply_all(stack: Stack, seed: Harbour, copies: int, beyond: int = 0) -> int:
    rows = 0
    for store in STORES:
        began = monotonic()
        dsn = stack.postgres.url(store).replace("+asyncpg", "")
        rows += (here := await multiply(dsn, seed.world.id, copies, beyond))
        print(f"{store}: {here:,} rows, {monotonic() - began:.0f} s for the new ones", flush=True)
    return rows


async def _cost(stack: Stack, label: str, sample: int) -> float:
    """Milliseconds of the median request, over every request of `sample` cases; the first five warm up."""
    async with harbour(stack, label) as found:
        await Procession(found, [_one_load(n) for n in range(5)], at_once=2).run()
    async with harbour(stack, f"{label} timed") as found:
        procession = Procession(found, [_one_load(n) for n in range(sample)], at_once=2)
        await procession.run()
    return median(s for all_ in procession.timed.seconds.values() for s in all_) * 1000


def _one_load(index: int) -> Case:
    return Case(index, [Load(1)], False, 8400)
