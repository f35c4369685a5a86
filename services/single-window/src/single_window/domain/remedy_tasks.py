"""What waits for officials while a failed movement has not come to its end."""

from __future__ import annotations

from collections.abc import Iterator

from pic_law.remedies import open_for
from pic_schemas import messages as said
from pic_schemas.address import Address
from single_window.domain.case import CaseFile
from single_window.domain.duty import Duty
from single_window.domain.failures import RemedyEntry
from single_window.domain.projections.remedies import moves


def remedies_for(case: CaseFile, me: Address) -> Iterator[Duty]:
    """The State that owes something acts; once it is overdue, every authority concerned sees it."""
    for entry in _open(case):
        if me.state == (entry.orders or entry.duty_of) or entry.duty_of is None:
            yield _next(entry)
        elif entry.overdue:
            yield _overdue(entry)


def overdue_for_customs(case: CaseFile) -> Iterator[Duty]:
    """Agency and customs share one file."""
    yield from (_overdue(entry) for entry in _open(case) if entry.overdue)


def _open(case: CaseFile) -> Iterator[RemedyEntry]:
    return (entry for entry in case.remedies.values() if entry.completed_on is None)


def _next(entry: RemedyEntry) -> Duty:
    what = f"{_load(entry)}, {entry.waste_code}: {entry.facts}"
    if entry.measure is None:
        # The cause as it was kept: one of those that the message allows.
        titles = [one.title for one in open_for(entry.cause)]  # type: ignore[arg-type]
        wanted = ", or that ".join(title[0].lower() + title[1:] for title in titles)
        return _duty(entry, said.RemedyOrdered, f"Ensure that {wanted}: {what}")
    if moves(entry) and entry.departed_on is None:
        return _duty(entry, said.ReturnDeparted, f"Bring back {what}")
    return _duty(entry, said.RemedyCompleted, f"Record the end ({entry.measure}) of {what}")


def _overdue(entry: RemedyEntry) -> Duty:
    due = f"since {entry.due_at.date()}" if entry.due_at else "without a last day"
    return _duty(entry, said.RemedyEscalated, f"Overdue {due}, {entry.duty_of} has to act: {_load(entry)}")


def _duty(entry: RemedyEntry, message: type[said.Message], sentence: str) -> Duty:
    return Duty(message, sentence, entry.remedy_id, entry.shipment, entry.due_at, entry.article)


def _load(entry: RemedyEntry) -> str:
    load = f"shipment {entry.shipment}" if entry.shipment else "the load"
    letters = f", Article 9(1) {', '.join(entry.art9_letters)}" if entry.art9_letters else ""
    return f"{load}{letters}"
