"""Publishes the outbox in commit order: one active relay, exact marks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext, suppress
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import ColumnElement, and_, bindparam, func, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit import tracing
from pic_kit.bulk import among, keys_as
from pic_kit.bus.base import BusUnavailable, Record
from pic_kit.cancellation import asked_to_stop
from pic_kit.clock import wall_clock
from pic_kit.database import Database, is_transient
from pic_kit.holding import Holding
from pic_kit.pace import Pace
from pic_kit.prepared import Prepared
from pic_kit.tables import outbox
from pic_schemas.envelope import Event, to_binary

if TYPE_CHECKING:
    from pic_kit.bus.base import Bus

log = structlog.get_logger("relay")
LOCK = 7_305_001  # any constant: advisory locks are per database, and each service has its own
Case = tuple[str, str]
_ROWS = select(outbox.c.seq, outbox.c.world, outbox.c.case_id, outbox.c.topic, outbox.c.event)
_OLDEST = Prepared(
    _ROWS.where(outbox.c.published_at.is_(None)).order_by(outbox.c.seq).limit(bindparam("batch"))
)
_ROW = (outbox.c.seq,)
_MARK = Prepared(
    lambda dialect: update(outbox).where(among(dialect, _ROW)).values(published_at=bindparam("published_at"))
)
BACK_OFF = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0)


class LockLost(Exception):
    """Another relay is active, or the connection that held the lock is gone."""


class Relay:
    """Moves rows from the outbox to the bus. A commit wakes it; polling is the safety net."""

    def __init__(
        self, name: str, database: Database, bus: Bus, *, batch: int = 500, poll: float = 1.0
    ) -> None:
        self._name = name
        self._database = database
        self._bus = bus
        self._batch = batch
        self._poll = poll
        self._woken = asyncio.Event()
        self._failures = 0
        self._pace = Pace(3, 0.03)
        self.holding = Holding()
        self.active = False
        self.published = 0

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled; publishes while it holds the lock, begins again when lock or bus is lost."""
        while True:
            try:
                async with AsyncExitStack() as stack:
                    lock = await self.take_lock(stack)
                    self.active = True
                    await self._publish_for_ever(lock)
            except (Exception, asyncio.CancelledError) as error:
                if isinstance(error, asyncio.CancelledError) and asked_to_stop():
                    raise
                if not (isinstance(error, LockLost | BusUnavailable) or is_transient(error)):
                    log.exception("relay failed; it starts again", service=self._name)
                await asyncio.sleep(BACK_OFF[min(self._failures, len(BACK_OFF) - 1)])
                self._failures += 1
            finally:
                self.active = False

    async def take_lock(self, stack: AsyncExitStack) -> AsyncConnection | None:
        """PostgreSQL: the connection that holds the advisory lock. A SQLite folder has one process."""
        if self._database.is_sqlite:
            return None
        connection = await stack.enter_async_context(self._database.lock_connection())
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        if not (await connection.execute(text(f"SELECT pg_try_advisory_lock({LOCK})"))).scalar_one():
            raise LockLost("another relay is active")
        stack.push_async_callback(_unlock, connection)
        return connection

    async def _publish_for_ever(self, lock: AsyncConnection | None) -> None:
        while True:
            self._woken.clear()
            self._pace.begin()
            published = await self.publish_batch(lock)
            self._failures = 0
            if published:
                await self._pace.rest()
            if published < self._batch:
                # Not wait_for: in Python 3.11 it swallows a cancellation that comes together with the wake.
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._poll):
                        await self._woken.wait()

    async def publish_batch(self, lock: AsyncConnection | None = None) -> int:
        """Publish the oldest unpublished rows; returns how many were acknowledged.

        Rows are found by `published_at IS NULL`, never by `seq > last`: sequences commit out of order. Behind
        a full batch with refused cases it looks further, past them: however much one case has to say, the
        others flow. Raises BusUnavailable when nothing was acknowledged, and what the database raises.
        """
        refused: dict[Case, Exception] = {}
        total, heads = 0, False
        held = await self._held(lock)
        while rows := await self._unpublished(lock, refused, heads=heads, held=held):
            acknowledged, failures = await self._publish(lock, rows)
            refused |= failures
            total += acknowledged
            full = len(rows) == self._batch
            # Not even the first message of any other case was taken: that is the bus.
            if (heads and not acknowledged) or (not heads and not (failures and full)):
                break
            heads = not acknowledged
        if refused:
            self._complain(refused, total)
        return total

    async def _publish(
        self, lock: AsyncConnection | None, rows: Sequence[Any]
    ) -> tuple[int, dict[Case, Exception]]:
        """How many were acknowledged, and each case's first failure. Marks exactly what counts as sent."""
        # No transaction is open while anything is published.
        records = [_record(row) for row in rows]
        with tracing.of_batch("publish", self._name, (record.headers for record in records)):
            results = await self._bus.publish(records)
        failures: dict[Case, Exception] = {}
        acknowledged = []
        for row, failure in zip(rows, results, strict=True):
            case = (row.world, row.case_id)
            if failure is not None:
                failures.setdefault(case, failure)
            elif case not in failures:
                acknowledged.append(row.seq)
        await self._mark(lock, acknowledged)
        self.published += len(acknowledged)
        return len(acknowledged), failures

    def _complain(self, failures: Mapping[Case, Exception], acknowledged: int) -> None:
        (world, case), first = next(iter(failures.items()))
        log.warning("not acknowledged", service=self._name, world=world, case=case, error=repr(first))
        if not acknowledged:
            raise BusUnavailable(f"{len(failures)} cases were not acknowledged: {first!r}") from first

    async def _held(self, lock: AsyncConnection | None) -> list[int]:
        """What does not leave yet, on order."""
        if self.holding.idle:
            return []
        async with self._looking(lock) as connection:
            return sorted(await self.holding.held(connection))

    async def _unpublished(
        self,
        lock: AsyncConnection | None,
        past: Iterable[Case] = (),
        *,
        heads: bool = False,
        held: Sequence[int] = (),
    ) -> list[Any]:
        """The oldest rows but those of the cases `past`; with `heads` only the first of each case."""
        past = sorted(past)
        if not past and not heads and not held:
            async with self._looking(lock) as connection:
                return await _OLDEST.rows(connection, batch=self._batch)
        wanted: ColumnElement[bool] = outbox.c.published_at.is_(None)
        if held:
            wanted = and_(wanted, outbox.c.seq.not_in(held))
        if past:
            wanted = and_(wanted, tuple_(outbox.c.world, outbox.c.case_id).not_in(past))
        if heads:
            wanted = outbox.c.seq.in_(
                select(func.min(outbox.c.seq)).where(wanted).group_by(outbox.c.world, outbox.c.case_id)
            )
        query = _ROWS.where(wanted).order_by(outbox.c.seq).limit(self._batch)
        async with self._looking(lock) as connection:
            return list((await connection.execute(query)).all())

    def _looking(self, lock: AsyncConnection | None) -> AbstractAsyncContextManager[AsyncConnection]:
        """The connection that holds the lock, where there is one: if the lock is gone, so is the read."""
        return self._database.looking() if lock is None else nullcontext(lock)

    async def _mark(self, lock: AsyncConnection | None, published: list[int]) -> None:
        if not published:
            return
        if lock is not None:
            await _note_published(lock, published)
            return
        async with self._database.writing() as connection:
            await _note_published(connection, published)


async def _note_published(connection: AsyncConnection, published: list[int]) -> None:
    rows = keys_as(connection, _ROW, [(row,) for row in published])
    await _MARK.change(connection, published_at=wall_clock(), **rows)


async def _unlock(connection: AsyncConnection) -> None:
    try:
        await connection.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))
    except Exception:
        # The pool must not hand on a connection that may still hold the lock.
        await connection.invalidate()


def _record(row: Any) -> Record:
    binary = to_binary(Event.model_validate_json(row.event))
    return Record(row.topic, binary.key, binary.headers, binary.value)
