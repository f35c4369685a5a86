"""All SQL of this service: where registry entries and declarations live, and who may find them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import Table, and_, bindparam, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from customs_gateway.domain.checks.examination import Elsewhere
from customs_gateway.domain.consignment import Consignment
from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.domain.remedy import Remedy
from customs_gateway.domain.selectivity.draw import Sampling
from customs_gateway.domain.selectivity.hits import Group, found_in, selected_by, stratum_of
from customs_gateway.domain.traces import (
    Trace,
    holder,
    irregular,
    mark_of_case,
    mark_of_reference,
    marks_of_load,
    marks_of_parties,
    refused,
)
from customs_gateway.tables import (
    CONSIGNMENTS_TABLE,
    DECLARATIONS_TABLE,
    REGISTRY_TABLE,
    REMEDIES_TABLE,
    SAMPLING_TABLE,
    TRACES_TABLE,
    attachment_parts,
)
from pic_kit.access import Caller
from pic_kit.attachments import Contents
from pic_kit.repository import Repository
from pic_kit.transaction import NO_CASE, Transaction, Work
from pic_schemas.messages import CancellationGranted, DeclarationLodged, Message, MovementReceived
from pic_schemas.numbers import UnreadableNumber, normalise

CONTENTS = Contents(attachment_parts)

REGISTRY = Repository(
    REGISTRY_TABLE,
    RegistryEntry,
    key=lambda entry: (entry.world, entry.case),
    columns=lambda entry: {"number": entry.number},
)


def _hits(declaration: Declaration) -> dict[str, str]:
    """What it was selected for before anybody looked, and what looking found."""
    selection = selected_by(declaration)
    return {
        "fired": " ".join(selection.scored) if selection else "",
        "stratum": stratum_of(selection),
        "found": found_in(declaration),
    }


DECLARATIONS = Repository(
    DECLARATIONS_TABLE,
    Declaration,
    key=lambda declaration: (declaration.world, declaration.id),
    columns=lambda declaration: {
        "case_id": declaration.case,
        "office_state": declaration.office_state,
        "states": " ".join(sorted({*declaration.states, declaration.office_state})),
        "state": declaration.state.value,
        **_hits(declaration),
    },
)

SAMPLING = Repository(
    SAMPLING_TABLE,
    Sampling,
    key=lambda sampling: (sampling.world, sampling.state),
    columns=lambda sampling: {},
)

CONSIGNMENTS = Repository(
    CONSIGNMENTS_TABLE,
    Consignment,
    key=lambda consignment: (consignment.world, consignment.ucr),
    columns=lambda consignment: {},
)


TRACES = Repository(
    TRACES_TABLE,
    Trace,
    key=lambda trace: (trace.world, trace.mark),
    columns=lambda trace: {},
)

REMEDIES = Repository(
    REMEDIES_TABLE,
    Remedy,
    key=lambda remedy: (remedy.world, remedy.id),
    columns=lambda remedy: {
        "case_id": remedy.case,
        "states": " ".join(sorted(remedy.states)),
        "standing": "overdue" if remedy.overdue and remedy.completed_on is None else remedy.stage.value,
    },
)


async def case_of(connection: AsyncConnection, world: str, ref: str) -> str | None:
    """The case of a case id or notification number that was transmitted; None if there is none."""
    try:
        refers = REGISTRY_TABLE.c.case_id == str(UUID(ref))
    except ValueError:
        return await case_of_number(connection, world, ref)
    return await _first_case(connection, REGISTRY_TABLE, _transmitted(world), refers)


async def case_of_number(connection: AsyncConnection, world: str, number: str) -> str | None:
    """The case of a notification number, written in any way; None if there is none."""
    try:
        refers = REGISTRY_TABLE.c.number == normalise(number)
    except UnreadableNumber:
        return None
    return await _first_case(connection, REGISTRY_TABLE, _transmitted(world), refers)


_BY_NUMBER = REGISTRY.locking(
    and_(REGISTRY_TABLE.c.world == bindparam("world"), REGISTRY_TABLE.c.number == bindparam("number"))
)


async def entry_of_number(work: Work, number: str) -> RegistryEntry | None:
    """The entry of a notification number, written in any way, loaded and locked."""
    try:
        written = normalise(number)
    except UnreadableNumber:
        return None
    return await work.shelf(REGISTRY).find(_BY_NUMBER, world=work.world.id, number=written)


async def case_of_declaration(connection: AsyncConnection, caller: Caller, declaration: str) -> str | None:
    """The case of a declaration that the caller may see; nothing is locked."""
    return await _first_case(connection, DECLARATIONS_TABLE, one_declaration(caller, declaration))


async def declarations_of(connection: AsyncConnection, world: str, case: str) -> list[str]:
    """Every declaration of a case, by id; nothing is locked."""
    table = DECLARATIONS_TABLE
    query = select(table.c.declaration_id).where(table.c.world == world, table.c.case_id == case)
    found = await connection.execute(query.order_by(table.c.declaration_id))
    return [str(one) for one in found.scalars()]


_SAMPLING = select(SAMPLING_TABLE.c.doc).where(
    SAMPLING_TABLE.c.world == bindparam("world"), SAMPLING_TABLE.c.state == bindparam("state")
)


async def sampling_of(connection: AsyncConnection, world: str, state: str) -> Sampling | None:
    """What the State draws in this world; nothing is locked."""
    found = (await connection.execute(_SAMPLING, {"world": world, "state": state})).scalar_one_or_none()
    return None if found is None else SAMPLING.read(found)


async def hits_of(connection: AsyncConnection, caller: Caller) -> list[Group]:
    """The declarations of the caller's State in groups that were selected and found alike."""
    table = DECLARATIONS_TABLE
    alike = (table.c.fired, table.c.stratum, table.c.found)
    where = [table.c.world == caller.world, table.c.office_state == caller.state]
    query = select(*alike, func.count().label("declarations")).where(*where).group_by(*alike)
    rows = await connection.execute(query)
    return [Group(tuple(row.fired.split()), row.stratum, row.found, row.declarations) for row in rows]


async def _first_case(connection: AsyncConnection, table: Table, *where: Any) -> str | None:
    found = (await connection.execute(select(table.c.case_id).where(*where).limit(1))).scalar_one_or_none()
    return None if found is None else str(found)


def _transmitted(world: str) -> Any:
    return and_(REGISTRY_TABLE.c.world == world, REGISTRY_TABLE.c.number.is_not(None))


def one_entry(world: str, case: str) -> Any:
    return REGISTRY.matches([(world, case)])


def entries_of_numbers(world: str, numbers: Iterable[str]) -> Any:
    """The entries of many numbers, written as they are registered."""
    return and_(_transmitted(world), REGISTRY_TABLE.c.number.in_(sorted(numbers)))


def one_declaration(caller: Caller, declaration: str) -> Any:
    return and_(DECLARATIONS.matches([(caller.world, declaration)]), seen_by(caller))


def declarations_after(caller: Caller, case: str | None, after: str | None) -> Any:
    """A page of the declarations that the caller may see, in the order of their ids."""
    table = DECLARATIONS_TABLE
    page = [table.c.world == caller.world, seen_by(caller)]
    page += [table.c.case_id == case] if case is not None else []
    page += [table.c.declaration_id > after] if after is not None else []
    return and_(*page)


def seen_by(caller: Caller) -> Any:
    """An observer sees its world; everyone else what concerns its State."""
    if "observer" in caller.roles:
        return true()
    table = DECLARATIONS_TABLE
    return or_(table.c.office_state == caller.state, table.c.states.contains(caller.state, autoescape=True))


def remedies_of(
    caller: Caller, *, only: str | None = None, overdue: bool = False, after: str | None = None
) -> Any:
    """The failed movements that the caller may see, in the order of their ids."""
    table = REMEDIES_TABLE
    where = [table.c.world == caller.world]
    if "observer" not in caller.roles:
        where.append(table.c.states.contains(caller.state, autoescape=True))
    where += [table.c.remedy_id == only] if only is not None else []
    where += [table.c.standing == "overdue"] if overdue else []
    where += [table.c.remedy_id > after] if after is not None else []
    return and_(*where)


def concerns(entry: RegistryEntry, caller: Caller) -> bool:
    """Whether the caller may know of this notification."""
    return "observer" in caller.roles or caller.state in entry.states


async def look_elsewhere(
    work: Work, case: str, shipment: int | None, lodged: DeclarationLodged, facility: str | None
) -> Elsewhere:
    """What other cases say of the companies, the containers and the reference of a load; all are locked."""
    # With the case's own book, which is written when the load goes on its way.
    companies, load = marks_of_parties(lodged, facility), marks_of_load(lodged)
    past = {*refused(load), *irregular(companies)}
    reference, book = mark_of_reference(lodged), mark_of_case(case)
    known = await _traces(work, [*companies, *load, *past, book])
    open_cases = [known[mark].of_other_cases(case) for mark in companies if mark in known]
    in_use = [
        known[mark].of_other_cases(case)
        if mark == reference
        else known[mark].of_other_movements(case, shipment)
        for mark in load
        if mark in known
    ]
    return Elsewhere(
        tuple(chain.from_iterable(open_cases)),
        tuple(chain.from_iterable(in_use)),
        refused=_kept(known, refused(load), lodged.office),
        irregular=_kept(known, irregular(companies), lodged.declaration_id),
    )


def _kept(known: dict[str, Trace], marks: Iterable[str], but: str) -> tuple[str, ...]:
    """What is kept under these marks, each once, without what one holder said itself."""
    said = chain.from_iterable(known[mark].open.items() for mark in marks if mark in known)
    return tuple(dict.fromkeys(why for name, why in said if name != but))


async def load_was_refused(work: Work, lodged: DeclarationLodged, why: str) -> None:
    """Another office that is shown the same containers or reference learns of it."""
    await _traces(work, refused(marks_of_load(lodged)))
    for mark in refused(marks_of_load(lodged)):
        (await _trace(work, mark)).begin(lodged.office, why)


async def refusal_is_lifted(work: Work, lodged: DeclarationLodged) -> None:
    """The office that had refused the load has released it: what was wrong was put right."""
    for trace in (await _traces(work, refused(marks_of_load(lodged)))).values():
        trace.end(lodged.office)


async def load_was_irregular(work: Work, lodged: DeclarationLodged, facility: str | None, why: str) -> None:
    """The next loads of these companies are looked at with this in mind."""
    marks = irregular(marks_of_parties(lodged, facility))
    await _traces(work, marks)
    for mark in marks:
        (await _trace(work, mark)).begin(lodged.declaration_id, why)


async def load_is_under_way(
    work: Work, case: str, shipment: int | None, lodged: DeclarationLodged, load: str
) -> None:
    """From now on the containers and the reference of this load are in use."""
    marks, book = marks_of_load(lodged), mark_of_case(case)
    await work.shelf(TRACES).load((work.world.id, mark) for mark in sorted([*marks, book]))
    for mark in marks:
        (await _trace(work, mark)).begin(holder(case, shipment), load)
        (await _trace(work, book)).begin(f"{holder(case, shipment)} {mark}", mark)


async def load_has_ended(work: Work, case: str, shipment: int | None) -> None:
    """The load arrived, or never left: its containers and its reference are free again."""
    book = await work.shelf(TRACES).get(work.world.id, mark_of_case(case))
    ended = _open_marks(book, case, shipment) if book else {}
    known = await _traces(work, ended.values())
    for name, mark in ended.items():
        known[mark].end(holder(case, shipment))
        if book is not None:
            book.end(name)


async def case_is_open_on(work: Work, case: str, companies: Iterable[str], why: str) -> None:
    """Illegal traffic was reported, or a take-back is owed: the next load of these companies is looked at."""
    book = mark_of_case(case)
    await work.shelf(TRACES).load((work.world.id, mark) for mark in sorted({*companies, book}))
    for mark in companies:
        (await _trace(work, mark)).begin(holder(case, None), why)
        (await _trace(work, book)).begin(f"{holder(case, None)} {mark}", mark)


async def load_traces(transaction: Transaction, heard: Sequence[tuple[str, str | None, Message]]) -> None:
    """What messages say of loads will need these: the books of their cases, then the marks in them."""
    books, marks = set[tuple[str, str]](), set[tuple[str, str]]()
    ended: list[tuple[str, str, int]] = []
    declarations = transaction.shelf(DECLARATIONS)
    for world, case, message in heard:
        if isinstance(message, MovementReceived | CancellationGranted):
            books.add((world, mark_of_case(case or NO_CASE)))
            ended.append((world, case or NO_CASE, message.shipment))
        elif (
            isinstance(message, DeclarationLodged)
            and message.shipment is not None
            and not await declarations.exists(world, message.declaration_id)
        ):
            books.add((world, mark_of_case(case or NO_CASE)))
            marks |= {(world, mark) for mark in marks_of_load(message)}
    shelf = transaction.shelf(TRACES)
    await shelf.load(sorted(books))
    for world, case, shipment in ended:
        if (book := await shelf.get(world, mark_of_case(case))) is not None:
            marks |= {(world, mark) for mark in _open_marks(book, case, shipment).values()}
    await shelf.load(sorted(marks))


def _open_marks(book: Trace, case: str, shipment: int | None) -> dict[str, str]:
    mine = f"{holder(case, shipment)} "
    return {name: mark for name, mark in book.open.items() if name.startswith(mine)}


async def _traces(work: Work, marks: Iterable[str]) -> dict[str, Trace]:
    shelf, wanted = work.shelf(TRACES), sorted(set(marks))
    await shelf.load((work.world.id, mark) for mark in wanted)
    found = {mark: await shelf.get(work.world.id, mark) for mark in wanted}
    return {mark: trace for mark, trace in found.items() if trace is not None}


async def _trace(work: Work, mark: str) -> Trace:
    shelf = work.shelf(TRACES)
    return await shelf.get(work.world.id, mark) or shelf.add(Trace(work.world.id, mark))
