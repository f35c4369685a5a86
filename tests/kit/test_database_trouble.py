"""Rule 6: what is retried, what an operator cures, what is a defect, told from real errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pic_kit import sqlite_connection
from pic_kit.database import Conflict, Database, Unavailable, is_transient, is_unavailable, worth_retrying

RETRY, AWAY, DEFECT = "retry", "away", "defect"


def verdict(error: BaseException) -> str:
    kinds = [kind for kind, told in ((RETRY, worth_retrying), (AWAY, is_unavailable)) if told(error)]
    assert len(kinds) <= 1
    return kinds[0] if kinds else DEFECT


async def failure(database: Database, *statements: str) -> BaseException:
    with pytest.raises(DBAPIError) as caught:  # noqa: PT012
        async with database.writing() as connection:
            for statement in statements:
                await connection.execute(text(statement))
    return caught.value


STATES = [
    ("40001", RETRY, "serialisation failure"),
    ("40P01", RETRY, "deadlock"),
    ("55P03", RETRY, "lock not available"),
    ("23505", RETRY, "a rival inserted the same key"),
    ("53100", AWAY, "disk full"),
    ("53300", AWAY, "too many connections"),
    ("57P01", AWAY, "administrator shuts the server down"),
    ("57P03", AWAY, "server is starting"),
    ("57014", AWAY, "statement timeout"),
    ("58030", AWAY, "input/output error"),
    ("08006", AWAY, "connection failure"),
    ("25006", AWAY, "read-only after a fail-over"),
    ("XX000", AWAY, "internal error"),
    ("22001", DEFECT, "text too long"),
    ("22P02", DEFECT, "not a number"),
    ("42P01", DEFECT, "no such table"),
    ("P0001", DEFECT, "raised by a function"),
]


@pytest.mark.postgres
@pytest.mark.parametrize(("state", "expected", "what"), STATES, ids=[f"{s}-{w}" for s, _, w in STATES])
async def test_every_state_of_postgresql_has_its_verdict(
    postgres_trouble: Database, state: str, expected: str, what: str
) -> None:
    error = await failure(
        postgres_trouble, f"DO $$ BEGIN RAISE EXCEPTION '{what}' USING ERRCODE = '{state}'; END $$"
    )
    assert verdict(error) == expected


@pytest.fixture
async def postgres_trouble(postgres_url: str):  # type: ignore[no-untyped-def]
    database = Database(postgres_url)
    yield database
    await database.close()


@pytest.mark.postgres
async def test_a_cut_connection_is_unavailable_and_the_next_one_works(
    postgres_trouble: Database,
) -> None:
    error = await failure(postgres_trouble, "SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 1")
    assert verdict(error) == AWAY
    async with postgres_trouble.reading() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1


@pytest.mark.postgres
async def test_a_value_that_the_driver_refuses_is_a_defect_not_an_outage(postgres_trouble: Database) -> None:
    with pytest.raises(DBAPIError) as caught:
        async with postgres_trouble.writing() as connection:
            await connection.execute(text("SELECT CAST(:x AS integer)"), {"x": "no number"})
    assert verdict(caught.value) == DEFECT


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    database = Database("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(OSError) as caught:  # noqa: PT011 - the driver does not wrap it
        async with database.reading():
            pass
    assert verdict(caught.value) == AWAY
    await database.close()


async def test_a_full_disk_is_unavailable_on_a_laptop_too(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'full.sqlite3'}")
    error = await failure(
        database,
        "PRAGMA max_page_count = 4",
        "CREATE TABLE load AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 900)"
        " SELECT zeroblob(1000) AS body FROM n",
    )
    assert verdict(error) == AWAY
    await database.close()


async def test_a_mistake_in_a_statement_is_a_defect_on_a_laptop_too(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'x.sqlite3'}")
    assert verdict(await failure(database, "SELECT * FROM nothing")) == DEFECT
    await database.close()


async def test_a_busy_file_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_connection, "PATIENCE", 20)
    url = f"sqlite+aiosqlite:///{tmp_path / 'busy.sqlite3'}"
    holder, other = Database(url), Database(url)
    async with holder.writing():
        assert verdict(await failure(other, "SELECT 1")) == RETRY
    await holder.close()
    await other.close()


def test_a_broken_constraint_is_tried_again_but_not_for_ever() -> None:
    assert verdict(Conflict("changed")) == RETRY
    assert is_transient(Conflict("changed"))
    assert verdict(Unavailable("disk")) == AWAY
    assert verdict(ValueError("a defect")) == DEFECT
    assert not is_transient(ValueError("a defect"))
