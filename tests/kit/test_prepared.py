"""Statements that are compiled once: the same values and errors as with the library's own execution."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, String, Table, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from pic_kit.database import Database, UtcDateTime, service_metadata, worth_retrying
from pic_kit.prepared import Prepared
from pic_kit.sheaf import Sheaf
from tests.kit.conftest import LAPTOP, POSTGRES

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
metadata = service_metadata()
THINGS = Table(
    "things",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("at", UtcDateTime, nullable=True),
    Column("done", Boolean, nullable=False),
)
ADD = Prepared(insert(THINGS), values=("name", "at", "done"))
FIND = Prepared(select(THINGS.c.at, THINGS.c.done).where(THINGS.c.name == bindparam("which")))
FINISH = Prepared(update(THINGS).where(THINGS.c.name == bindparam("which")).values(done=True))

_ADD_TOLD = Prepared(insert(THINGS).returning(*THINGS.c), values=("name", "at", "done"))


@pytest.fixture(params=[LAPTOP, POSTGRES])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'things.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres").fresh_database()
    made = Database(url)
    async with made.writing() as connection:
        await connection.run_sync(metadata.create_all)
    yield made
    await made.close()


def thing(name: str) -> dict[str, Any]:
    return {"name": name, "at": NOON, "done": False}


async def test_values_go_in_and_come_out_as_their_columns_say(database: Database) -> None:
    async with database.writing() as connection:
        await ADD.change_many(connection, [thing("first"), thing("second")])
        assert await FINISH.change(connection, which="second") == 1
        assert await FINISH.change(connection, which="third") == 0
    async with database.looking() as connection:
        found = await FIND.one(connection, which="second")
        assert found is not None
        assert (found.at, found.done) == (NOON, True)
        assert await FIND.one(connection, which="third") is None


async def test_a_broken_constraint_is_told_as_the_library_tells_it(database: Database) -> None:
    async def add_twice() -> None:
        async with database.writing() as connection:
            await ADD.change(connection, **thing("twice"))
            await ADD.change(connection, **thing("twice"))

    with pytest.raises(IntegrityError) as told:
        await add_twice()
    assert worth_retrying(told.value)
    async with database.looking() as connection:
        assert await FIND.rows(connection, which="twice") == []


async def test_what_is_read_in_one_transaction_is_of_one_moment(database: Database) -> None:
    async with database.reading() as reader:
        assert await FIND.rows(reader, which="late") == []
        async with database.writing() as writer:
            await ADD.change(writer, **thing("late"))
        assert await FIND.rows(reader, which="late") == []


async def test_writes_that_travel_together_tell_each_what_it_changed(database: Database) -> None:
    told: list[int] = []
    async with database.writing() as connection:
        sheaf = Sheaf(connection)
        await sheaf.write(ADD, {"name": "first", "at": NOON, "done": False}, told.append)
        await sheaf.write(FINISH, {"which": "nobody"}, told.append)
        (row,) = await sheaf.rows(_ADD_TOLD, name="second", at=None, done=True)
        await sheaf.insert(THINGS, [{"name": name, "at": NOON, "done": False} for name in ("a", "b")])
        await sheaf.send()
        await sheaf.send()
    assert (row.name, row.done) == ("second", True)
    assert told == [1, 0]
    async with database.looking() as connection:
        assert [bool(await FIND.rows(connection, which=name)) for name in ("first", "second", "b")] == [
            True
        ] * 3


async def test_of_writes_that_travel_together_all_stand_or_none(database: Database) -> None:
    with pytest.raises(IntegrityError) as refused:
        await _add_twice(database)
    assert worth_retrying(refused.value)
    async with database.looking() as connection:
        assert await FIND.rows(connection, which="first") == []


async def _add_twice(database: Database) -> None:
    async with database.writing() as connection:
        sheaf = Sheaf(connection)
        await sheaf.write(ADD, {"name": "first", "at": NOON, "done": False})
        await sheaf.insert(THINGS, [{"name": "twice", "at": None, "done": True}] * 2)
        await sheaf.send()
