"""Customs declarations and how they were decided; what each check found stays in the decision's message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pic_schemas.envelope import Event
from pic_schemas.messages import (
    CancellationGranted,
    CustomsDecision,
    CustomsEntered,
    CustomsExited,
    CustomsHeld,
    CustomsRefused,
    CustomsReleased,
    DeclarationAmended,
    DeclarationLodged,
    DeclarationWithdrawn,
    ExitOverdue,
    Message,
    TransitDischarged,
    TransitEntered,
    TransitExited,
    TransitOverdue,
)
from single_window.domain.border import DeclarationEntry, ProcedureEntry
from single_window.domain.case import CaseFile
from single_window.domain.projections.register import projects

OUTCOMES: Mapping[type[Message], str] = {
    CustomsReleased: "released",
    CustomsHeld: "held",
    CustomsRefused: "refused",
}


@projects(DeclarationLodged)
def lodge(case: CaseFile, event: Event, message: DeclarationLodged) -> None:
    case.declarations[message.declaration_id] = DeclarationEntry(
        declaration_id=message.declaration_id,
        direction=message.direction,
        office=message.office,
        net_kg=message.net_kg,
        shipment=message.shipment,
        movement_number=message.movement_number,
        hs=message.hs,
        code=message.basel_code or "",
        description=message.description,
    )


@projects(DeclarationAmended)
def amend(case: CaseFile, event: Event, message: DeclarationAmended) -> None:
    entry = case.declarations.get(message.declaration_id)
    if entry is not None:
        entry.net_kg, entry.hs, entry.code = message.net_kg, message.hs, message.basel_code or ""
        entry.description = message.description


@projects(DeclarationWithdrawn)
def take_back(case: CaseFile, event: Event, message: DeclarationWithdrawn) -> None:
    entry = case.declarations.get(message.declaration_id)
    if entry is not None:
        entry.outcome, entry.reasons, entry.checks = "withdrawn", [], []


@projects(*OUTCOMES)
def decide(case: CaseFile, event: Event, message: CustomsDecision) -> None:
    entry = case.declarations.get(message.declaration_id)
    if entry is None:
        return
    entry.outcome = OUTCOMES[type(message)]
    entry.shipment = message.shipment or entry.shipment
    entry.reasons = list(message.reasons)
    if (found := message.procedure) is not None:
        entry.procedure = ProcedureEntry(found.outcome, found.article, found.source, found.detail)
    entry.checks = []


@projects(CancellationGranted)
def withdraw(case: CaseFile, event: Event, message: CancellationGranted) -> None:
    """Nothing is to be decided or confirmed any more for a shipment that does not start."""
    for entry in case.declarations.values():
        if entry.shipment == message.shipment and entry.direction == "export":
            entry.outcome = "withdrawn"


@projects(CustomsExited, CustomsEntered)
def cross(case: CaseFile, event: Event, message: Any) -> None:
    entry = case.declarations.get(message.declaration_id)
    if entry is not None:
        entry.crossed_on = getattr(message, "exited_on", None) or message.entered_on
        entry.overdue = False


@projects(TransitEntered, TransitExited, TransitDischarged)
def stamp(case: CaseFile, event: Event, message: Any) -> None:
    """A transit has two stamps and an end."""
    entry = case.declarations.get(message.declaration_id)
    if entry is None:
        return
    entry.crossed_on = getattr(message, "entered_on", entry.crossed_on)
    entry.left_on = getattr(message, "exited_on", entry.left_on)
    entry.discharged_on = getattr(message, "discharged_on", entry.discharged_on)
    entry.overdue = entry.overdue and entry.left_on is None


@projects(TransitOverdue, ExitOverdue)
def miss(case: CaseFile, event: Event, message: Any) -> None:
    entry = case.declarations.get(message.declaration_id)
    if entry is not None:
        entry.overdue = True
