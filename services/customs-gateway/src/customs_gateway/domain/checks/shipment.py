"""CH06 to CH09: the shipment's number, its quantity, its movement document and its announcement."""

from __future__ import annotations

from datetime import date

from customs_gateway.domain.checks.consents import NO_NUMBER
from customs_gateway.domain.checks.examination import (
    Examination,
    failed,
    not_applicable,
    not_yet_known,
    passed,
)
from customs_gateway.domain.registry import RegistryEntry
from pic_law.calendars import calendar
from pic_law.clocks import latest_before
from pic_law.governing import governing
from pic_schemas.messages import CheckResult


def shipment_is_within_the_total(examination: Examination) -> CheckResult:
    entry, shipment = examination.entry, examination.shipment
    if entry is None:
        return not_applicable("CH06", NO_NUMBER)
    if shipment is None:
        detail = "shipment and movement number are missing, or name different shipments"
        return failed("CH06", detail, "/shipment")
    if entry.place_of(shipment) > entry.shipments:
        return failed("CH06", f"shipment {shipment} of {entry.shipments}", "/shipment")
    if examination.movement is not None and examination.movement.cancelled_on is not None:
        cancelled = f"cancelled on {examination.movement.cancelled_on}"
        return failed("CH06", f"shipment {shipment} was {cancelled}", "/shipment")
    return _shipment_is_unused(examination, entry, shipment)


def _shipment_is_unused(examination: Examination, entry: RegistryEntry, shipment: int) -> CheckResult:
    place = (examination.direction, examination.office_state)
    rival = entry.ledger.rival(shipment, examination.declaration, *place)
    if rival is not None:
        return failed("CH06", f"shipment {shipment} is declared already: {rival}", "/shipment")
    if examination.movement is not None and examination.movement.received_on is not None:
        arrived = f"arrived on {examination.movement.received_on}"
        return failed("CH06", f"shipment {shipment} is used: it {arrived}", "/shipment")
    return passed("CH06", f"shipment {shipment} of {entry.shipments}")


def quantity_is_available(examination: Examination) -> CheckResult:
    entry, shipment, kg = examination.entry, examination.shipment, examination.declared.net_kg
    if entry is None or shipment is None:
        return not_applicable("CH07", NO_NUMBER if entry is None else "no shipment to account for")
    if not entry.has_account:
        return not_applicable("CH07", "nothing is authorised, so there is no quantity to draw from")
    room = entry.ledger.room(shipment)
    detail = f"{kg} kg declared, {room} kg free for shipment {shipment}"
    if kg <= room:
        return _next_load_fits(examination, entry, shipment, detail, room - kg)
    if (officer := entry.ledger.answered_by(shipment, examination.declaration)) is not None:
        return passed("CH07", f"{detail}; {officer}")
    if examination.direction != "export" and entry.ledger.let_out(shipment):
        # The State of export decided about the quantity; here the over-draw is seen, and a person decides.
        return failed("CH07", f"over-drawn: {detail}, which {_export(entry)} let out", "/net_kg", "HOLD")
    return failed("CH07", detail, "/net_kg")


def _next_load_fits(
    examination: Examination, entry: RegistryEntry, shipment: int, detail: str, left: int
) -> CheckResult:
    """Near the limit is where shipments are left and not the kilograms for another one like this."""
    more = entry.shipments - entry.place_of(shipment)
    if examination.direction == "export" and more > 0 and left < examination.declared.net_kg:
        near = f"{left} kg stay for {more} more: another load like this one does not fit"
        return failed("CH07", f"{detail}; {near}", "/net_kg", "WARN")
    return passed("CH07", detail)


def _export(entry: RegistryEntry) -> str:
    return entry.states[0] if entry.states else "the State of export"


def movement_document_is_present(examination: Examination) -> CheckResult:
    movement = examination.movement
    if examination.entry is None:
        return not_applicable("CH08", NO_NUMBER)
    if movement is not None and movement.prenotified_on is not None:
        if movement.declared_complete:
            return passed("CH08", f"{movement.movement_number} is signed; all consents received")
        return failed("CH08", f"{movement.movement_number}: block 15 is not complete", "/movement_number")
    if examination.declared.movement_number:
        return not_yet_known("CH08", "the movement document cited was not announced", "/movement_number")
    return failed("CH08", "the declaration cites no movement document", "/movement_number")


def movement_was_announced(examination: Examination) -> CheckResult:
    movement = examination.movement
    if examination.entry is None:
        return not_applicable("CH09", NO_NUMBER)
    if movement is None or movement.prenotified_on is None:
        return failed("CH09", "the movement was not announced", "/movement_number")
    announced, start = movement.prenotified_on, movement.start_date
    latest, basis = _latest_day(examination, start)
    if latest is not None and announced > latest:
        return failed("CH09", f"announced on {announced}, due by {latest} ({basis})", "/movement_number")
    return passed("CH09", f"announced on {announced} for {start} ({basis})")


def _latest_day(examination: Examination, start: date | None) -> tuple[date | None, str]:
    """The last day for an announcement under the law of the State at whose border the load stands."""
    document, entry = examination.document, examination.entry
    if document is None or entry is None or entry.lodged_on is None or start is None:
        return start, "before the start"
    states = document.states
    law = governing(
        "movement_prenotice",
        state=examination.office_state,
        role=examination.direction,
        origin=states.export,
        destination=states.import_,
        waste_code=document.waste_code,
        recovery=document.recovery,
        lodged_on=entry.lodged_on,
    )
    basis = f"{law.profile}, {law.article}"
    due = latest_before(law.duty, start, calendar(examination.office_state)) if law.duty else None
    return (due.due_on if due else start), basis
