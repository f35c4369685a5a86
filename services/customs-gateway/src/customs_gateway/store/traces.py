"""What is kept of containers, references and companies across cases; all of it is locked in one order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from customs_gateway.domain.checks.examination import Elsewhere
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
from customs_gateway.store.rows import DECLARATIONS
from customs_gateway.tables import TRACES_TABLE
from pic_kit.repository import Repository
from pic_kit.transaction import NO_CASE, Transaction, Work
from pic_schemas.messages import CancellationGranted, DeclarationLodged, Message, MovementReceived

TRACES = Repository(
    TRACES_TABLE,
    Trace,
    key=lambda trace: (trace.world, trace.mark),
    columns=lambda trace: {},
)


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
