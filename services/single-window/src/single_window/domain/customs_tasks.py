"""What waits for a customs office: loads to expect, to decide, to look into, to let cross."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pic_schemas import messages as said
from pic_schemas.address import Address
from pic_schemas.messages import Message
from single_window.domain.border import DeclarationEntry
from single_window.domain.case import CaseFile
from single_window.domain.duty import Duty, end_of
from single_window.domain.remedy_tasks import overdue_for_customs


def waits_for_customs(case: CaseFile, me: Address) -> Iterator[Duty]:
    declared = {entry.shipment for entry in case.declarations.values() if entry.direction == "export"}
    for movement in case.live_movements:
        if me.state == case.export_state and movement.shipment not in declared:
            sentence = f"Expect shipment {movement.shipment} of {case.number} for export"
            yield Duty(
                said.DeclarationLodged,
                sentence,
                movement.movement_number,
                movement.shipment,
                end_of(movement.start_date),
            )
    yield from _arriving(case, me)
    yield from overdue_for_customs(case)
    for entry in case.declarations.values():
        if entry.office != me.agency:
            continue
        yield from _cancellation_asked(case, entry)
        if entry.detained_on is not None:
            yield from _detained(case, entry) if not entry.kept else ()
        elif waiting := [one for one in entry.inspections if one.inspected_on is None]:
            sentence = (
                f"Record the result of the inspection ({waiting[0].kind}) ordered on {waiting[0].ordered_on}"
            )
            yield Duty(said.InspectionRecorded, sentence, entry.declaration_id, entry.shipment)
        elif entry.outcome in {None, "held"}:
            sentence = f"Decide on the declaration held for {entry.direction}{_channel_of(entry)}"
            yield Duty(said.CustomsReleased, sentence, entry.declaration_id, entry.shipment)
        elif entry.outcome == "released" and entry.direction == "transit":
            yield from _transit(entry)
        elif entry.outcome == "released" and entry.crossed_on is None:
            message, verb = CROSSINGS[entry.direction]
            load = f"shipment {entry.shipment}" if entry.shipment else "the load"
            late = ", which is overdue" if entry.overdue else ""
            sentence = f"Confirm that {load} {verb}{late}"
            yield Duty(message, sentence, entry.declaration_id, entry.shipment)
        else:
            yield from _audit(entry)


def _arriving(case: CaseFile, me: Address) -> Iterator[Duty]:
    """A load on its way to this State, which no office has seen yet."""
    states = case.consignment.states if case.consignment else []
    if not states or me.state != states[-1]:
        return
    declared = {entry.shipment for entry in case.declarations.values() if entry.direction == "import"}
    for movement in case.live_movements:
        if movement.state == "EXITED" and movement.shipment not in declared:
            sentence = f"Expect shipment {movement.shipment} of {case.number} for import"
            yield Duty(said.DeclarationLodged, sentence, movement.movement_number, movement.shipment)


def _audit(entry: DeclarationEntry) -> Iterator[Duty]:
    """A blue load was released on its papers and went on; the books come afterwards."""
    found = entry.channel
    if entry.outcome == "released" and found and found.asks_for == "audit" and entry.audit is None:
        sentence = f"Audit the load of {entry.direction} in the books; blue channel: {found.because}"
        yield Duty(said.CustomsAudited, sentence, entry.declaration_id, entry.shipment)


def _channel_of(entry: DeclarationEntry) -> str:
    """What the channel asks for before the load may go."""
    found = entry.channel
    if found is None or found.asks_for is None:
        return ""
    return f"; {found.channel} channel, {found.points} points: {found.asks_for} control"


def _cancellation_asked(case: CaseFile, entry: DeclarationEntry) -> Iterator[Duty]:
    """The office that released the load answers."""
    movement = case.movements.get(entry.shipment or 0)
    asked = movement.cancellation_requested_on if movement else None
    if asked is not None and entry.direction == "export" and entry.outcome == "released":
        sentence = f"Answer the request of {asked} to cancel shipment {entry.shipment}"
        yield Duty(said.CancellationGranted, sentence, entry.declaration_id, entry.shipment)


def _detained(case: CaseFile, entry: DeclarationEntry) -> Iterator[Duty]:
    """Whoever finds illegal traffic tells the authorities without delay."""
    if case.illegal_traffic is None:
        sentence = f"Report the load detained at {entry.detained_at} to the authorities concerned"
        yield Duty(said.IllegalTrafficReported, sentence, entry.declaration_id, entry.shipment)


CROSSINGS: Mapping[str, tuple[type[Message], str]] = {
    "export": (said.CustomsExited, "has left"),
    "import": (said.CustomsEntered, "has entered"),
}


def _transit(entry: DeclarationEntry) -> Iterator[Duty]:
    """Stamped in, stamped out, discharged: one waits after the other."""
    load = f"shipment {entry.shipment}" if entry.shipment else "the load"
    late = ", which is overdue" if entry.overdue else ""
    days = (entry.crossed_on, entry.left_on, entry.discharged_on)
    for day, (message, sentence) in zip(days, TRANSIT, strict=True):
        if day is None:
            yield Duty(message, f"{sentence} {load}{late}", entry.declaration_id, entry.shipment)
            return


TRANSIT: tuple[tuple[type[Message], str], ...] = (
    (said.TransitEntered, "Stamp into transit:"),
    (said.TransitExited, "Stamp out of transit:"),
    (said.TransitDischarged, "Discharge the transit of"),
)
