"""A connection that died is replaced before anybody meets it, and what lives is not asked each time."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from pic_kit import database as database_module
from pic_kit.database import Database
from tests.support.tiny_exchange.exchange import eventually

pytestmark = pytest.mark.postgres
PING = "sqlalchemy.dialects.postgresql.asyncpg.AsyncAdapt_asyncpg_connection._async_ping"


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    found = Database(postgres_url, pool_size=2)
    yield found
    await found.close()


async def one(database: Database, question: str) -> object:
    async with database.writing() as connection:
        return (await connection.execute(text(question))).scalar_one()


async def kill(database: Database, victim: object) -> None:
    """As an administrator or a restart of the server would."""
    other = Database(str(database.url.render_as_string(hide_password=False)), pool_size=1)
    await one(other, f"SELECT pg_terminate_backend({victim})")
    await other.close()


async def test_a_connection_that_the_server_closed_is_replaced_without_an_error(database: Database) -> None:
    async with database.writing() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
    victim = await one(database, "SELECT pg_backend_pid()")
    await kill(database, victim)
    await eventually(raw.is_closed)
    assert await one(database, "SELECT pg_backend_pid()") != victim


async def test_after_a_silence_the_server_is_asked_and_one_that_is_mute_replaced(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    mute = await one(database, "SELECT pg_backend_pid()")

    async def no_answer(*_: object) -> None:
        raise OSError("no answer")

    monkeypatch.setattr(database_module, "SILENCE", -1.0)
    monkeypatch.setattr(PING, no_answer)
    assert await one(database, "SELECT pg_backend_pid()") != mute


async def test_a_connection_that_was_used_just_now_is_not_asked(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await one(database, "SELECT 1")

    async def asked(*_: object) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr(PING, asked)
    assert await one(database, "SELECT 1") == 1
