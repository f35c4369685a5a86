"""Movements that failed, from the day they became known to their end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pic_law.clocks import END_OF_DAY
from pic_law.remedies import measure
from pic_schemas.envelope import Event
from pic_schemas.messages import (
    IllegalTrafficReported,
    RemedyCompleted,
    RemedyEscalated,
    RemedyOpened,
    RemedyOpposed,
    RemedyOrdered,
    ReturnDeparted,
)
from single_window.domain.case import CaseFile
from single_window.domain.failures import RemedyEntry
from single_window.domain.projections.register import projects


@projects(RemedyOpened, IllegalTrafficReported)
def open_(case: CaseFile, event: Event, message: Any) -> None:
    """A report of customs opens a case of its own, under the id of its declaration."""
    reported = isinstance(message, IllegalTrafficReported)
    entry = RemedyEntry(
        remedy_id=message.declaration_id if reported else message.remedy_id,
        cause=message.conduct_of if reported else message.cause,
        facts=message.facts,
        opened_on=message.reported_on if reported else message.opened_on,
        net_kg=message.net_kg,
        waste_code=message.waste_code,
        shipment=message.shipment,
        art9_letters=list(message.art9_letters),
        duty_of=message.duty_of,
        due_at=message.due_at,
        article=message.article,
    )
    case.remedies.setdefault(entry.remedy_id, entry)
    _reach(case, message.shipment, "TAKE_BACK_PENDING" if entry.duty_of else "COOPERATION")


@projects(RemedyOrdered)
def order(case: CaseFile, event: Event, message: RemedyOrdered) -> None:
    if (entry := case.remedies.get(message.remedy_id)) is not None:
        entry.measure, entry.orders = message.measure, event.sender.partition("/")[0]
        if message.finish_by is not None:
            entry.due_at = datetime.combine(message.finish_by, END_OF_DAY)
            entry.article = message.finish_article


@projects(RemedyOpposed)
def oppose(case: CaseFile, event: Event, message: RemedyOpposed) -> None:
    if (entry := case.remedies.get(message.remedy_id)) is not None:
        entry.measure = entry.orders = None


@projects(ReturnDeparted)
def depart(case: CaseFile, event: Event, message: ReturnDeparted) -> None:
    if (entry := case.remedies.get(message.remedy_id)) is not None:
        entry.departed_on = message.departed_on
        _reach(case, message.shipment, "RETURNING")


@projects(RemedyEscalated)
def escalate(case: CaseFile, event: Event, message: RemedyEscalated) -> None:
    if (entry := case.remedies.get(message.remedy_id)) is not None:
        entry.escalations, entry.overdue = message.times, message.why == "overdue"


@projects(RemedyCompleted)
def complete(case: CaseFile, event: Event, message: RemedyCompleted) -> None:
    entry = case.remedies.get(message.remedy_id)
    if entry is None:
        return
    entry.outcome, entry.completed_on, entry.overdue = message.outcome, message.completed_on, False
    entry.credited_kg = message.credited_kg
    _reach(case, message.shipment, message.outcome)
    if case.number is None:
        case.state = message.outcome


def moves(entry: RemedyEntry) -> bool:
    """Whether what was ordered brings the load back."""
    found = measure(entry.measure or "")
    return found is not None and found.moves


def _reach(case: CaseFile, shipment: int | None, state: str) -> None:
    """A failed shipment is told by its remedy, whatever else is heard of it."""
    if (movement := case.movements.get(shipment or 0)) is not None:
        movement.state, movement.overdue = state, None
