"""A load at the border: where it stands if no notification was made, and what customs find out about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pic_schemas.envelope import Event
from pic_schemas.messages import (
    CustomsDetained,
    CustomsEntered,
    CustomsExited,
    CustomsHeld,
    CustomsRefused,
    CustomsReleased,
    CustomsSeized,
    DeclarationLodged,
    DeclarationWithdrawn,
    DetentionEnded,
    IllegalTrafficReported,
    InspectionOrdered,
    InspectionRecorded,
    Message,
    TransitEntered,
    TransitExited,
)
from single_window.domain.border import InspectionEntry
from single_window.domain.case import OPENED, CaseFile, Consignment
from single_window.domain.failures import IllegalTrafficEntry
from single_window.domain.projections.register import projects

REACHES: Mapping[type[Message], str] = {
    DeclarationLodged: "DECLARED",
    CustomsHeld: "HELD",
    CustomsReleased: "RELEASED",
    CustomsRefused: "REFUSED",
    InspectionOrdered: "UNDER_INSPECTION",
    DeclarationWithdrawn: "DECLARATION_WITHDRAWN",
    CustomsDetained: "DETAINED",
    CustomsExited: "EXITED",
    CustomsEntered: "ENTERED",
    TransitEntered: "IN_TRANSIT",
    TransitExited: "TRANSIT_LEFT",
    IllegalTrafficReported: "ILLEGAL_TRAFFIC",
    CustomsSeized: "SEIZED",
}
# Illegal traffic is left only when what is due has been done.
ON_THE_WAY = {OPENED, *REACHES.values()} - {"ILLEGAL_TRAFFIC"}


@projects(*REACHES)
def reach(case: CaseFile, event: Event, message: Message) -> None:
    """A notification's own state says more than the border does."""
    if case.number is None and case.state in ON_THE_WAY:
        case.state = REACHES[type(message)]


@projects(DeclarationLodged)
def describe(case: CaseFile, event: Event, message: DeclarationLodged) -> None:
    """What the declaration says is all that is known of a load without notification."""
    if case.number is not None or case.consignment is not None:
        return
    form = message.general_information
    facility = form.facility if form else message.consignee
    case.export_state = message.origin
    case.consignment = Consignment(
        exporter=message.exporter,
        exporter_name=message.exporter,
        importer_name=message.consignee,
        facility=facility,
        facility_name=facility,
        waste=message.description,
        code=message.basel_code or "",
        operation=", ".join(message.operations),
        quantity_kg=message.net_kg,
        shipments=1,
        states=[message.origin, *message.transits, message.destination],
    )


@projects(InspectionOrdered)
def order(case: CaseFile, event: Event, message: InspectionOrdered) -> None:
    if (entry := case.declarations.get(message.declaration_id)) is not None:
        entry.inspections.append(
            InspectionEntry(message.inspection, message.kind, message.reason, message.ordered_on)
        )


@projects(InspectionRecorded)
def record(case: CaseFile, event: Event, message: InspectionRecorded) -> None:
    for inspection in _inspections(case, message):
        if inspection.inspection == message.inspection:
            inspection.inspected_on, inspection.findings = message.inspected_on, message.findings
            inspection.contaminants = contaminants(message)
            inspection.attachments = attached(message)


@projects(CustomsDetained)
def detain(case: CaseFile, event: Event, message: CustomsDetained) -> None:
    if (entry := case.declarations.get(message.declaration_id)) is not None:
        entry.detained_on, entry.detained_at = message.detained_on, message.place


@projects(CustomsSeized)
def seize(case: CaseFile, event: Event, message: CustomsSeized) -> None:
    if (entry := case.declarations.get(message.declaration_id)) is not None:
        entry.kept = "SEIZED"


@projects(DetentionEnded)
def end(case: CaseFile, event: Event, message: DetentionEnded) -> None:
    """Let go, it is as if it had been released; the checks stay as they were."""
    entry = case.declarations.get(message.declaration_id)
    if entry is None:
        return
    entry.kept = message.outcome
    if message.outcome == "RELEASED_BY_CA_DECISION":
        entry.outcome, entry.detained_on = "released", None
    if case.number is None and case.state in ON_THE_WAY:
        case.state = "RELEASED" if message.outcome == "RELEASED_BY_CA_DECISION" else message.outcome


@projects(IllegalTrafficReported)
def report(case: CaseFile, event: Event, message: IllegalTrafficReported) -> None:
    case.illegal_traffic = IllegalTrafficEntry(
        office=message.office,
        declaration_id=message.declaration_id,
        art9_letters=list(message.art9_letters),
        facts=message.facts,
        reported_on=message.reported_on,
        waste_code=message.waste_code,
        conduct_of=message.conduct_of,
        duty_of=message.duty_of,
        due_at=message.due_at,
        article=message.article,
    )


def contaminants(message: InspectionRecorded) -> list[str]:
    """What was found, in words."""
    found = message.composition.contaminants if message.composition else ()
    return [f"{one.percent.normalize():f} % {one.kind}" for one in found]


def attached(message: InspectionRecorded) -> list[str]:
    """Photos and documents by kind, type, size and digest."""
    return [
        f"{one.kind} ({one.media_type}, {-(-one.size // 1024)} kB, sha256 {one.sha256})"
        for one in message.attachments
    ]


def _inspections(case: CaseFile, message: Any) -> list[InspectionEntry]:
    entry = case.declarations.get(message.declaration_id)
    return entry.inspections if entry is not None else []
