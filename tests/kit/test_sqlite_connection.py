"""The connection that answers in the loop, and leaves to its thread what its thread has begun."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from pathlib import Path

from pic_kit.sqlite_connection import connect


async def test_what_cannot_block_is_answered_in_the_loop(tmp_path: Path) -> None:
    connection = await connect(tmp_path / "prompt.db", check_same_thread=False)
    assert await connection._execute(threading.get_ident) == threading.get_ident()
    await connection.close()


async def test_after_a_cancelled_commit_the_connection_belongs_to_its_thread_until_it_ends(
    tmp_path: Path,
) -> None:
    connection = await connect(tmp_path / "prompt.db", check_same_thread=False)
    began, may_end = threading.Event(), threading.Event()

    def commit() -> None:
        began.set()
        may_end.wait(10)

    request = asyncio.create_task(connection._execute(commit))
    await asyncio.to_thread(began.wait, 10)
    request.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await request
    after = asyncio.create_task(connection._execute(threading.get_ident))
    await asyncio.sleep(0)
    may_end.set()
    assert await after != threading.get_ident()
    assert await connection._execute(threading.get_ident) == threading.get_ident()
    await connection.close()


async def test_a_lock_that_another_process_holds_is_waited_for_in_the_thread(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "prompt.db", isolation_level=None, check_same_thread=False)
    connection = await connect(tmp_path / "prompt.db", check_same_thread=False, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    beginning = asyncio.create_task(connection.begin("BEGIN IMMEDIATE"))
    await asyncio.sleep(0)
    assert not beginning.done()
    other.execute("COMMIT")
    await beginning
    with contextlib.suppress(sqlite3.OperationalError):
        other.execute("PRAGMA busy_timeout=0")
        other.execute("BEGIN IMMEDIATE")
        raise AssertionError("the connection does not hold the lock")
    await connection.rollback()
    await connection.close()
    other.close()
