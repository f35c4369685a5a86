"""The ground: PostgreSQL starts here and keeps what it is told."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.support.postgres import Postgres

pytestmark = pytest.mark.postgres


async def test_a_fresh_database_is_empty_and_keeps_what_is_committed(postgres_url: str) -> None:
    engine = create_async_engine(postgres_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE lots (kg integer NOT NULL)"))
        await connection.execute(text("INSERT INTO lots VALUES (24000)"))
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT kg FROM lots"))).scalar_one() == 24_000
    await engine.dispose()


async def test_two_fresh_databases_know_nothing_of_each_other(postgres: Postgres) -> None:
    assert postgres.fresh_database() != postgres.fresh_database()


async def test_an_advisory_lock_is_held_by_one_connection_at_a_time(postgres_url: str) -> None:
    engine = create_async_engine(postgres_url)
    take = text("SELECT pg_try_advisory_lock(1)")
    async with engine.connect() as first, engine.connect() as second:
        assert (await first.execute(take)).scalar_one() is True
        assert (await second.execute(take)).scalar_one() is False
    await engine.dispose()
