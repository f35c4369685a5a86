"""Reads the log in batches: one transaction a batch, the bus offset committed after the database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select

from pic_kit.bus.base import BusUnavailable, Received, Subscription
from pic_kit.clock import monotonic
from pic_kit.database import is_unavailable, worth_retrying
from pic_kit.inbox import Arrival, CaseKey, Fate, Inbox, Reactions, park, read_record
from pic_kit.tables import waiting
from pic_kit.transaction import Transaction, Work
from pic_kit.waiting import WaitingRoom, explain
from pic_kit.worlds import apply_to_worlds
from pic_schemas.envelope import UnreadableRecord
from pic_schemas.messages.worlds import WorldOpened

if TYPE_CHECKING:
    from pic_kit.runtime import Runtime

log = structlog.get_logger("consumer")
BACK_OFF = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0)


class _BatchBroken(Exception):
    """Some message of the batch cannot be applied; the batch is handled again, one message at a time."""


class Consumer:
    """One service's reading of the log. `progress` is notified whenever something was applied."""

    def __init__(
        self, runtime: Runtime, reactions: Reactions, topics: Sequence[str], *, batch: int = 500
    ) -> None:
        self._runtime = runtime
        self._reactions = reactions
        self._topics = topics
        self._batch = batch
        self._subscription: Subscription | None = None
        self.waiting_room = WaitingRoom(runtime, self._react)
        self.progress = asyncio.Condition()
        self.last_contact: float | None = None
        self.behind = 0

    def seconds_since_contact(self) -> float:
        """Seconds since the bus last answered; infinite before the first answer."""
        return monotonic() - self.last_contact if self.last_contact is not None else float("inf")

    async def run(self) -> None:
        """Until cancelled. A bus or database that is away is waited for; nothing is skipped."""
        failures = 0
        while True:
            try:
                await self._round()
                failures = 0
            except asyncio.CancelledError:
                await self._close()
                raise
            except Exception as error:
                if not (isinstance(error, BusUnavailable) or is_unavailable(error) or worth_retrying(error)):
                    log.exception("consumer failed; it starts again", service=self._runtime.name)
                await self._close()
                await asyncio.sleep(BACK_OFF[min(failures, len(BACK_OFF) - 1)])
                failures += 1

    async def _close(self) -> None:
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            try:
                await asyncio.wait_for(subscription.close(), 5)
            except Exception as error:
                log.warning("subscription did not close cleanly", error=repr(error))

    async def _round(self) -> None:
        if self._subscription is None:
            self._subscription = await self._runtime.bus.subscribe(self._runtime.group, self._topics)
        batches = await self._subscription.fetch(limit=self._batch, wait=1.0)
        for (topic, partition), records in batches.items():
            await self.handle(records)
            await self._subscription.commit(topic, partition, records[-1].offset + 1)
        self.behind = sum((await self._subscription.behind()).values())
        self.last_contact = monotonic()
        if batches:
            async with self.progress:
                self.progress.notify_all()

    async def handle(self, records: Sequence[Received]) -> None:
        """Apply one partition's records: together if all can be applied, else each by itself."""
        try:
            touched = await self._in_one_transaction(records)
        except _BatchBroken:
            touched = set()
            for record in records:
                touched |= await self._alone(record)
        for world, case in sorted(touched):
            await self.waiting_room.release(world, case)

    async def _in_one_transaction(self, records: Sequence[Received]) -> set[CaseKey]:
        async def apply(transaction: Transaction) -> set[CaseKey]:
            arrivals = await self._read(transaction, records)
            inbox = Inbox(transaction)
            await inbox.prepare(arrivals)
            await self._reactions.prepare(transaction, arrivals)
            touched: set[CaseKey] = set()
            for arrival in arrivals:
                touched |= await self._apply_or_wait(transaction, inbox, arrival)
            await inbox.flush()
            return touched

        return await self._runtime.write(apply)

    async def _read(self, transaction: Transaction, records: Sequence[Received]) -> list[Arrival]:
        arrivals = []
        for record in records:
            try:
                arrivals.append(read_record(record))
            except UnreadableRecord as error:
                log.warning("record parked", topic=record.topic, offset=record.offset, reason=str(error))
                await park(transaction.connection, record, error)
        return arrivals

    async def _apply_or_wait(self, transaction: Transaction, inbox: Inbox, arrival: Arrival) -> set[CaseKey]:
        """The cases in which something may be released now."""
        fate, reason = await inbox.fate(arrival, opens_world=isinstance(arrival.message, WorldOpened))
        if fate is Fate.WAIT:
            await inbox.wait(arrival, reason, f"sequence {arrival.event.sequence} of {arrival.event.source}")
            return {arrival.case}
        if fate is not Fate.APPLY:
            return set()
        try:
            await self._react(transaction, arrival)
        except Exception as error:
            if is_unavailable(error) or worth_retrying(error):
                raise
            raise _BatchBroken from error
        inbox.applied(arrival)
        if not isinstance(arrival.message, WorldOpened):
            return set()
        rows = select(waiting.c.world, waiting.c.case_id).where(waiting.c.world == arrival.event.world)
        return {(row.world, row.case_id) for row in await transaction.connection.execute(rows.distinct())}

    async def _react(self, transaction: Transaction, arrival: Arrival) -> None:
        event = arrival.event
        if await apply_to_worlds(transaction.connection, event.world, arrival.message):
            transaction.forget_world(event.world)
        world = (await transaction.worlds([event.world]))[event.world]
        work = Work(transaction, world, event.id, arrival.position, event.traceparent)
        await self._reactions.apply(work, event, arrival.message)

    async def _alone(self, record: Received) -> set[CaseKey]:
        """One message in its own transaction; if its reaction refuses, it waits with the reason."""
        try:
            return await self._in_one_transaction([record])
        except _BatchBroken as broken:
            cause = broken.__cause__ or broken
        reason, detail, waits_for = explain(cause)

        async def set_aside(transaction: Transaction) -> None:
            arrival = read_record(record)
            inbox = Inbox(transaction)
            await inbox.prepare([arrival])
            fate, _ = await inbox.fate(arrival, opens_world=False)
            if fate in (Fate.APPLY, Fate.WAIT):
                await inbox.wait(arrival, reason, detail, waits_for)

        await self._runtime.write(set_aside)
        log.warning("message waits", topic=record.topic, offset=record.offset, reason=reason, detail=detail)
        return set()
