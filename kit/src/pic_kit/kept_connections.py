"""Connections of one SQLite file that stay open: a transaction begins and ends at the driver."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.util import greenlet_spawn

from pic_kit.sqlite_connection import WRITE

PATIENCE = 30.0  # seconds that a transaction waits for its turn
READ = "BEGIN"


class KeptConnections:
    """At most so many of one engine, each lent to one transaction at a time.

    To take one from the library's pool, begin, commit and give it back are eight changes of greenlet: a fifth
    of what a step of a scenario cost, and many times what SQLite does meanwhile.
    """

    def __init__(self, engine: AsyncEngine, most: int) -> None:
        self._engine = engine
        self._turns = asyncio.Semaphore(most)
        self._free: list[AsyncConnection] = []
        self._life = 0
        self.in_use = 0

    @asynccontextmanager
    async def transaction(self, how: str) -> AsyncIterator[AsyncConnection]:
        """`WRITE` commits on leaving; any error, and the end of a `READ`, rolls back."""
        async with self.lent() as connection:
            driver = _driver(connection)
            try:
                await driver.begin(how)
                yield connection
                await (driver.commit() if how == WRITE else driver.rollback())
            except BaseException as error:
                # Cancelled as well, it is undone all the same: in the thread, before the next use.
                with suppress(sqlite3.Error, ValueError):
                    await driver.rollback()
                if isinstance(error, sqlite3.Error):
                    await greenlet_spawn(tell, connection.sync_connection, error, how, None)
                raise

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[AsyncConnection]:
        """A connection on which nothing is begun. Raises TimeoutError when none becomes free."""
        if self._turns.locked():
            async with asyncio.timeout(PATIENCE):
                await self._turns.acquire()
        else:
            await self._turns.acquire()
        life, connection = self._life, None
        self.in_use += 1
        try:
            connection = self._free.pop() if self._free else await self._opened()
            yield connection
        finally:
            self.in_use -= 1
            self._turns.release()
            if connection is not None and not connection.invalidated:
                if life == self._life:
                    self._free.append(connection)
                else:
                    await connection.close()

    async def _opened(self) -> AsyncConnection:
        connection = await self._engine.connect()
        # For the library one transaction without an end: it begins none, and undoes none after an error.
        await connection.begin()
        return connection

    async def close(self) -> None:
        """What is lent is closed when it comes back."""
        self._life += 1
        free, self._free = self._free, []
        for connection in free:
            await connection.close()


def _driver(connection: AsyncConnection) -> Any:
    """The driver beneath SQLAlchemy, which has no type for it."""
    sync: Any = connection.sync_connection
    return sync.connection.dbapi_connection._connection


def tell(connection: Connection, error: BaseException, text: str, values: Any) -> None:
    """Raise it as the library would: what was cut short or lost takes its connection out of use."""
    try:
        raise error
    except BaseException as again:
        connection._handle_dbapi_exception(again, text, values, None, None)
