"""The shipments of a notification, each from prenotification to certificate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pic_schemas.envelope import Event
from pic_schemas.messages import (
    CancellationGranted,
    CancellationRefused,
    CancellationRequested,
    CustomsEntered,
    CustomsExited,
    CustomsReleased,
    DutyMissed,
    Message,
    MovementCompleted,
    MovementDelivered,
    MovementDeparted,
    MovementHandedOver,
    MovementOverdue,
    MovementPrenotified,
    MovementReceived,
    MovementRescheduled,
    MovementUpdated,
    ReceiptCorrected,
    TransitEntered,
)
from single_window.domain.case import CaseFile
from single_window.domain.projections.register import projects
from single_window.domain.shipment import MissedEntry, MovementEntry, OverdueEntry

# The way of a load, in order: what is heard late never turns it back.
WAY = (
    "PRENOTIFIED",
    "EXPORT_CLEARED",
    "DEPARTED",
    "EXITED",
    "IN_TRANSIT",
    "ENTERED",
    "ARRIVED",
    "RECEIVED",
    "PARTIALLY_REJECTED",
    "REJECTED",
    "INTERIM_COMPLETED",
    "COMPLETED",
    "CANCELLED",
)
REACHES: Mapping[type[Message], str] = {
    CancellationGranted: "CANCELLED",
    MovementDeparted: "DEPARTED",
    CustomsExited: "EXITED",
    TransitEntered: "IN_TRANSIT",
    CustomsEntered: "ENTERED",
    MovementDelivered: "ARRIVED",
    MovementCompleted: "COMPLETED",
}
RECEIPTS: Mapping[str, str] = {
    "accepted": "RECEIVED",
    "partly-rejected": "PARTIALLY_REJECTED",
    "rejected": "REJECTED",
}


@projects(MovementPrenotified)
def prenotify(case: CaseFile, event: Event, message: MovementPrenotified) -> None:
    case.movements[message.shipment] = MovementEntry(
        shipment=message.shipment,
        movement_number=message.movement_number,
        state=WAY[0],
        start_date=message.start_date,
        prenotified_kg=message.quantity_kg,
        carrier=message.document.block_8.first.registration_no,
    )


@projects(MovementRescheduled)
def reschedule(case: CaseFile, event: Event, message: MovementRescheduled) -> None:
    if (movement := case.movements.get(message.shipment)) is not None:
        movement.start_date, movement.rescheduled = message.start_date, movement.rescheduled + 1


@projects(MovementUpdated)
def update(case: CaseFile, event: Event, message: MovementUpdated) -> None:
    if (movement := case.movements.get(message.shipment)) is not None:
        movement.prenotified_kg, movement.updated = message.quantity_kg, movement.updated + 1
        movement.carrier = message.document.block_8.first.registration_no


@projects(ReceiptCorrected)
def correct(case: CaseFile, event: Event, message: ReceiptCorrected) -> None:
    if (movement := case.movements.get(message.shipment)) is not None:
        movement.received_kg, movement.question = message.quantity_kg, None


@projects(*REACHES)
def go_on(case: CaseFile, event: Event, message: Any) -> None:
    if (movement := case.movements.get(message.shipment)) is not None:
        interim = getattr(message, "interim", False)
        _reach(movement, "INTERIM_COMPLETED" if interim else REACHES[type(message)])


@projects(CustomsReleased)
def clear(case: CaseFile, event: Event, message: CustomsReleased) -> None:
    movement = case.movements.get(message.shipment or 0)
    if movement is not None and message.direction == "export":
        _reach(movement, "EXPORT_CLEARED")


@projects(CancellationRequested)
def ask_for_cancellation(case: CaseFile, event: Event, message: CancellationRequested) -> None:
    if (movement := case.movements.get(message.shipment)) is not None:
        movement.cancellation_requested_on = message.requested_on


@projects(CancellationGranted, CancellationRefused)
def answer_cancellation(case: CaseFile, event: Event, message: Any) -> None:
    if (movement := case.movements.get(message.shipment)) is not None:
        movement.cancellation_requested_on = None


@projects(MovementDeparted)
def depart(case: CaseFile, event: Event, message: MovementDeparted) -> None:
    if (movement := case.movements.get(message.shipment)) is not None:
        movement.departed_kg, movement.holder = message.actual_quantity_kg, message.carrier


@projects(MovementHandedOver)
def hand_over(case: CaseFile, event: Event, message: MovementHandedOver) -> None:
    if (movement := case.movements.get(message.shipment)) is not None:
        movement.holder = message.to_carrier
        movement.seals_differ |= message.seals_as_before is False


@projects(MovementDelivered)
def deliver(case: CaseFile, event: Event, message: MovementDelivered) -> None:
    if (movement := case.movements.get(message.shipment)) is not None:
        movement.holder, movement.delivered_on = message.facility, message.delivered_on
        movement.seals_differ |= message.seals_as_before is False


@projects(DutyMissed)
def note(case: CaseFile, event: Event, message: DutyMissed) -> None:
    if (movement := case.movements.get(message.shipment)) is not None:
        movement.missed.append(
            MissedEntry(
                duty=message.duty,
                weight=message.weight,
                authority=message.authority,
                due_on=message.due_on,
                done_on=message.done_on,
                article=message.article,
                source=message.source,
            )
        )


@projects(MovementReceived)
def receive(case: CaseFile, event: Event, message: MovementReceived) -> None:
    if (movement := case.movements.get(message.shipment)) is None:
        return
    _reach(movement, RECEIPTS[message.outcome])
    movement.received_kg, movement.received_on = message.quantity_kg, message.received_on
    movement.outcome, movement.facility = message.outcome, message.facility
    movement.expected_completion, movement.question = message.expected_completion, message.question


@projects(MovementCompleted)
def complete(case: CaseFile, event: Event, message: MovementCompleted) -> None:
    if (movement := case.movements.get(message.shipment)) is not None:
        movement.completed_on = message.completed_on


@projects(MovementOverdue)
def miss(case: CaseFile, event: Event, message: MovementOverdue) -> None:
    if (movement := case.movements.get(message.shipment)) is not None:
        movement.overdue = OverdueEntry(
            missing=message.missing,
            due_on=message.due_on,
            clock=message.clock,
            article=message.article,
            source=message.source,
            told_at=event.time,
        )


@projects(MovementReceived, MovementCompleted)
def no_longer_miss(case: CaseFile, event: Event, message: Any) -> None:
    if (movement := case.movements.get(message.shipment)) is not None:
        movement.overdue = None


def _reach(movement: MovementEntry, state: str) -> None:
    if movement.state in WAY and WAY.index(state) > WAY.index(movement.state):
        movement.state = state
