"""RETRY and SKIP: what an operator may do with a message that waits or was parked; each is written down."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, delete, insert, select, update

from pic_kit.arrivals import Arrival, Unreadable, kept, read_record
from pic_kit.bus.base import Received
from pic_kit.clock import wall_clock
from pic_kit.database import is_transient
from pic_kit.inbox import Inbox
from pic_kit.problems import contract_finding
from pic_kit.runtime import Runtime
from pic_kit.tables import heard, interventions, parked, waiting
from pic_kit.transaction import Transaction
from pic_kit.waiting import explain
from pic_schemas.refusal import Refused


@dataclass(frozen=True, slots=True)
class Intervention:
    """Who did what, and why."""

    action: str
    reason: str
    who: str


async def missing_before(runtime: Runtime, row: Any) -> list[int]:
    """Sequences of the same producer that have neither come nor wait."""
    stream = (row.world, row.case_id, row.source)
    last = (await runtime.read(lambda c: c.execute(_heard(stream)))).scalar_one_or_none() or 0
    waits = (await runtime.read(lambda c: c.execute(_waiting_before(row)))).scalars().all()
    return sorted(set(range(last + 1, row.sequence)) - set(waits))


async def retry_waiting(runtime: Runtime, number: int, done: Intervention) -> bool:
    """Try its case again now; True when the message was applied."""

    async def note(transaction: Transaction) -> Any:
        row = await _row(transaction, waiting, number)
        await _write_down(transaction, row, done, row.event)
        return row

    row = await runtime.write(note)
    return await _release(runtime, row)


async def skip_waiting(runtime: Runtime, number: int, done: Intervention) -> bool:
    """Give up what is missing before it; if nothing is, the message itself. True when it waits no more.

    Raises Refused while an earlier message of its producer waits: that one comes first.
    """

    async def skip(transaction: Transaction) -> Any:
        row = await _row(transaction, waiting, number)
        if (await transaction.connection.execute(_waiting_before(row))).first():
            detail = "an earlier message of the same producer waits; retry or skip that one first"
            raise Refused.conflict(contract_finding("NOT_THE_FIRST", "design rule 6", detail))
        arrival = kept(row, lambda kind: False)
        inbox = Inbox(transaction)
        await inbox.prepare([arrival])
        if row.sequence > inbox.last(arrival.stream) + 1:
            inbox.pass_over(arrival.stream, row.sequence - 1)
        else:
            inbox.pass_over(arrival.stream, row.sequence)
            await transaction.connection.execute(delete(waiting).where(waiting.c.id == number))
            await inbox.pass_over_parked(arrival.stream)
        await inbox.flush()
        await _write_down(transaction, row, done, row.event)
        return row

    return await _release(runtime, await runtime.write(skip))


async def retry_parked(runtime: Runtime, number: int, done: Intervention) -> bool:
    """Read it again; True when it could be read and was applied, late as it is."""

    async def again(transaction: Transaction) -> bool:
        row = await _row(transaction, parked, number)
        await _write_down(transaction, row, done, row.headers)
        found = read_record(_record(row))
        if isinstance(found, Unreadable):
            await _note_reason(transaction, number, found.reason)
            return False
        await _apply_late(runtime, transaction, found)
        await transaction.connection.execute(delete(parked).where(parked.c.id == number))
        return True

    try:
        return await runtime.write(again)
    except Exception as error:
        if is_transient(error) or (isinstance(error, Refused) and error.status == 404):
            raise
        reason, detail, _ = explain(error)

    async def refused(transaction: Transaction) -> bool:
        row = await _row(transaction, parked, number)
        await _write_down(transaction, row, done, row.headers)
        await _note_reason(transaction, number, f"{reason}: {detail}")
        return False

    return await runtime.write(refused)


async def skip_parked(runtime: Runtime, number: int, done: Intervention) -> bool:
    """Put it away for good; only the audit keeps it. Raises Refused while messages before it are missing."""

    async def skip(transaction: Transaction) -> bool:
        row = await _row(transaction, parked, number)
        stream = (row.world, row.case_id, row.source)
        last = (await transaction.connection.execute(_heard(stream))).scalar_one_or_none() or 0
        if row.sequence is not None and row.sequence > last:
            detail = "messages before it are missing; without it they would leave a gap"
            raise Refused.conflict(contract_finding("NOT_THE_FIRST", "design rule 6", detail))
        await _write_down(transaction, row, done, row.headers + "\n" + row.body.decode("utf-8", "replace"))
        await transaction.connection.execute(delete(parked).where(parked.c.id == number))
        return True

    return await runtime.write(skip)


async def _row(transaction: Transaction, table: Table, number: int) -> Any:
    found = await transaction.connection.execute(select(table).where(table.c.id == number).with_for_update())
    row = found.one_or_none()
    if row is None:
        detail = f"no message {number} is {table.name} here; it may have been applied meanwhile"
        raise Refused.unknown(contract_finding("NOT_SET_ASIDE", "design rule 6", detail))
    return row


async def _write_down(transaction: Transaction, row: Any, done: Intervention, message: str) -> None:
    where = {
        "world": row.world,
        "case_id": row.case_id,
        "message": message.replace("\0", ""),
        "at": wall_clock(),
    }
    what = {"action": done.action, "reason": done.reason, "who": done.who}
    await transaction.connection.execute(insert(interventions).values(**what, **where))


async def _note_reason(transaction: Transaction, number: int, reason: str) -> None:
    statement = update(parked).where(parked.c.id == number).values(reason=reason[:500])
    await transaction.connection.execute(statement)


async def _release(runtime: Runtime, row: Any) -> bool:
    if runtime.consumer is not None:
        await runtime.consumer.waiting_room.release(row.world, row.case_id)
    still = select(waiting.c.id).where(waiting.c.id == row.id)
    return (await runtime.read(lambda connection: connection.execute(still))).first() is None


async def _apply_late(runtime: Runtime, transaction: Transaction, arrival: Arrival) -> None:
    """What was parked counts as heard already; its effect was all that was missing."""
    inbox = Inbox(transaction)
    await inbox.prepare([arrival])
    if not await inbox.follows(arrival):
        raise Refused.conflict(contract_finding("GAP", "design rule 6", "messages before it are missing"))
    if runtime.consumer is not None:
        await runtime.consumer.delivery.react(transaction, arrival)
    if arrival.sequence > inbox.last(arrival.stream):
        inbox.applied(arrival)
    await inbox.flush()


def _record(row: Any) -> Received:
    headers = tuple((name, value.encode()) for name, value in json.loads(row.headers).items())
    return Received(row.topic, row.log_partition, row.log_offset, b"", headers, row.body)


def _heard(stream: Sequence[str | None]) -> Any:
    names = (heard.c.world, heard.c.case_id, heard.c.source)
    return select(heard.c.last).where(*(name == part for name, part in zip(names, stream, strict=True)))


def _waiting_before(row: Any) -> Any:
    same = (waiting.c.world == row.world, waiting.c.case_id == row.case_id, waiting.c.source == row.source)
    return select(waiting.c.sequence).where(*same, waiting.c.sequence < row.sequence)
