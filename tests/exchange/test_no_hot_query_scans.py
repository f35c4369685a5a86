"""Every statement of a case's life finds its rows by an index: EXPLAIN says so, on stores that hold many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Engine, make_url
from sqlalchemy.event import listen, remove

from bench.copies import multiply
from bench.scans import scanning, told
from pic_exchange.demo import own_exchange
from pic_exchange.migrating import CHAINS
from pic_replay.exchange import Exchange
from pic_replay.runner import Runner
from pic_replay.scenario import load_scenario
from tests.support.exchanges import SECRET, scenario_path
from tests.support.postgres import Postgres

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
COPIES = 3_000
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


async def test_a_scan_would_be_seen(postgres: Postgres) -> None:
    url = postgres.fresh_database()
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute("CREATE TABLE many AS SELECT n AS id FROM generate_series(1, 5000) n")
    await connection.execute("ANALYZE")
    await connection.close()
    asked = "SELECT * FROM many WHERE id = $1::integer"
    assert await scanning({url: {asked}}) == [f"['many']: {asked}"]


def test_what_the_server_notes_is_read_statement_by_statement() -> None:
    log = [
        "pic-bench|notifier|LOG:  execute __asyncpg_stmt_1__: SELECT a\n",
        "\tFROM b WHERE c = $1\n",
        "pic-bench|notifier|DETAIL:  Parameters: $1 = 'LOG:  statement: SELECT lies'\n",
        "pic-bench|window|LOG:  statement: BEGIN;\n",
        "pic-bench||LOG:  checkpoint starting: time\n",
    ]
    assert list(told(iter(log))) == [("notifier", "SELECT a FROM b WHERE c = $1"), ("window", "BEGIN;")]


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
    wrong = await scanning({databases[database]: sent for database, sent in seen.items()})
    assert not wrong, "\n\n".join(wrong)
    assert sum(len(sent) for sent in seen.values()) > 50
