"""Which statements read a whole table, or all of a world: EXPLAIN tells, and the server what was asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import asyncpg

from pic_exchange.stack import Stack

MANY = 1_000  # below, to read all is the quickest way, as in the outbox of a service that says little
# Asked of a whole world on purpose, not by a case: digest, an observer's list, how much was said.
OF_A_WORLD = (
    "GROUP BY",
    "ORDER BY cases.opened_at",
    "ORDER BY events.time",
    "WHERE cases.world = $1::VARCHAR ORDER BY cases.world, cases.case_id",
)
PREFIX = "pic-bench|%d|"
_SAID = re.compile(r"^pic-bench\|(?P<database>\w*)\|(LOG:  (execute [^:]*|statement): )?(?P<text>.*)$")


def explainable(statement: str) -> bool:
    return statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")) and "pg_" not in statement


def scanned(plan: Any) -> Iterator[str]:
    """The tables of which a plan reads all, or all of a world."""
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    elif re.fullmatch(r"\(\(world\)::text = [^()]*\)", plan.get("Index Cond", "")) and "Filter" in plan:
        yield f"{plan['Relation Name']}, all of the world by {plan['Index Name']}"
    for below in plan.get("Plans", ()):
        yield from scanned(below)


async def scans_of(connection: asyncpg.Connection, statement: str) -> set[str]:
    """By the generic plan, which serves whatever values are sent."""
    numbers = {int(number) for number in re.findall(r"\$(\d+)", statement)}
    values = f"({', '.join(['NULL'] * len(numbers))})" if numbers else ""
    await connection.execute("SET plan_cache_mode = force_generic_plan")
    await connection.execute(f"PREPARE asked AS {statement}")
    try:
        found = await connection.fetch(f"EXPLAIN (FORMAT JSON) EXECUTE asked{values}")
    finally:
        await connection.execute("DEALLOCATE asked")
    tables = set(scanned(json.loads(found[0][0])[0]["Plan"]))
    return {each for each in tables if await _rows(connection, each.partition(",")[0]) >= MANY}


async def _rows(connection: asyncpg.Connection, table: str) -> int:
    """As the planner knows it: the table was analysed after it was filled."""
    found = await connection.fetchval("SELECT reltuples FROM pg_class WHERE oid = $1::text::regclass", table)
    return int(found)


async def scanning(said: Mapping[str, set[str]]) -> list[str]:
    """Those that read too much, with what they read. `said`: statements by the URL of their database."""
    wrong = []
    for url, statements in said.items():
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        try:
            for statement in sorted(filter(explainable, statements)):
                tables = await scans_of(connection, statement)
                if tables and not any(part in statement for part in OF_A_WORLD):
                    wrong.append(f"{sorted(tables)}: {statement}")
        finally:
            await connection.close()
    return wrong


@contextmanager
def listening(stack: Stack) -> Iterator[dict[str, set[str]]]:
    """The server notes every statement meanwhile; known, by database URL, when the block has ended."""
    postgres, log = stack.postgres, stack.folder / "postgres" / "log"
    postgres.psql(f"ALTER SYSTEM SET log_line_prefix = '{PREFIX}'")
    postgres.psql("ALTER SYSTEM SET log_statement = 'all'")
    postgres.psql("SELECT pg_reload_conf()")
    begins = log.stat().st_size
    said: dict[str, set[str]] = {}
    try:
        yield said
    finally:
        postgres.psql("ALTER SYSTEM RESET log_statement")
        postgres.psql("SELECT pg_reload_conf()")
        with log.open(encoding="utf-8", errors="replace") as file:
            file.seek(begins)
            for database, statement in told(file):
                said.setdefault(postgres.url(database), set()).add(statement)


def told(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Database and statement of each entry of a server's log; further lines of one begin with a tab."""
    database, parts = "", list[str]()
    for line in lines:
        if line.startswith("\t"):
            parts.append(line.strip())
            continue
        if database and parts:
            yield database, " ".join(parts)
        found = _SAID.match(line.rstrip("\n"))
        statement = found and found.group(2)
        database = found["database"] if found and statement else ""
        parts = [found["text"]] if found and statement else []
    if database and parts:
        yield database, " ".join(parts)
