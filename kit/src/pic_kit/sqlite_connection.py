"""A SQLite connection that answers in the event loop, and waits in its thread only where it may block."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiosqlite import Connection

WRITE = "BEGIN IMMEDIATE"
# The first waits for another process's lock, the second for the disk.
MAY_BLOCK = (WRITE, "COMMIT")
PATIENCE = 10_000  # milliseconds that it waits for another process's lock


class PromptConnection(Connection):
    """aiosqlite hands every call to a thread, a cursor's `close` too: six hand-overs for one statement.

    One of them costs more than what SQLite does meanwhile; a step of a scenario took 900.
    """

    lasting = True
    """Whether a COMMIT waits for the disk."""
    _sent = _done = 0
    """Calls handed to the thread, counted by the loop; calls it has ended, counted by the thread."""
    _patient = True

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        if self._idle and not (self.lasting and _may_block(fn, args)):
            return fn(*args, **kwargs)
        return await self._handed_over(fn, *args, **kwargs)

    async def _handed_over(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        # A cancelled request leaves its COMMIT running in the thread: to roll back or close in the loop
        # meanwhile would free what that thread still uses, and end the process.
        self._sent += 1
        return await super()._execute(self._in_thread, fn, args, kwargs)  # type: ignore[no-untyped-call]

    @property
    def _idle(self) -> bool:
        return bool(self._running and self._connection and self._sent == self._done)

    async def begin(self, how: str) -> None:
        """Hardly ever does another process hold the lock of a laptop's file; its thread waits for that."""
        if not (self._idle and self._begun_at_once(how)):
            await self._handed_over(self._begun_patiently, how)

    async def run(self, text: str, values: Any, *, many: bool = False) -> tuple[list[Any], int]:
        """One statement: its rows, and how many it changed."""

        def execute() -> tuple[list[Any], int]:
            cursor = (self._conn.executemany if many else self._conn.execute)(text, values)
            return cursor.fetchall(), cursor.rowcount

        found: tuple[list[Any], int] = await self._execute(execute)
        return found

    def _begun_at_once(self, how: str) -> bool:
        """False when another process holds the lock."""
        try:
            self._wait(patiently=how != WRITE)
            self._conn.execute(how)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        return True

    def _begun_patiently(self, how: str) -> None:
        self._wait(patiently=True)
        self._conn.execute(how)

    def _wait(self, *, patiently: bool) -> None:
        """For another process's lock. Whoever writes holds it from the beginning on."""
        if patiently != self._patient:
            self._conn.execute(f"PRAGMA busy_timeout={PATIENCE if patiently else 0}")
            self._patient = patiently

    def _in_thread(self, fn: Any, args: Any, kwargs: Any) -> Any:
        try:
            return fn(*args, **kwargs)
        finally:
            self._done += 1


def _may_block(function: Callable[..., Any], args: tuple[Any, ...]) -> bool:
    if getattr(function, "__name__", "") == "commit":
        return True
    return bool(args) and isinstance(args[0], str) and args[0].startswith(MAY_BLOCK)


def connect(database: str | Path, *, lasting: bool = True, **options: Any) -> PromptConnection:
    """What `aiosqlite.connect` does, with a connection of this kind. What does not last waits for no disk."""
    connection = PromptConnection(lambda: sqlite3.connect(database, **options), 64)
    connection.lasting = lasting
    # An abandoned connection must not keep the process alive.
    connection._thread.daemon = True
    return connection
