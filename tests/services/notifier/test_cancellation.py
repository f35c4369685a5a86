"""Cancelling a shipment, as the exporter asks for it and customs of export answer."""

from __future__ import annotations

from datetime import date

import pytest

from notifier.domain.movement import Stage
from notifier.domain.notification import Notification
from notifier.domain.prenotification import prenotify
from notifier.domain.shipments import depart, hear_answer, request_cancellation
from pic_schemas.messages import CancellationGranted, CancellationRefused
from pic_schemas.refusal import Refused
from tests.services.notifier.story import JULY, NUMBER, authorised, load, rules_of
from tests.services.notifier.test_movement_document import MULTIPLE


def announced(shipments: int = 1) -> Notification:
    notification = authorised(active_loads=5, **MULTIPLE)
    for _ in range(shipments):
        prenotify(notification, load(), JULY)
    return notification


def ask(notification: Notification, shipment: int = 1) -> None:
    request_cancellation(notification, shipment, reason="The bales got wet", on=JULY)


def answer(notification: Notification, *, granted: bool, shipment: int = 1) -> None:
    kind = CancellationGranted if granted else CancellationRefused
    said = kind(
        number=NUMBER,
        movement_number=f"{NUMBER}.00000{shipment}",
        shipment=shipment,
        answered_on=JULY,
        reason="so",
    )
    hear_answer(notification, said)


def test_a_shipment_counts_until_customs_of_export_have_answered() -> None:
    notification = announced()
    ask(notification)
    assert notification.movements[0].stage is Stage.CANCELLATION_REQUESTED
    assert notification.remaining_kg == 50_000
    answer(notification, granted=True)
    assert notification.movements[0].stage is Stage.CANCELLED
    assert notification.remaining_kg == 75_000


def test_a_cancelled_number_is_never_used_again_and_does_not_count() -> None:
    notification = announced(3)
    with pytest.raises(Refused) as refusal:
        prenotify(notification, load(), JULY)
    assert rules_of(refusal) == ["SHIPMENTS_EXCEEDED"]
    ask(notification, 2)
    answer(notification, granted=True, shipment=2)
    movement, _ = prenotify(notification, load(), JULY)
    assert (movement.shipment, movement.form.block_2.total) == (4, 3)
    with pytest.raises(Refused):
        prenotify(notification, load(), JULY)


def test_a_refused_cancellation_leaves_the_shipment_as_it_was() -> None:
    notification = announced()
    notification.movements[0].hear_release("CAMTR001")
    ask(notification)
    answer(notification, granted=False)
    assert notification.movements[0].stage is Stage.EXPORT_CLEARED
    ask(notification)
    assert notification.movements[0].stage is Stage.CANCELLATION_REQUESTED


def test_nothing_departs_while_its_cancellation_is_asked_for() -> None:
    notification = announced()
    notification.movements[0].hear_release("CAMTR001")
    ask(notification)
    with pytest.raises(Refused) as refusal:
        depart(notification, 1, carrier="CA-ALPHA", on=date(2026, 7, 20), place="Montreal", kg=None)
    assert rules_of(refusal) == ["STATE_FORBIDS"]


def test_what_has_departed_or_is_cancelled_is_not_cancelled() -> None:
    notification = announced(2)
    notification.movements[0].hear_release("CAMTR001")
    depart(notification, 1, carrier="CA-ALPHA", on=date(2026, 7, 20), place="Montreal", kg=None)
    ask(notification, 2)
    answer(notification, granted=True, shipment=2)
    for shipment in (1, 2):
        with pytest.raises(Refused) as refusal:
            ask(notification, shipment)
        assert rules_of(refusal) == ["STATE_FORBIDS"]


def test_a_cancelled_shipment_keeps_no_guarantee_from_being_released() -> None:
    notification = announced()
    ask(notification)
    answer(notification, granted=True)
    notification.release_guarantee(JULY)
