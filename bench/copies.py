"""Rows of one world multiplied into another: what a store looks like after years, without playing them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import asyncpg

A_PIECE = 100_000
# Columns that name one row apart from others, told by type of column or by what else they are.
NAMES = ("case_id", "event_id", "timer_id", "declaration_id", "key", "ucr")
LEFT = ("orders", "clients", "keys", "worlds", "number_series", "act_books", "acts", "casts", "sampling")
# What counts up to "quiet", by producer: of each copy one producer's, in every store the same.
COUNTED = ("streams", "heard")
PRODUCER = "/notifier/CA"
SERIAL = ("seq", "id")
# The columns of each unique index, the last of them last.
UNIQUE = """
SELECT c.relname AS table_name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace s ON s.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey::int[])
WHERE i.indisunique AND s.nspname = 'public' GROUP BY c.relname, i.indexrelid
"""
CONSTRAINTS = """
SELECT c.relname AS place, k.conname AS name, pg_get_constraintdef(k.oid) AS definition
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE k.contype IN ('p', 'u') AND c.relname = ANY ($1::text[])
"""
INDEXES = (
    "SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = ANY ($1::text[])"
)


def copied(table: str, columns: dict[str, str], world: str, into: str, first: int, last: int) -> str:
    """INSERT that adds a copy of a world's rows for each number to a world: other names, shorter documents.

    Copies are what a store holds and no command reads: timers that fired, messages that were published.
    """
    values = {name: _copy_of(name, kind, into) for name, kind in columns.items() if name not in SERIAL}
    values["world"] = f"'{into}'"
    listed = ", ".join(f'"{name}"' for name in values)
    one = f" AND source = '{PRODUCER}'" if table in COUNTED else " LIMIT 1"
    return (
        f"INSERT INTO {table} ({listed}) SELECT {', '.join(values.values())} "
        f"FROM {table} AS t, generate_series({first}, {last}) AS n WHERE t.world = '{world}' "
        f"AND t.ctid IN (SELECT ctid FROM {table} WHERE world = '{world}'{one})"
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
    """Copies of a row of every table of a store that has worlds; returns how many rows it has then.

    Nothing else may use the store meanwhile: its indexes are made again when the rows are in.
    """
    connection = await asyncpg.connect(dsn)
    try:
        tables = await _tables(connection)
        await connection.execute("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'")
        async with _without_indexes(connection, tables):
            for table, columns in tables.items():
                for first in range(1, copies + 1, A_PIECE):
                    last = min(copies, first + A_PIECE - 1)
                    statement = copied(table, columns, world, into or world, first, last)
                    await connection.execute(statement, timeout=3600)
        await connection.execute("VACUUM ANALYZE", timeout=3600)
        await connection.execute("CHECKPOINT", timeout=3600)  # else it is written while cases are timed
        size = "SELECT reltuples::bigint FROM pg_class WHERE oid = $1::text::regclass"
        return sum([await connection.fetchval(size, table) for table in tables])
    finally:
        await connection.close()


@asynccontextmanager
async def _without_indexes(connection: asyncpg.Connection, tables: Iterable[str]) -> AsyncIterator[None]:
    """To sort many keys once is several times quicker than to find a place for each."""
    constraints = await connection.fetch(CONSTRAINTS, list(tables))
    for each in constraints:
        await connection.execute(f'ALTER TABLE "{each["place"]}" DROP CONSTRAINT "{each["name"]}"')
    indexes = await connection.fetch(INDEXES, list(tables))
    for each in indexes:
        await connection.execute(f'DROP INDEX "{each["name"]}"')
    yield
    for each in indexes:
        await connection.execute(each["definition"], timeout=3600)
    for each in constraints:
        added = f'ALTER TABLE "{each["place"]}" ADD CONSTRAINT "{each["name"]}" {each["definition"]}'
        await connection.execute(added, timeout=3600)


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
