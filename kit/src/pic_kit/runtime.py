"""A store at work: its database, relay, consumer and timers, started and stopped together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit import tracing
from pic_kit.bus.base import Bus
from pic_kit.clock import wall_clock
from pic_kit.consumer import Consumer
from pic_kit.database import Database, insert_or_ignore, is_transient, new_database_id, worth_retrying
from pic_kit.memory import LAPTOP, SERVER, Memory
from pic_kit.migrate import bring_up_to_date
from pic_kit.reactions import Reactions
from pic_kit.relay import Relay
from pic_kit.retention import Forget, keep_house
from pic_kit.settings import Settings
from pic_kit.tables import about
from pic_kit.timers import Deadlines, Timer, claim, due_timers, next_due
from pic_kit.transaction import Transaction, Work
from pic_kit.worlds import live_worlds, load_worlds
from pic_schemas.catalogue import TOPICS

log = structlog.get_logger("runtime")
T = TypeVar("T")
ATTEMPTS = 8
HOUSEKEEPING = 3600.0
LOOKS = 2
"""How many of those who wait for the consumer may look at once, out of a pool that it shares with them."""


class Runtime:
    """One store of one service. `write` is the only way to change it."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        bus: Bus,
        *,
        service: str | None = None,
        migrations: str,
        reactions: Reactions | None = None,
        deadlines: Deadlines | None = None,
        topics: Sequence[str] = (),
        forgets: Mapping[str, Forget] | None = None,
    ) -> None:
        self.name = name
        self.service = service or name
        self.settings = settings
        self.bus = bus
        self.migrations = migrations
        self.deadlines = deadlines or Deadlines()
        self.forgets = dict(forgets or {})
        self.database = Database(settings.database_url(name), lasting=settings.lasting)
        self.database_id = ""
        self.memory = Memory(LAPTOP if self.database.is_sqlite else SERVER)
        self.looks = asyncio.Semaphore(LOOKS)
        self.relay = Relay(name, self.database, bus)
        listens = topics or tuple(TOPICS)
        self.consumer = Consumer(self, reactions, listens) if reactions is not None else None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def group(self) -> str:
        """Contains deployment and database id: another deployment, or a new database, reads for itself."""
        return f"pic.{self.name}.{self.settings.deployment}.{self.database_id}"

    async def prepare(self) -> None:
        """Migrate and learn the database's id; nothing runs yet."""
        await bring_up_to_date(self.database, self.migrations)
        self.database_id = await self._read_database_id()

    async def start(self) -> None:
        """Migrate, then start relay, consumer and timers."""
        await self.prepare()
        jobs = [self.relay.run(), self._fire_live_timers(), self._keep_house()]
        jobs += [self.consumer.run()] if self.consumer else []
        self._tasks = [asyncio.create_task(job) for job in jobs]

    @property
    def working(self) -> bool:
        """Whether everything that was started still runs; none of it ever ends by itself."""
        return not any(task.done() for task in self._tasks)

    async def stop(self) -> None:
        """Stop the tasks, then close the database. What is unpublished is published after the next start."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        self._tasks = []
        if self.consumer is not None:
            await self.consumer.close()
        await self.database.close()

    async def _read_database_id(self) -> str:
        async with self.database.writing() as connection:
            # Two processes of one service may start together: the first one's id stands.
            fresh = {"name": "database_id", "value": new_database_id()}
            await connection.execute(insert_or_ignore(connection, about).values(fresh))
            found = await connection.execute(select(about.c.value).where(about.c.name == "database_id"))
            return str(found.scalar_one())

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run one transaction; run it again after a conflict or deadlock, at most eight times.

        Raises AlreadySaid when that was because the same cause had been handled before.
        """
        for attempt in range(ATTEMPTS):
            try:
                return await self._write_once(work, again=attempt > 0)
            except Exception as error:
                if not worth_retrying(error) or attempt == ATTEMPTS - 1:
                    raise
                await asyncio.sleep(0.005 * 2**attempt)
        raise AssertionError("unreachable")

    async def _write_once(self, work: Callable[[Transaction], Awaitable[T]], *, again: bool = False) -> T:
        async with self.database.writing() as connection:
            transaction = Transaction(connection, self.service, again=again, memory=self.memory)
            result = await work(transaction)
            await transaction.flush()
        transaction.committed()
        if transaction.sent:
            self.relay.wake()
        return result

    async def read(self, query: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run a query on a connection that only reads."""
        async with self.database.reading() as connection:
            return await query(connection)

    async def fire_due(self, world: str, now: datetime) -> int:
        """Fire what is due in this world at `now`, each timer in its own transaction; returns how many.

        A timer whose handler fails stays due, where `activity` shows it, and stops no other.
        """
        fired, failed = 0, set[UUID]()
        while due := await self.read(lambda connection: due_timers(connection, world, now, failed)):
            for timer in due:
                try:
                    # mypy infers no type for a default that binds the loop variable.
                    fired += await self.write(lambda transaction, timer=timer: self._fire(transaction, timer))  # type: ignore[misc]
                except Exception as error:
                    if is_transient(error):
                        raise
                    failed.add(timer.id)
                    told = {"world": world, "case": timer.case, "id": str(timer.id), "kind": timer.kind}
                    log.exception("timer failed", service=self.name, **told)
        return fired

    async def _fire(self, transaction: Transaction, timer: Timer) -> int:
        if not await claim(transaction.connection, timer):
            return 0
        world = (await transaction.worlds([timer.world])).get(timer.world)
        if world is not None and not world.deleted:
            # The event says when it came due, not when the machine got round to it.
            told = {"pic.id": str(timer.id), "pic.case": timer.case}
            with tracing.of_cause(f"due {timer.kind}", self.name, None, told) as span:
                work = Work(transaction, world, timer.id, trace=span.traceparent, happened=timer.due_at)
                await self.deadlines.handler(timer.kind)(work, timer)
        return 1

    async def _fire_live_timers(self) -> None:
        """Live worlds follow the wall clock; a sandbox clock is stepped by the single window."""
        while True:
            try:
                async with self.database.looking() as connection:
                    live = await live_worlds(connection)
                for world in live:
                    await self.fire_due(world.id, wall_clock())
            except Exception as error:
                if not is_transient(error):
                    log.exception("live timers failed; they are tried again", service=self.name)
            await asyncio.sleep(1.0)

    async def _keep_house(self) -> None:
        """Once an hour, by the one process that publishes."""
        while True:
            await asyncio.sleep(HOUSEKEEPING)
            try:
                if self.relay.active:
                    forgotten = await keep_house(self)
                    if any(forgotten.values()):
                        log.info("forgotten", service=self.name, **forgotten)
            except Exception as error:
                if not is_transient(error):
                    log.exception("housekeeping failed; it is tried again", service=self.name)

    async def next_due(self, world: str) -> datetime | None:
        return await self.read(lambda connection: next_due(connection, world))

    async def knows_world(self, world: str) -> bool:
        found = (await self.read(lambda connection: load_worlds(connection, [world]))).get(world)
        return found is not None and not found.deleted
