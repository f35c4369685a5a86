"""One database per service: SQLite on a laptop, PostgreSQL on servers, the same statements on both."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError, InterfaceError, InternalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, NullPool
from sqlalchemy.types import TypeDecorator

from pic_kit.clock import monotonic
from pic_kit.kept_connections import READ, KeptConnections
from pic_kit.sqlite_connection import PATIENCE, WRITE, connect

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# PostgreSQL: deadlock, serialisation failure, lock not available; the transaction may simply run again.
_RETRY_SQLSTATES = {"40P01", "40001", "55P03"}
# Classes: connection, log-in, no such database, insufficient resources (disk full), operator intervention,
# system error, internal error; and 25006, a server that became read-only in a fail-over.
_AWAY_CLASSES = {"08", "28", "3D", "53", "57", "58", "XX"}
_READ_ONLY = "25006"
# Character not in repertoire, untranslatable character.
_NO_CHARACTER = {"22021", "22P05"}
_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SQLITE_AWAY = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PROTOCOL,
}


# No statement of ours takes long: one that does has lost its index or waits for a lock, and is better tried
# again than left to fill the pool. What hangs inside a transaction gives its locks back after a minute.
SILENCE = 5.0  # seconds after which a connection may have died without a word
SERVER_SETTINGS = {
    "application_name": "pic",
    "statement_timeout": "15000",
    "lock_timeout": "5000",
    "idle_in_transaction_session_timeout": "60000",
    "jit": "off",
}


def service_metadata() -> MetaData:
    """Metadata with the naming convention that lets one Alembic chain serve both databases."""
    return MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out; a naive value is refused because SQLite would keep it silently."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: times are aware UTC")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Conflict(Exception):
    """Somebody else changed the same row first; the transaction is run again."""


class Unavailable(Exception):
    """The database cannot be reached or cannot write (lost connection, disk full); try again later."""


def sqlstate(error: BaseException) -> str | None:
    """The SQLSTATE of a database error, wherever the driver keeps it."""
    original = getattr(error, "orig", error)
    for candidate in (original, getattr(original, "__cause__", None)):
        state = getattr(candidate, "sqlstate", None) or getattr(candidate, "pgcode", None)
        if state:
            return str(state)
    return None


def worth_retrying(error: BaseException) -> bool:
    """True for what another run of the same transaction can cure: conflicts, deadlocks, a busy file."""
    if isinstance(error, Conflict | IntegrityError):
        return True
    if isinstance(error, DBAPIError):
        return sqlstate(error) in _RETRY_SQLSTATES or _sqlite_error(error) in _SQLITE_BUSY
    return False


def is_unavailable(error: BaseException) -> bool:
    """True for what only time or an operator cures: no connection, no space, a server shutting down."""
    if isinstance(error, OSError | TimeoutError | PoolTimeout | Unavailable):
        return True
    if isinstance(error, sqlite3.Error):
        return _sqlite_error(error) in _SQLITE_AWAY
    if not isinstance(error, DBAPIError) or worth_retrying(error):
        return False
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return True
    state = sqlstate(error)
    if state:
        return state[:2] in _AWAY_CLASSES or state == _READ_ONLY
    # The driver's internal error without a state: a statement met the end of its connection half-way.
    return isinstance(error, InternalError) or _sqlite_error(error) in _SQLITE_AWAY


def is_transient(error: BaseException) -> bool:
    """True for trouble of the database, retried for ever; a broken constraint is a defect of ours."""
    return is_unavailable(error) or (worth_retrying(error) and not isinstance(error, IntegrityError))


def cannot_hold(error: BaseException) -> bool:
    """True for a text that PostgreSQL stores nowhere: with U+0000 in it. SQLite has no objection."""
    return isinstance(error, DBAPIError) and sqlstate(error) in _NO_CHARACTER


def _sqlite_error(error: DBAPIError | sqlite3.Error) -> int | None:
    """The primary result code, without the extended part; the driver's own error or one that wraps it."""
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", None)
    return None if code is None else int(code) & 0xFF


class Database:
    """Separate engines for writing and reading. SQLite has one writer, begun with BEGIN IMMEDIATE.

    What is not `lasting` survives a killed process, but no power cut.
    """

    def __init__(self, url: str, *, pool_size: int = 10, lasting: bool = True) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            if self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self._writer = self._reader = self._looker = self._file_engine(lasting)
            self._writers, self._readers = KeptConnections(self._writer, 1), KeptConnections(self._reader, 2)
        else:
            self._writer = self._server_engine(pool_size)
            self._reader, self._looker = _snapshots(self._writer), _single_statements(self._writer)

    def _file_engine(self, lasting: bool) -> AsyncEngine:
        how = {"isolation_level": None, "timeout": 10, "async_creator_fn": connect, "lasting": lasting}
        engine = create_async_engine(self.url, poolclass=NullPool, connect_args=how)
        event.listen(engine.sync_engine, "connect", lambda made, _: _prepare_sqlite(made, lasting))
        return engine

    def _server_engine(self, pool_size: int) -> AsyncEngine:
        options: dict[str, Any] = {"poolclass": AsyncAdaptedQueuePool, "pool_size": pool_size}
        options["connect_args"] = {"server_settings": SERVER_SETTINGS, "prepared_statement_cache_size": 500}
        made = create_async_engine(self.url, max_overflow=0, pool_timeout=10, **options)
        event.listen(made.sync_engine, "checkin", _note_return)
        event.listen(made.sync_engine, "checkout", _look_whether_alive)
        return made

    def writing(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One transaction that may write; committed on leaving, rolled back on any error."""
        # With the driver's own deferred transactions, 56 of 320 concurrent read-then-write rounds survived.
        return self._writers.transaction(WRITE) if self.is_sqlite else self._writer.begin()

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One transaction that only reads, all of it from the same moment."""
        return self._readers.transaction(READ) if self.is_sqlite else self._snapshot()

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[AsyncConnection]:
        async with self._reader.connect() as connection:
            await connection.begin()
            yield connection

    def looking(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """For one prepared statement that reads: it sees one moment by itself, so nothing is begun."""
        return self._readers.lent() if self.is_sqlite else self._looker.connect()

    @asynccontextmanager
    async def lock_connection(self) -> AsyncIterator[AsyncConnection]:
        """A connection of its own outside the pool's accounting, for a lock that lives as long as it does."""
        async with self._writer.connect() as connection:
            yield connection

    def connections_in_use(self) -> int:
        """Of those that write; on PostgreSQL readers use the same pool."""
        if self.is_sqlite:
            return self._writers.in_use
        pool = self._writer.pool
        return pool.checkedout() if isinstance(pool, AsyncAdaptedQueuePool) else 0

    async def close(self) -> None:
        if self.is_sqlite:
            await self._writers.close()
            await self._readers.close()
        await self._writer.dispose()


def _snapshots(engine: AsyncEngine) -> AsyncEngine:
    """The same pool, but a transaction sees one moment, as it does in SQLite.

    With READ COMMITTED a store could look quiet: nothing to publish, and what was just said not yet counted.
    """
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _single_statements(engine: AsyncEngine) -> AsyncEngine:
    """The same pool; a statement is a transaction of its own, and costs one round trip instead of three."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def _note_return(_connection: Any, record: Any) -> None:
    record.info["returned"] = monotonic()


def _look_whether_alive(connection: Any, record: Any, _proxy: Any) -> None:
    """Whether the server hung up is known at once; only after a silence is it asked.

    The library's own pre-ping costs three round trips, a quarter of those of a command.
    """
    if connection._connection.is_closed():
        raise DisconnectionError("the server closed the connection")
    returned = record.info.get("returned")  # None: it was opened just now
    if returned is not None and monotonic() - returned > SILENCE:
        try:
            connection.ping()
        except Exception as error:
            raise DisconnectionError("the connection does not answer") from error


def _prepare_sqlite(connection: Any, lasting: bool) -> None:
    cursor = connection.cursor()
    # FULL: what was answered 2xx survives a power cut, not only a killed process.
    safe = f"synchronous={'FULL' if lasting else 'OFF'}"
    for pragma in ("journal_mode=WAL", safe, "foreign_keys=ON", f"busy_timeout={PATIENCE}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def insert_for(dialect: Dialect, table: Table) -> Any:
    """INSERT of the dialect at hand, for ON CONFLICT."""
    return (sqlite if dialect.name == "sqlite" else postgresql).insert(table)


def insert_or_ignore(connection: AsyncConnection, table: Table) -> Any:
    """INSERT that leaves a row alone which is there already."""
    return insert_for(connection.dialect, table).on_conflict_do_nothing()


def new_database_id() -> str:
    """Names one life of one database; part of its consumer group, so that a deleted store reads again."""
    return uuid.uuid4().hex[:12]
