"""What the authority of import watches at the gate, where its law says what a missed day is.

An alert or a violation stops no load: it is noted, told to everybody concerned, and stays on the shipment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from consent.domain import duties
from consent.domain.facility_file import FacilityFile
from consent.domain.shipment import Shipment
from pic_law.clocks import Due
from pic_law.duties import Duty
from pic_law.governing import Governing
from pic_law.notified import exporter_confirms
from pic_schemas.address import Address, Role
from pic_schemas.messages import DutyMissed


@dataclass(frozen=True, slots=True)
class Watch:
    """One duty of one shipment: by when, and whether it was done."""

    duty: str
    due: Due
    law: Governing
    stated: Duty


Done = Callable[[Shipment], bool]

WATCHED: Mapping[str, Done] = {
    "receipt_confirm": lambda shipment: shipment.receipt is not None,
    "interim_op_complete": lambda shipment: shipment.certificate is not None,
    "treatment_complete": lambda shipment: shipment.certificate is not None,
}
"""Common names of duties, and when each is done. What is counted is the delivery, accepted or not."""


def watches(file: FacilityFile, shipment: Shipment) -> list[Watch]:
    """What the authority of import waits for at this shipment."""
    found = (_watch(file, shipment, duty) for duty in WATCHED)
    return [each for each in found if each is not None and not WATCHED[each.duty](shipment)]


def came_due(file: FacilityFile, shipment: Shipment, duty: str, now: datetime) -> list[DutyMissed]:
    """The day is over and nothing was done."""
    watch = _watch(file, shipment, duty)
    if watch is None or WATCHED[duty](shipment) or now < watch.due.due_at:
        return []
    return _note(file, shipment, watch, None)


def done_late(file: FacilityFile, shipment: Shipment, duty: str, today: date) -> list[DutyMissed]:
    """It was done after its day, which nobody knew before: the day of delivery came with it."""
    watch = _watch(file, shipment, duty)
    if watch is None or today <= watch.due.due_on:
        return []
    return _note(file, shipment, watch, today)


def address_of_authority(file: FacilityFile) -> Address:
    """The authority of import, at whose State's facility the load is."""
    where = file.document.block_15.import_
    return Address(where.country, Role.COMPETENT_AUTHORITY, where.authority)


def _watch(file: FacilityFile, shipment: Shipment, duty: str) -> Watch | None:
    begun = _delivered_on(shipment)
    if begun is None or not _asked_of(file, shipment, duty):
        return None
    if exporter_confirms(file.document, file.lodged_on):
        return None
    law = duties.governing_duty(
        duty, state=file.country, side="import", document=file.document, lodged_on=file.lodged_on
    )
    if law.duty is None or law.duty.missed is None:
        return None
    due = duties.due_from(law, begun, file.country)
    return Watch(duty, due, law, law.duty) if due else None


def _asked_of(file: FacilityFile, shipment: Shipment, duty: str) -> bool:
    """A rejected load is not treated; an interim operation has a limit of its own."""
    if duty == "receipt_confirm":
        return True
    rejected = shipment.receipt is not None and shipment.receipt.outcome == "rejected"
    interim = file.document.block_11.interim
    return not rejected and interim == (duty == "interim_op_complete")


def _delivered_on(shipment: Shipment) -> date | None:
    """Arrival, as the carrier says; else as the facility does when it confirms receipt."""
    if shipment.delivered_on is not None:
        return shipment.delivered_on
    return shipment.receipt.received_on if shipment.receipt else None


def _note(file: FacilityFile, shipment: Shipment, watch: Watch, done_on: date | None) -> list[DutyMissed]:
    if any(known.duty == watch.duty for known in shipment.missed):
        return []
    said = DutyMissed(
        number=file.number,
        movement_number=shipment.movement_number,
        shipment=shipment.shipment,
        duty=watch.duty,
        weight=watch.stated.missed or "alert",
        authority=file.document.block_15.import_.authority,
        facility=file.facility,
        due_on=watch.due.due_on,
        done_on=done_on,
        clock=watch.due.basis,
        rule=watch.due.rule,
        profile=watch.law.profile,
        article=watch.due.article,
        source=watch.due.source,
        verified=watch.due.verified,
    )
    shipment.missed.append(said)
    return [said]
