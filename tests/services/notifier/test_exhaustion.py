"""A notification is used up when the last load that could come has come, and not before."""

from __future__ import annotations

import pytest

from notifier.domain.ending import close
from notifier.domain.exhaustion import settle_the_use
from notifier.domain.life import CLOSED, CONSENTED, EXHAUSTED
from notifier.domain.movement import Movement
from notifier.domain.notification import Notification
from notifier.domain.prenotification import prenotify
from notifier.domain.shipments import hear_correction
from notifier.domain.verdicts import hear_decision
from pic_schemas.messages import MovementReceived, NotificationExhausted, ReceiptCorrected
from pic_schemas.refusal import Refused
from tests.services.notifier.story import JULY, NUMBER, authorised, decision, load


def announced() -> Notification:
    notification = authorised()
    prenotify(notification, load(), JULY)
    return notification


def received(
    notification: Notification, outcome: str = "accepted", kg: int = 24_900, movement: Movement | None = None
) -> None:
    movement = movement or notification.movements[0]
    movement.receipt = MovementReceived(
        number=NUMBER,
        movement_number=movement.number,
        shipment=movement.shipment,
        facility="BE-F7",
        received_on=JULY,
        quantity_kg=kg,
        outcome=outcome,  # type: ignore[arg-type]
        operation="R3",
        reason=None if outcome == "accepted" else "moisture",
    )


def corrected(kg: int) -> ReceiptCorrected:
    return ReceiptCorrected(
        number=NUMBER,
        movement_number=f"{NUMBER}.000001",
        shipment=1,
        facility="BE-F7",
        corrected_on=JULY,
        previous_kg=25_000,
        quantity_kg=kg,
        reason="The bridge was out of order",
    )


def test_an_announced_load_uses_nothing_up_until_it_has_arrived() -> None:
    notification = announced()
    assert settle_the_use(notification, JULY) == []
    assert notification.state is CONSENTED
    received(notification)
    (said,) = settle_the_use(notification, JULY)
    assert isinstance(said, NotificationExhausted)
    assert (said.used_up, said.quantity_kg, said.shipments) == ("shipments", 24_900, 1)
    assert settle_the_use(notification, JULY) == []


def test_nothing_is_announced_any_more_and_the_refusal_says_what_is_used_up() -> None:
    notification = announced()
    received(notification)
    settle_the_use(notification, JULY)
    with pytest.raises(Refused, match="all were made") as refusal:
        prenotify(notification, load(), JULY)
    assert refusal.value.findings[0].rule == "SHIPMENTS_EXCEEDED"


def test_a_rejected_load_is_not_the_end_until_it_is_remedied() -> None:
    notification = announced()
    received(notification, "rejected", 0)
    assert settle_the_use(notification, JULY) == []
    assert notification.state is CONSENTED


def test_a_corrected_receipt_opens_it_again_when_something_remains() -> None:
    notification = authorised("s09-notification", active_loads=4)
    for _ in range(3):
        prenotify(notification, load(), JULY)
    for movement in notification.movements:
        received(notification, kg=25_000, movement=movement)
    (said,) = settle_the_use(notification, JULY)
    assert (said.used_up, notification.state) == ("quantity", EXHAUSTED)  # type: ignore[attr-defined]
    hear_correction(notification, corrected(kg=24_000))
    assert settle_the_use(notification, JULY, credited=True) == []
    assert notification.state is CONSENTED
    hear_correction(notification, corrected(kg=25_000))
    (again,) = settle_the_use(notification, JULY, credited=True)
    assert isinstance(again, NotificationExhausted)


def test_an_objection_in_place_of_the_consent_is_no_exhaustion() -> None:
    notification = announced()
    received(notification)
    settle_the_use(notification, JULY)
    hear_decision(notification, decision("objection", version=2), JULY)
    assert notification.state == "OBJECTED"


def test_a_file_that_is_used_up_is_closed_as_completed_after_its_certificates() -> None:
    notification = announced()
    received(notification)
    settle_the_use(notification, JULY)
    assert notification.state is EXHAUSTED
    with pytest.raises(Refused, match="no certificate"):
        close(notification, JULY)
    notification.movements.clear()
    notification.guarantee = None
    (said,) = close(notification, JULY)
    assert (said.reason, notification.state) == ("completed", CLOSED)  # type: ignore[attr-defined]
