"""A connection of a laptop's file is kept for the next transaction, and nothing of the last one with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from pic_kit.database import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    found = Database(f"sqlite+aiosqlite:///{tmp_path / 'kept.sqlite3'}")
    async with found.writing() as connection:
        await connection.execute(text("CREATE TABLE notes (note TEXT PRIMARY KEY)"))
    yield found
    await found.close()


async def note(database: Database, what: str, error: BaseException | None = None) -> None:
    async with database.writing() as connection:
        await connection.execute(text("INSERT INTO notes VALUES (:note)"), {"note": what})
        if error is not None:
            raise error


async def note_all(database: Database, *all_of_it: str) -> None:
    async with database.writing() as connection:
        for what in all_of_it:
            await connection.execute(text("INSERT INTO notes VALUES (:note)"), {"note": what})


async def notes(database: Database) -> list[str]:
    async with database.reading() as connection:
        return [row.note for row in await connection.execute(text("SELECT note FROM notes ORDER BY note"))]


async def test_what_ends_in_an_error_is_undone_and_the_next_transaction_stands(database: Database) -> None:
    with pytest.raises(LookupError):
        await note(database, "undone", LookupError())
    await note(database, "kept")
    assert await notes(database) == ["kept"]


async def test_a_statement_that_fails_undoes_its_whole_transaction(database: Database) -> None:
    await note(database, "there before")
    with pytest.raises(IntegrityError):
        await note_all(database, "undone", "there before")
    assert await notes(database) == ["there before"]


async def test_what_is_cancelled_is_undone_before_the_next_begins(database: Database) -> None:
    begun, never = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        async with database.writing() as connection:
            await connection.execute(text("INSERT INTO notes VALUES ('undone')"))
            begun.set()
            await never.wait()

    working = asyncio.create_task(work())
    await begun.wait()
    following = asyncio.create_task(note(database, "kept"))
    working.cancel()
    await following
    assert await notes(database) == ["kept"]
    assert database.connections_in_use() == 0


async def test_a_reader_sees_one_moment_and_the_next_one_what_was_written_since(database: Database) -> None:
    async with database.reading() as connection:
        count = text("SELECT count(*) FROM notes")
        assert (await connection.execute(count)).scalar_one() == 0
        await note(database, "meanwhile")
        assert (await connection.execute(count)).scalar_one() == 0
    assert await notes(database) == ["meanwhile"]


async def test_a_second_writer_waits_for_its_turn(database: Database) -> None:
    await asyncio.gather(*(note(database, f"{number}") for number in range(5)))
    assert await notes(database) == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("lasting", [True, False])
async def test_only_what_shall_last_waits_for_the_disk(tmp_path: Path, lasting: bool) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'some.sqlite3'}", lasting=lasting)
    async with database.writing() as connection:
        found = (await connection.execute(text("PRAGMA synchronous"))).scalar_one()
    await database.close()
    assert found == (2 if lasting else 0)
