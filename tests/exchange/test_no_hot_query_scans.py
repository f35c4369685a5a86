"""Every statement of a case's life finds its rows by an index: EXPLAIN says so, on stores that hold many."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Engine, make_url
from sqlalchemy.event import listen, remove

from bench.growth import multiply
from pic_exchange.demo import own_exchange
from pic_exchange.migrating import CHAINS
from pic_replay.exchange import Exchange
from pic_replay.runner import Runner
from pic_replay.scenario import load_scenario
from tests.support.exchanges import SECRET, scenario_path
from tests.support.postgres import Postgres

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
COPIES = 3_000
MANY = 1_000  # below, to read all is the quickest way, as in the outbox of a service that says little
# Asked of a whole world on purpose, not by a case: digest, an observer's list, how much was said.
OF_A_WORLD = (
    "GROUP BY",
    "ORDER BY cases.opened_at",
    "ORDER BY events.time",
    "WHERE cases.world = $1::VARCHAR ORDER BY cases.world, cases.case_id",
)
Statements = dict[str, set[str]]


@contextmanager
def statements() -> Iterator[Statements]:
    """By database, whatever its engine sends."""
    seen: Statements = {}

    def note(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.setdefault(connection.engine.url.database, set()).add(statement)

    listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        remove(Engine, "before_cursor_execute", note)


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


async def scans_of(dsn: str, statement: str) -> set[str]:
    """By the generic plan, which serves whatever values are sent."""
    connection = await asyncpg.connect(dsn)
    try:
        numbers = {int(number) for number in re.findall(r"\$(\d+)", statement)}
        values = f"({', '.join(['NULL'] * len(numbers))})" if numbers else ""
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE asked AS {statement}")
        found = await connection.fetch(f"EXPLAIN (FORMAT JSON) EXECUTE asked{values}")
        tables = set(scanned(json.loads(found[0][0])[0]["Plan"]))
        return {each for each in tables if await _rows(connection, each.partition(",")[0]) >= MANY}
    finally:
        await connection.close()


async def _rows(connection: asyncpg.Connection, table: str) -> int:
    return int(await connection.fetchval(f"SELECT count(*) FROM {table}"))


async def test_a_scan_would_be_seen(postgres: Postgres) -> None:
    dsn = postgres.fresh_database().replace("+asyncpg", "")
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE TABLE many AS SELECT n AS id FROM generate_series(1, 5000) n")
    await connection.close()
    assert await scans_of(dsn, "SELECT * FROM many WHERE id = $1::integer") == {"many"}


async def test_no_statement_in_the_life_of_a_case_scans_a_table(tmp_path: Path, postgres: Postgres) -> None:
    urls = {store: postgres.fresh_database() for store in CHAINS}
    variables = {f"PIC_{store.upper().replace('-', '_')}_DATABASE_URL": url for store, url in urls.items()}
    scenario = load_scenario(scenario_path("s01-single-shipment"))
    async with (
        own_exchange(tmp_path, secret=SECRET, servers=variables) as url,
        Exchange(url, SECRET) as exchange,
    ):
        first = await Runner(exchange, scenario).play()
        assert first.failures == []
        for store in urls.values():
            await multiply(store.replace("+asyncpg", ""), first.world, COPIES)
        with statements() as seen:
            assert (await Runner(exchange, scenario).play()).failures == []
    databases = {make_url(url).database: url for url in urls.values()}
    wrong = []
    for database, sent in seen.items():
        dsn = databases[database].replace("+asyncpg", "")
        for statement in sorted(filter(explainable, sent)):
            tables = await scans_of(dsn, statement)
            if tables and not any(part in statement for part in OF_A_WORLD):
                wrong.append(f"{tables}: {statement}")
    assert not wrong, "\n\n".join(wrong)
    assert sum(len(sent) for sent in seen.values()) > 50
