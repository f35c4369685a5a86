"""All SQL of the window: events by log position, cases by concern."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, func, literal, or_, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.prepared import Prepared
from pic_kit.repository import Repository
from pic_kit.tables import waiting, worlds
from pic_kit.transaction import NO_CASE, Transaction
from pic_schemas.envelope import Event, to_structured
from pic_schemas.numbers import UnreadableNumber, normalise
from single_window.domain.audit import Entry
from single_window.domain.case import CaseFile
from single_window.window.tables import CASES, CONCERNED, EVENTS

Place = tuple[str, int]
CLOSED = "CLOSED"
CASES_A_PIECE = 20
Parties = Sequence[str] | None


@dataclass
class Recorded:
    """An event and its place in the log, the same after a rebuild; in a case also its place there."""

    event: Event
    topic: str
    partition: int
    offset: int
    position: int = 0
    chain: str = ""


events = Repository(
    EVENTS,
    Recorded,
    key=lambda recorded: (recorded.event.world, str(recorded.event.id)),
    columns=lambda recorded: {
        "case_id": recorded.event.case or NO_CASE,
        "topic": recorded.topic,
        "log_partition": recorded.partition,
        "log_offset": recorded.offset,
        "source": recorded.event.source,
        "sequence": recorded.event.sequence,
        "time": recorded.event.time,
    },
)
cases = Repository(
    CASES,
    CaseFile,
    key=lambda case: (case.world, case.case),
    columns=lambda case: {"number": case.number, "state": case.state, "opened_at": case.opened_at},
)


def concerns(table: Any, parties: Parties) -> Any:
    """True for rows of a case that concerns one of the parties; None sees its whole world."""
    if parties is None:
        return literal(True)
    linked = (CONCERNED.c.world == table.c.world, CONCERNED.c.case_id == table.c.case_id)
    return select(CONCERNED.c.party).where(*linked, CONCERNED.c.party.in_(parties)).exists()


def note_concerned(transaction: Transaction, case: CaseFile, parties: Iterable[str]) -> None:
    for party in parties:
        transaction.add_row(CONCERNED, {"world": case.world, "party": party, "case_id": case.case})


async def forget_world(connection: AsyncConnection, world: str) -> None:
    for table in (EVENTS, CASES, CONCERNED):
        await connection.execute(delete(table).where(table.c.world == world))


async def forget_closed_cases(transaction: Transaction, before: datetime) -> int:
    """Cases of live worlds that were closed and in which nothing has happened since, audit log and all.

    Sandbox worlds go as a whole, when they are deleted.
    """
    live = select(worlds.c.world).where(worlds.c.mode == "live")
    here = (EVENTS.c.world == CASES.c.world, EVENTS.c.case_id == CASES.c.case_id)
    since = select(EVENTS.c.event_id).where(*here, EVENTS.c.time >= before).exists()
    query = select(CASES.c.doc).where(CASES.c.world.in_(live), CASES.c.state == CLOSED)
    old = query.where(CASES.c.opened_at < before, ~since).limit(CASES_A_PIECE)
    found = [cases.read(row.doc) for row in await transaction.connection.execute(old)]
    for case in found:
        keys = {"world": case.world, "case_id": case.case}
        named = and_(CONCERNED.c.party.in_(case.parties), _is(CONCERNED, keys))
        for table, where in ((CONCERNED, named), (EVENTS, _is(EVENTS, keys)), (CASES, _is(CASES, keys))):
            await transaction.connection.execute(delete(table).where(where))
    return len(found)


def _is(table: Any, values: dict[str, str]) -> Any:
    return and_(*(table.c[name] == value for name, value in values.items()))


async def events_of(connection: AsyncConnection, world: str, case: str | None = None) -> list[Event]:
    """In the order of the digest: what happened first, ties by producer."""
    where = EVENTS.c.world == world
    if case is not None:
        where = and_(where, EVENTS.c.case_id == case)
    query = select(EVENTS.c.doc).where(where).order_by(EVENTS.c.time, EVENTS.c.source, EVENTS.c.sequence)
    return [events.read(row.doc).event for row in await connection.execute(query)]


async def audit_of(connection: AsyncConnection, world: str, case: str) -> list[Entry]:
    """The chained log of a case, in its order."""
    query = select(EVENTS.c.doc).where(EVENTS.c.world == world, EVENTS.c.case_id == case)
    found = [events.read(row.doc) for row in await connection.execute(query)]
    ordered = sorted(found, key=lambda recorded: (recorded.position, recorded.offset))
    return [Entry(each.position, each.chain, to_structured(each.event)) for each in ordered]


async def find_event(connection: AsyncConnection, world: str, identity: UUID) -> Event | None:
    """What was said in this world under this id."""
    query = select(EVENTS.c.doc).where(EVENTS.c.world == world, EVENTS.c.event_id == str(identity))
    row = (await connection.execute(query)).one_or_none()
    return events.read(row.doc).event if row else None


async def find_case(
    connection: AsyncConnection, world: str, ref: str, parties: Parties
) -> tuple[CaseFile, int] | None:
    """By case id or notification number; None also where the caller is not concerned."""
    names = [CASES.c.case_id == ref]
    with suppress(UnreadableNumber):
        names.append(CASES.c.number == normalise(ref))
    where = and_(CASES.c.world == world, or_(*names), concerns(CASES, parties))
    found = await cases.fetch(connection, where, limit=1)
    return found[0] if found else None


async def list_cases(
    connection: AsyncConnection,
    world: str,
    parties: Parties,
    *,
    state: str | None = None,
    after: tuple[datetime, str] | None = None,
    limit: int = 100,
) -> list[CaseFile]:
    """Oldest first, from a keyset on."""
    where = [CASES.c.world == world, concerns(CASES, parties)]
    where += [CASES.c.state == state] if state else []
    where += [tuple_(CASES.c.opened_at, CASES.c.case_id) > tuple_(*after)] if after else []
    query = select(CASES.c.doc).where(*where).order_by(CASES.c.opened_at, CASES.c.case_id).limit(limit)
    return [cases.read(row.doc) for row in await connection.execute(query)]


async def open_cases(connection: AsyncConnection, world: str, parties: Parties, limit: int) -> list[CaseFile]:
    """Cases in which something may still wait for somebody."""
    where = (CASES.c.world == world, CASES.c.state != CLOSED, concerns(CASES, parties))
    query = select(CASES.c.doc).where(*where).order_by(CASES.c.opened_at, CASES.c.case_id).limit(limit)
    return [cases.read(row.doc) for row in await connection.execute(query)]


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One place of the log: `recorded` is None while its message waits for another."""

    topic: str
    partition: int
    offset: int
    recorded: Recorded | None


async def last_offsets(connection: AsyncConnection, world: str) -> dict[Place, int]:
    """Where each partition stands for this world."""
    places = (EVENTS.c.topic, EVENTS.c.log_partition)
    query = select(*places, func.max(EVENTS.c.log_offset).label("last")).where(EVENTS.c.world == world)
    rows = await connection.execute(query.group_by(*places))
    return {(row.topic, row.log_partition): row.last for row in rows}


async def read_log(
    connection: AsyncConnection,
    world: str,
    case: str | None,
    parties: Parties,
    after: dict[Place, tuple[int, frozenset[int]]],
    limit: int,
) -> list[FeedRow]:
    """Of every partition at most `limit` events, and all that waits; one statement, one consistent look."""
    rows: Iterable[Any]
    if case is None and parties is None and not any(holes for _, holes in after.values()):
        # What an observer asks after each step. To put thirty queries together costs more than their answer.
        behind = {f"behind_{number}": offset for number, (offset, _) in enumerate(after.values())}
        rows = await _everything(tuple(after)).rows(connection, world=world, most=limit, **behind)
    else:
        positions = list(after.values())
        rows = await connection.execute(
            _log(tuple(after), lambda table, n: _beyond(table, *positions[n]), world, limit, case, parties)
        )
    found = [
        FeedRow(row.topic, row.log_partition, row.log_offset, events.read(row.doc) if row.doc else None)
        for row in rows
    ]
    return sorted(found, key=lambda row: (row.topic, row.partition, row.offset))


@cache
def _everything(places: tuple[Place, ...]) -> Prepared:
    def beyond(table: Any, number: int) -> Any:
        return table.c.log_offset > bindparam(f"behind_{number}")

    return Prepared(_log(places, beyond, bindparam("world"), bindparam("most")))


def _beyond(table: Any, offset: int, holes: frozenset[int]) -> Any:
    return or_(table.c.log_offset > offset, table.c.log_offset.in_(sorted(holes)))


def _log(
    places: Sequence[Place],
    beyond: Callable[[Any, int], Any],
    world: Any,
    limit: Any,
    case: str | None = None,
    parties: Parties = None,
) -> Any:
    parts = []
    for table, doc in ((EVENTS, EVENTS.c.doc), (waiting, literal(None).label("doc"))):
        for number, (topic, partition) in enumerate(places):
            here = (table.c.topic == topic, table.c.log_partition == partition, table.c.world == world)
            query = select(table.c.topic, table.c.log_partition, table.c.log_offset, doc)
            query = query.where(*here, beyond(table, number))
            query = query.where(table.c.case_id == case) if case else query
            if table is EVENTS:
                # What belongs to no case concerns the whole world. Of what waits only the place is told.
                query = query.where(or_(table.c.case_id == NO_CASE, concerns(table, parties)))
                query = query.order_by(table.c.log_offset).limit(limit)
            parts.append(query.subquery().select())
    return union_all(*parts)


async def all_histories(connection: AsyncConnection, world: str) -> list[tuple[CaseFile, list[Event]]]:
    """Every case of a world with its events, in one statement each."""
    histories: dict[str, list[Event]] = {}
    for event in await events_of(connection, world):
        histories.setdefault(event.case or NO_CASE, []).append(event)
    found = await cases.fetch(connection, CASES.c.world == world)
    return [(case, histories.get(case.case, [])) for case, _ in found]
