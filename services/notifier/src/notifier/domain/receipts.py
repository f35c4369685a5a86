"""Receipt and certificate by the exporter, where its State alone regulates the waste: Art. 6(5)(a), 6(9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from notifier.domain.movement import Movement, Stage
from notifier.domain.notification import Notification
from notifier.domain.refusals import finding, refused
from notifier.domain.shipments import hear_certificate, hear_receipt
from pic_law.notified import exporter_confirms
from pic_schemas.documents.operation import INTERIM
from pic_schemas.messages import Message, MovementCompleted, MovementReceived
from pic_schemas.refusal import Refused

ON_THE_WAY = (Stage.DEPARTED, Stage.EXITED, Stage.ENTERED)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the exporter has in writing of its load."""

    received_on: date
    kg: int


def mind_the_side(notification: Notification) -> None:
    """Raises Refused where the facility confirms, which is everywhere else."""
    if not exporter_confirms(notification.filed, notification.lodged_on):
        found = finding(
            "ONE_SIDED", "the facility confirms: the waste is regulated beyond the State of export"
        )
        raise Refused("conflict", [replace(found, article="Art. 6(5)(a), 6(9)")])


def mind_the_receipt(notification: Notification, movement: Movement) -> None:
    """Of a load that is on its way, once. Raises Refused."""
    mind_the_side(notification)
    if movement.stage not in ON_THE_WAY:
        detail = f"shipment {movement.shipment} stands at {movement.stage.value}"
        raise refused("STATE_FORBIDS", detail, needs="a load that has left and was not received yet")


def mind_the_certificate(notification: Notification, movement: Movement) -> MovementReceived:
    """After the receipt, once. Raises Refused."""
    mind_the_side(notification)
    if movement.receipt is None or movement.completed or movement.failed_on is not None:
        detail = f"shipment {movement.shipment} stands at {movement.stage.value}"
        raise refused("STATE_FORBIDS", detail, needs="a load that was received and is not certified yet")
    return movement.receipt


def receive(notification: Notification, movement: Movement, arrival: Arrival, on: date) -> list[Message]:
    """The load arrived at the facility and was accepted."""
    mind_the_receipt(notification, movement)
    left = movement.exited_on or (movement.departure.departed_on if movement.departure else on)
    _between(left, arrival.received_on, on, "/received_on")
    said = MovementReceived(
        number=notification.filed_number,
        movement_number=movement.number,
        shipment=movement.shipment,
        facility=notification.filed.facility.registration_no,
        received_on=arrival.received_on,
        quantity_kg=arrival.kg,
        outcome="accepted",
        operation=notification.filed.operation[0],
    )
    hear_receipt(notification, said)
    return [said]


def certify(notification: Notification, movement: Movement, completed_on: date, on: date) -> list[Message]:
    """Recovery or disposal is completed."""
    receipt = mind_the_certificate(notification, movement)
    _between(receipt.received_on, completed_on, on, "/completed_on")
    said = MovementCompleted(
        number=notification.filed_number,
        movement_number=movement.number,
        shipment=movement.shipment,
        facility=receipt.facility,
        operation=receipt.operation,
        completed_on=completed_on,
        interim=receipt.operation in INTERIM,
        quantity_kg=receipt.quantity_kg,
    )
    hear_certificate(notification, said)
    return [said]


def _between(first: date, day: date, today: date, pointer: str) -> None:
    if not first <= day <= today:
        raise refused("DATES_IMPOSSIBLE", f"{day} is not between {first} and {today}", pointer)
