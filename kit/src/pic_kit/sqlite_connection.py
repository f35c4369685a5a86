"""A SQLite connection that answers in the event loop, and waits in its thread only where it may block."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiosqlite import Connection

BEGIN, COMMIT = "BEGIN IMMEDIATE", "COMMIT"
PATIENCE = 10_000  # milliseconds that it waits for another process's lock


class PromptConnection(Connection):
    """aiosqlite hands every call to a thread, a cursor's `close` too: six hand-overs for one statement.

    One of them costs more than what SQLite does meanwhile; a step of a scenario took 900.
    """

    _sent = _done = 0
    """Calls handed to the thread, counted by the loop; calls it has ended, counted by the thread."""

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        if self._running and self._connection and self._sent == self._done:
            if _is(BEGIN, args):
                # Nobody else writes to a laptop's file, or hardly ever.
                if self._begun_at_once(fn, args, kwargs):
                    return None
            elif not _waits_for_the_disk(fn, args):
                return fn(*args, **kwargs)
        # A cancelled request leaves its COMMIT running in the thread: to roll back or close in the loop
        # meanwhile would free what that thread still uses, and end the process.
        self._sent += 1
        return await super()._execute(self._in_thread, fn, args, kwargs)  # type: ignore[no-untyped-call]

    async def run(self, text: str, values: Any, *, many: bool = False) -> tuple[list[Any], int]:
        """One statement: its rows, and how many it changed."""

        def execute() -> tuple[list[Any], int]:
            cursor = (self._conn.executemany if many else self._conn.execute)(text, values)
            return cursor.fetchall(), cursor.rowcount

        found: tuple[list[Any], int] = await self._execute(execute)
        return found

    def _begun_at_once(self, fn: Any, args: Any, kwargs: Any) -> bool:
        """False when another process holds the lock: to wait for it is the thread's work."""
        self._conn.execute("PRAGMA busy_timeout=0")
        try:
            fn(*args, **kwargs)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        finally:
            self._conn.execute(f"PRAGMA busy_timeout={PATIENCE}")
        return True

    def _in_thread(self, fn: Any, args: Any, kwargs: Any) -> Any:
        try:
            return fn(*args, **kwargs)
        finally:
            self._done += 1


def _is(statement: str, args: tuple[Any, ...]) -> bool:
    return bool(args) and isinstance(args[0], str) and args[0].startswith(statement)


def _waits_for_the_disk(function: Callable[..., Any], args: tuple[Any, ...]) -> bool:
    return _is(COMMIT, args) or getattr(function, "__name__", "") == "commit"


def connect(database: str | Path, **options: Any) -> PromptConnection:
    """What `aiosqlite.connect` does, with a connection of this kind."""
    connection = PromptConnection(lambda: sqlite3.connect(database, **options), 64)
    # An abandoned connection must not keep the process alive.
    connection._thread.daemon = True
    return connection
