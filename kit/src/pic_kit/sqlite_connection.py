"""A SQLite connection that answers in the event loop, and waits in its thread only where it may block."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiosqlite import Connection

# The first waits for another process's lock, the second for the disk.
MAY_BLOCK = ("BEGIN IMMEDIATE", "COMMIT")


class PromptConnection(Connection):
    """aiosqlite hands every call to a thread, a cursor's `close` too: six hand-overs for one statement.

    One of them costs more than what SQLite does meanwhile; a step of a scenario took 900.
    """

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        if _may_block(fn, args) or not self._running or not self._connection:
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        return fn(*args, **kwargs)


def _may_block(function: Callable[..., Any], args: tuple[Any, ...]) -> bool:
    if getattr(function, "__name__", "") == "commit":
        return True
    return bool(args) and isinstance(args[0], str) and args[0].startswith(MAY_BLOCK)


def connect(database: str | Path, **options: Any) -> PromptConnection:
    """What `aiosqlite.connect` does, with a connection of this kind."""
    connection = PromptConnection(lambda: sqlite3.connect(database, **options), 64)
    # An abandoned connection must not keep the process alive.
    connection._thread.daemon = True
    return connection
