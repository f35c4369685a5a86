"""Movements as the notifier's answers show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel

from notifier.domain.custody import holder_of
from notifier.domain.movement import Movement, Stage
from notifier.domain.notification import Notification
from pic_schemas.documents import MovementDocument
from pic_schemas.messages import (
    CancellationRefused,
    CancellationRequested,
    MovementCompleted,
    MovementDelivered,
    MovementHandedOver,
    MovementOverdue,
    MovementReceived,
)


class AnnouncedView(BaseModel):
    """One shipment of a batch."""

    movement_number: str
    shipment: int
    start_date: date
    quantity_kg: int


class BatchView(BaseModel):
    """What was announced together, and what the consents leave after it."""

    movements: list[AnnouncedView]
    remaining_kg: int
    remaining_shipments: int

    @classmethod
    def from_movements(cls, notification: Notification, movements: Sequence[Movement]) -> BatchView:
        announced = [
            AnnouncedView(
                movement_number=each.number,
                shipment=each.shipment,
                start_date=each.start_date,
                quantity_kg=each.quantity_kg,
            )
            for each in movements
        ]
        return cls(
            movements=announced,
            remaining_kg=notification.remaining_kg,
            remaining_shipments=notification.limits.shipments - len(notification.live),
        )


class MovementView(BaseModel):
    """One shipment; `state` is the furthest fact that was heard."""

    movement_number: str
    shipment: int
    of: int
    state: Stage
    start_date: date
    prenotified_on: date
    quantity_kg: int
    departed_on: date | None
    actual_quantity_kg: int | None
    holder: str | None
    hand_overs: list[MovementHandedOver]
    delivery: MovementDelivered | None
    exited_on: date | None
    entered_on: date | None
    cancellation: CancellationRequested | None
    cancellation_refused: CancellationRefused | None
    cancelled_on: date | None
    receipt: MovementReceived | None
    certificate: MovementCompleted | None
    overdue: MovementOverdue | None
    document: MovementDocument

    @classmethod
    def from_movement(cls, movement: Movement) -> MovementView:
        departure = movement.departure
        return cls(
            movement_number=movement.number,
            shipment=movement.shipment,
            of=movement.form.block_2.total,
            state=movement.stage,
            start_date=movement.start_date,
            prenotified_on=movement.prenotified_on,
            quantity_kg=movement.quantity_kg,
            departed_on=departure.departed_on if departure else None,
            actual_quantity_kg=departure.actual_quantity_kg if departure else None,
            holder=holder_of(movement),
            hand_overs=movement.hand_overs,
            delivery=movement.delivery,
            exited_on=movement.exited_on,
            entered_on=movement.entered_on,
            cancellation=movement.cancellation,
            cancellation_refused=movement.cancellation_refused,
            cancelled_on=movement.cancelled_on,
            receipt=movement.receipt,
            certificate=movement.certificate,
            overdue=movement.alert,
            document=movement.form,
        )
