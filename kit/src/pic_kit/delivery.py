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
# A batch with more refusals than this is applied message by message.
REFUSALS_AT_ONCE = 8


class _Refused(Exception):
    """A reaction refused this message of the batch."""

    def __init__(self, arrival: Arrival) -> None:
        self.arrival = arrival


class Delivery:
    """From records to effects, each exactly once although the log may be read twice."""

    def __init__(self, runtime: Runtime, reactions: Reactions) -> None:
        self._runtime = runtime
        self._reactions = reactions
        self.waiting_room = WaitingRoom(runtime, self.react, reactions.reads)

    async def handle(self, records: Sequence[Received]) -> None:
        """Apply records, each case's in order. Raises only what time or an operator cures."""
        arrivals = [read_record(record, self._reactions.reads) for record in records]
        touched, apart = await self._most(arrivals)
        for arrival in apart:
            touched |= await self._alone(arrival)
        # Only now, because another process may have set messages aside while this one opened their world.
        touched |= await self.waiting_room.cases_of(_opened_or_deleted(arrivals))
        for world, case in sorted(touched):
            await self.waiting_room.release(world, case)

    async def _most(
        self, batch: Sequence[Arrival | Unreadable]
    ) -> tuple[set[CaseKey], Sequence[Arrival | Unreadable]]:
        """All in one transaction, but what a reaction refuses and what follows it in its case.

        Returns the cases in which something may be released now, and what is left to be applied alone.
        """
        apart: list[Arrival | Unreadable] = []
        for _ in range(REFUSALS_AT_ONCE):
            try:
                return await self._together(batch), apart
            except _Refused as refused:
                at = next(place for place, each in enumerate(batch) if each is refused.arrival)
                held = [each for each in batch[at:] if _case(each) == refused.arrival.case]
                batch = [*batch[:at], *(each for each in batch[at:] if _case(each) != refused.arrival.case)]
                apart += held
            except Exception as error:
                if is_transient(error):
                    raise
                break
        return set(), [*batch, *apart]

    async def _together(self, arrivals: Sequence[Arrival | Unreadable]) -> set[CaseKey]:
        """One transaction. Returns the cases in which something may be released now."""

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
            log.warning("record parked", **_place(arrival), reason=arrival.reason)
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
            raise _Refused(arrival) from error

    async def react(self, transaction: Transaction, arrival: Arrival) -> None:
        """What the message does here: to the worlds, and to what the service keeps."""
        event = arrival.event
        if await apply_to_worlds(transaction.connection, event.world, arrival.message):
            transaction.forget_world(event.world)
        if not self._reactions.reads(event.type):
            return
        world = transaction.known_world(event.world) or (await transaction.worlds([event.world]))[event.world]
        with tracing.of_reaction(self._runtime.name, event) as span:
            trace = span.traceparent or event.traceparent
            work = Work(transaction, world, event.id, arrival.position, trace)
            await self._reactions.apply(work, event, arrival.message)

    async def _alone(self, arrival: Arrival | Unreadable) -> set[CaseKey]:
        """One message in its own transaction; what refuses it becomes the reason for which it waits."""
        try:
            return await self._together([arrival])
        except AlreadySaid:
            return await self._count_as_heard(arrival)
        except Exception as error:
            if is_transient(error):
                raise
            cause = error.__cause__ if isinstance(error, _Refused) and error.__cause__ else error
        try:
            await self._set_aside(arrival, cause)
        except Exception as error:
            if is_transient(error):
                raise
            await self._park(arrival, f"it cannot even wait: {type(error).__name__}: {error}")
        return set()

    async def _count_as_heard(self, arrival: Arrival | Unreadable) -> set[CaseKey]:
        """Applied before, although what was heard has been lost since."""

        async def count(transaction: Transaction) -> set[CaseKey]:
            if isinstance(arrival, Unreadable):
                return set()
            inbox = Inbox(transaction)
            await inbox.prepare([arrival])
            inbox.applied(arrival)
            await inbox.flush()
            return {arrival.case}

        return await self._runtime.write(count)

    async def _set_aside(self, arrival: Arrival | Unreadable, cause: BaseException) -> None:
        reason, detail, waits_for = explain(cause)

        async def set_aside(transaction: Transaction) -> None:
            if isinstance(arrival, Unreadable):
                raise cause
            inbox = Inbox(transaction)
            await inbox.prepare([arrival])
            fate, _ = await inbox.fate(arrival, opens_world=False)
            if fate in (Fate.APPLY, Fate.WAIT):
                await inbox.wait(arrival, reason, detail, waits_for)
            await inbox.flush()

        await self._runtime.write(set_aside)
        log.warning("message waits", **_place(arrival), reason=reason, detail=detail)

    async def _park(self, arrival: Arrival | Unreadable, reason: str) -> None:
        record = arrival.record
        if record is None:
            raise AssertionError("only what came from the log is parked")

        async def park(transaction: Transaction) -> None:
            item = unreadable(record, reason[:500])
            inbox = Inbox(transaction)
            await inbox.prepare([item])
            await inbox.park(item)
            await inbox.flush()

        await self._runtime.write(park)
        log.error("record parked", **_place(arrival), reason=reason)


def _case(arrival: Arrival | Unreadable) -> CaseKey | None:
    return arrival.stream[:2] if arrival.stream is not None else None


def _opened_or_deleted(arrivals: Sequence[Arrival | Unreadable]) -> set[str]:
    return {
        arrival.event.world
        for arrival in arrivals
        if isinstance(arrival, Arrival) and isinstance(arrival.message, WorldOpened | WorldDeleted)
    }


def _place(arrival: Arrival | Unreadable) -> dict[str, str | int]:
    """Where it stands, and what its headers say of case and message, for whoever reads the logs."""
    record = arrival.record
    if record is None:
        return {}
    headers = readable_headers(record)
    named = {
        name: headers[f"ce_{name}"] for name in ("world", "case", "id", "type") if f"ce_{name}" in headers
    }
    return {"topic": record.topic, "partition": record.partition, "offset": record.offset, **named}
