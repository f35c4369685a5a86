"""What happens to a shipment after its announcement: departure here, everything else by message."""

from __future__ import annotations

from datetime import date

from notifier.domain.interruption import mind_the_consents, mind_the_day
from notifier.domain.movement import Movement
from notifier.domain.notification import Notification
from notifier.domain.prohibition import mind_the_prohibition
from notifier.domain.refusals import refused
from pic_schemas.messages import (
    CancellationGranted,
    CancellationRefused,
    Message,
    MovementCompleted,
    MovementReceived,
    ReceiptCorrected,
)


def shipment_of(notification: Notification, shipment: int) -> Movement:
    """Raises Refused when there is no such shipment."""
    movement = announced(notification, shipment)
    if movement is None:
        raise refused("MOVEMENT_UNKNOWN", f"no shipment {shipment} was announced")
    return movement


def announced(notification: Notification, shipment: int | None) -> Movement | None:
    return next((m for m in notification.movements if m.shipment == shipment), None)


def depart(
    notification: Notification, shipment: int, *, carrier: str, on: date, place: str, kg: int | None
) -> list[Message]:
    """The first carrier signs block 8(a); it may correct the weight, within what remains."""
    movement = shipment_of(notification, shipment)
    mind_the_departure(notification, movement, carrier, on)
    announced_kg = movement.quantity_kg
    actual = kg if kg is not None else announced_kg
    if actual - announced_kg > notification.remaining_kg:
        raise refused("QUANTITY_EXCEEDED", f"{actual} kg exceed what remains", "/actual_quantity")
    return [movement.depart(carrier, on, place, actual)]


def request_cancellation(
    notification: Notification, shipment: int, *, reason: str, on: date
) -> list[Message]:
    """The exporter does not want a shipment to start."""
    return [shipment_of(notification, shipment).request_cancellation(reason, on)]


def hear_answer(notification: Notification, answer: CancellationGranted | CancellationRefused) -> None:
    if movement := announced(notification, answer.shipment):
        movement.hear_answer(answer)


def mind_the_departure(notification: Notification, movement: Movement, carrier: str, on: date) -> None:
    """The carrier's own load, released, and no consent behind it taken back. Raises Refused."""
    movement.mind_the_departure(carrier)
    mind_the_prohibition(notification)
    mind_the_consents(notification)
    mind_the_day(notification, on)


def hear_receipt(notification: Notification, receipt: MovementReceived) -> None:
    if movement := announced(notification, receipt.shipment):
        movement.receipt = movement.receipt or receipt
        movement.alert = None


def hear_correction(notification: Notification, said: ReceiptCorrected) -> None:
    """The quantity that counts is the corrected one."""
    movement = announced(notification, said.shipment)
    if movement is not None and movement.receipt is not None:
        corrected = {"quantity_kg": said.quantity_kg, "question": None}
        movement.receipt = movement.receipt.model_copy(update=corrected)


def hear_certificate(notification: Notification, certificate: MovementCompleted) -> None:
    """The certificate of a later facility completes what an interim operation left open."""
    if movement := announced(notification, certificate.shipment):
        movement.certificate, movement.alert = certificate, None
