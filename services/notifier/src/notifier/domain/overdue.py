"""What the State of export waits for after a load has left: the receipt, then the certificate of completion.

Basel Convention Article 6(9): where neither comes, the State of export tells the State of import.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from notifier.domain import duties
from notifier.domain.movement import Movement
from notifier.domain.notification import Notification
from pic_law.calendars import calendar
from pic_law.clocks import Due, earliest
from pic_law.governing import Governing
from pic_schemas.messages import Message, MovementCompleted, MovementOverdue, MovementReceived
from pic_schemas.messages.overdue import Missing


@dataclass(frozen=True, slots=True)
class Clock:
    """When something counts as missing, and by which law."""

    missing: Missing
    due: Due
    law: Governing


def clock_of(notification: Notification, movement: Movement) -> Clock | None:
    """The clock that runs for this shipment now; None where no law gives one a number."""
    missing = movement.missing
    return CLOCKS[missing](notification, movement) if missing else None


def alert(notification: Notification, movement: Movement, now: datetime) -> list[Message]:
    """Said once, when the clock has run out and nothing came. Nothing stops for it."""
    clock = clock_of(notification, movement)
    if clock is None or now < clock.due.due_at or movement.alert is not None:
        return []
    movement.alert = MovementOverdue(
        number=notification.filed_number,
        movement_number=movement.number,
        shipment=movement.shipment,
        missing=clock.missing,
        authority=notification.export_authority.agency,
        facility=notification.filed.facility.registration_no,
        due_on=clock.due.due_on,
        clock=clock.due.basis,
        rule=clock.due.rule,
        profile=clock.law.profile,
        article=clock.due.article,
        source=clock.due.source,
        verified=clock.due.verified,
    )
    return [movement.alert]


def _receipt(notification: Notification, movement: Movement) -> Clock | None:
    """The law of the State of export says after how long it asks, and from when that counts."""
    law = duties.in_export(notification.filed, "no_receipt_alert", notification.lodged_on)
    begun = _begun(law.duty.start, movement) if law.duty else None
    due = duties.due_from(law, begun, notification.export_authority.agency) if begun else None
    return Clock("receipt", due, law) if due else None


def _begun(start: str | None, movement: Movement) -> date | None:
    """From when the State of export counts."""
    if start == "accepted_by_initial_transporter":
        return movement.departure.departed_on if movement.departure else None
    return movement.exited_on


def _certificate(notification: Notification, movement: Movement) -> Clock | None:
    """The facility owes it under its own law: first its own certificate, then that of the next facility."""
    receipt, certificate = movement.receipt, movement.certificate
    if receipt is None:
        return None
    if certificate is not None:
        return _subsequent(notification, receipt, certificate)
    law = duties.of_facility(notification.filed, "completion_certificate", notification.lodged_on)
    days = calendar(notification.filed.states.import_)
    if law.duty is None:
        return None
    due = earliest(law.duty, receipt.expected_completion, receipt.received_on, days)
    return Clock("certificate", due, law) if due else None


def _subsequent(
    notification: Notification, receipt: MovementReceived, certificate: MovementCompleted
) -> Clock | None:
    law = duties.of_facility(notification.filed, "subsequent_certificate", notification.lodged_on)
    first = law.duty is not None and law.duty.start == "delivered_to_first"
    begun = receipt.received_on if first else certificate.completed_on
    due = duties.due_from(law, begun, notification.filed.states.import_)
    return Clock("certificate", due, law) if due else None


CLOCKS: Mapping[Missing, Callable[[Notification, Movement], Clock | None]] = {
    "receipt": _receipt,
    "certificate": _certificate,
}
