"""Applies what was read from the log: a batch in one transaction if it can be, else each message alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import structlog

from pic_kit import tracing
from pic_kit.arrivals import Arrival, CaseKey, Unreadable, read_record, readable_headers, unreadable
from pic_kit.bus.base import Received
from pic_kit.database import is_transient, worth_retrying
from pic_kit.inbox import Fate, Inbox
from pic_kit.outgoing import AlreadySaid
from pic_kit.reactions import Reactions
from pic_kit.transaction import Transaction, Work
from pic_kit.waiting import WaitingRoom, explain
from pic_kit.worlds import apply_to_worlds
from pic_schemas.messages.worlds import WorldDeleted, WorldOpened

if TYPE_CHECKING:
    from pic_kit.runtime import Runtime

log = structlog.get_logger("delivery")


class _Refused(Exception):
    """A reaction refused a message of the batch."""


class Delivery:
    """From records to effects, each exactly once although the log may be read twice."""

    def __init__(self, runtime: Runtime, reactions: Reactions) -> None:
        self._runtime = runtime
        self._reactions = reactions
        self.waiting_room = WaitingRoom(runtime, self.react)

    async def handle(self, records: Sequence[Received]) -> None:
        """Apply one partition's records, in order. Raises only what time or an operator cures."""
        try:
            touched = await self._together(records)
        except Exception as error:
            if is_transient(error):
                raise
            touched = set()
            for record in records:
                touched |= await self._alone(record)
        # Only now, because another process may have set messages aside while this one opened their world.
        touched |= await self.waiting_room.cases_of(_opened_or_deleted(records))
        for world, case in sorted(touched):
            await self.waiting_room.release(world, case)

    async def _together(self, records: Sequence[Received]) -> set[CaseKey]:
        """One transaction. Returns the cases in which something may be released now."""
        arrivals = [read_record(record) for record in records]

        async def apply(transaction: Transaction) -> set[CaseKey]:
            inbox = Inbox(transaction)
            await inbox.prepare(arrivals)
            readable = [arrival for arrival in arrivals if isinstance(arrival, Arrival)]
            await self._reactions.prepare(transaction, readable)
            touched: set[CaseKey] = set()
            for arrival in arrivals:
                touched |= await self._take(transaction, inbox, arrival)
            await inbox.flush()
            return touched

        return await self._runtime.write(apply)

    async def _take(
        self, transaction: Transaction, inbox: Inbox, arrival: Arrival | Unreadable
    ) -> set[CaseKey]:
        if isinstance(arrival, Unreadable):
            log.warning("record parked", **_place(arrival.record), reason=arrival.reason)
            return await inbox.park(arrival)
        fate, reason = await inbox.fate(arrival, opens_world=isinstance(arrival.message, WorldOpened))
        if fate is Fate.WAIT:
            await inbox.wait(arrival, reason, f"sequence {arrival.sequence} of {arrival.event.source}")
            return {arrival.case}
        if fate is Fate.APPLY:
            await self._apply(transaction, arrival)
            inbox.applied(arrival)
        return set()

    async def _apply(self, transaction: Transaction, arrival: Arrival) -> None:
        try:
            await self.react(transaction, arrival)
        except Exception as error:
            if is_transient(error) or worth_retrying(error):
                raise
            raise _Refused from error

    async def react(self, transaction: Transaction, arrival: Arrival) -> None:
        """What the message does here: to the worlds, and to what the service keeps."""
        event = arrival.event
        if await apply_to_worlds(transaction.connection, event.world, arrival.message):
            transaction.forget_world(event.world)
        world = (await transaction.worlds([event.world]))[event.world]
        told = {"pic.id": str(event.id), "pic.type": event.type, "pic.case": event.case or ""}
        with tracing.of_cause(f"react {event.type}", self._runtime.name, event.traceparent, told) as span:
            trace = span.traceparent or event.traceparent
            work = Work(transaction, world, event.id, arrival.position, trace)
            await self._reactions.apply(work, event, arrival.message)

    async def _alone(self, record: Received) -> set[CaseKey]:
        """One message in its own transaction; what refuses it becomes the reason for which it waits."""
        try:
            return await self._together([record])
        except AlreadySaid:
            return await self._count_as_heard(record)
        except Exception as error:
            if is_transient(error):
                raise
            cause = error.__cause__ if isinstance(error, _Refused) and error.__cause__ else error
        try:
            await self._set_aside(record, cause)
        except Exception as error:
            if is_transient(error):
                raise
            await self._park(record, f"it cannot even wait: {type(error).__name__}: {error}")
        return set()

    async def _count_as_heard(self, record: Received) -> set[CaseKey]:
        """Applied before, although what was heard has been lost since."""

        async def count(transaction: Transaction) -> set[CaseKey]:
            arrival = read_record(record)
            if isinstance(arrival, Unreadable):
                return set()
            inbox = Inbox(transaction)
            await inbox.prepare([arrival])
            inbox.applied(arrival)
            await inbox.flush()
            return {arrival.case}

        return await self._runtime.write(count)

    async def _set_aside(self, record: Received, cause: BaseException) -> None:
        reason, detail, waits_for = explain(cause)

        async def set_aside(transaction: Transaction) -> None:
            arrival = read_record(record)
            if isinstance(arrival, Unreadable):
                raise cause
            inbox = Inbox(transaction)
            await inbox.prepare([arrival])
            fate, _ = await inbox.fate(arrival, opens_world=False)
            if fate in (Fate.APPLY, Fate.WAIT):
                await inbox.wait(arrival, reason, detail, waits_for)
            await inbox.flush()

        await self._runtime.write(set_aside)
        log.warning("message waits", **_place(record), reason=reason, detail=detail)

    async def _park(self, record: Received, reason: str) -> None:
        async def park(transaction: Transaction) -> None:
            item = unreadable(record, reason[:500])
            inbox = Inbox(transaction)
            await inbox.prepare([item])
            await inbox.park(item)
            await inbox.flush()

        await self._runtime.write(park)
        log.error("record parked", **_place(record), reason=reason)


def _opened_or_deleted(records: Sequence[Received]) -> set[str]:
    arrivals = [read_record(record) for record in records if record.topic == WorldOpened.topic]
    return {
        arrival.event.world
        for arrival in arrivals
        if isinstance(arrival, Arrival) and isinstance(arrival.message, WorldOpened | WorldDeleted)
    }


def _place(record: Received) -> dict[str, str | int]:
    """Where it stands, and what its headers say of case and message, for whoever reads the logs."""
    headers = readable_headers(record)
    named = {
        name: headers[f"ce_{name}"] for name in ("world", "case", "id", "type") if f"ce_{name}" in headers
    }
    return {"topic": record.topic, "partition": record.partition, "offset": record.offset, **named}
