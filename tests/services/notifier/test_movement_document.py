"""The movement document: composed from the notification, and refused when it departs from it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from notifier.domain.authorisation import Wish, authorise
from notifier.domain.movement import Stage
from notifier.domain.notification import Notification
from notifier.domain.prenotification import prenotify
from notifier.domain.shipments import depart, hear_certificate, hear_receipt
from pic_schemas.documents import MovementDocument
from pic_schemas.messages import DecisionScope, MovementCompleted, MovementReceived
from pic_schemas.refusal import Refused
from tests.services.notifier.story import (
    JULY,
    NUMBER,
    authorised,
    consented,
    form,
    guaranteed,
    load,
    rules_of,
    transmitted,
)

MULTIPLE = {
    "block_3": {"shipments": "multiple", "operation": "recovery"},
    "block_4": {"total": 3},
    "block_5": {"quantity": {"value": "75", "unit": "t"}},
}
CARRIERS = form("s01-movement")["block_8"]


def refused_rules(notification: Notification, on: date = JULY, **blocks: Any) -> list[str]:
    with pytest.raises(Refused) as refusal:
        prenotify(notification, load(**blocks), on)
    return rules_of(refusal)


def announced(notification: Notification | None = None) -> Notification:
    notification = notification or authorised()
    prenotify(notification, load(), JULY)
    return notification


def released(notification: Notification | None = None) -> Notification:
    notification = announced(notification)
    notification.movements[0].hear_release("CAMTR001")
    return notification


def leave(notification: Notification, carrier: str = "CA-ALPHA", kg: int | None = None) -> None:
    depart(notification, 1, carrier=carrier, on=date(2026, 7, 20), place="Montreal", kg=kg)


def receipt(kg: int = 24_900, outcome: str = "accepted") -> MovementReceived:
    return MovementReceived(
        number=NUMBER,
        movement_number=f"{NUMBER}.000001",
        shipment=1,
        facility="BE-F7",
        received_on=date(2026, 8, 5),
        quantity_kg=kg,
        outcome=outcome,  # type: ignore[arg-type]
        operation="R3",
    )


def certificate(*, interim: bool = False) -> MovementCompleted:
    return MovementCompleted(
        number=NUMBER,
        movement_number=f"{NUMBER}.000001",
        shipment=1,
        facility="BE-F7",
        operation="R12" if interim else "R3",
        completed_on=date(2026, 9, 10),
        interim=interim,
        quantity_kg=24_900,
    )


def test_every_block_that_the_exporter_does_not_fill_is_the_notifications() -> None:
    notification = announced()
    notified, moved = notification.filed, notification.movements[0].form
    pairs = {3: 1, 4: 2, 9: 9, 10: 10, 12: 12, 13: 13, 14: 14}
    for ours, theirs in pairs.items():
        assert getattr(moved, f"block_{ours}") == getattr(notified, f"block_{theirs}")
    assert moved.block_11.codes == notified.block_11.codes
    assert isinstance(moved, MovementDocument)


def test_a_movement_takes_its_number_from_the_notification() -> None:
    movement, (message,) = prenotify(authorised(), load(), JULY)
    assert movement.number == "CA 0000 000001.000001"
    assert message.quantity_kg == 25_000  # type: ignore[attr-defined]


def test_no_shipment_is_announced_before_the_permit() -> None:
    assert refused_rules(guaranteed(consented())) == ["PERMIT_REQUIRED"]


def test_no_shipment_is_announced_before_the_consents() -> None:
    assert refused_rules(transmitted()) == ["CONSENT_MISSING"]


def test_no_shipment_is_announced_without_a_guarantee() -> None:
    notification = consented()
    authorise(notification, date(2026, 6, 29), Wish())
    assert refused_rules(notification) == ["GUARANTEE_MISSING"]


def test_a_carrier_that_was_not_notified_may_not_carry() -> None:
    stranger = {"registration_no": "CA-OMEGA", "name": "Omega", "means": "R"}
    assert refused_rules(authorised(), block_8=CARRIERS | {"first": stranger}) == ["DOCUMENT_MISMATCH"]


def test_a_carrier_uses_the_means_that_were_notified() -> None:
    flying = CARRIERS["first"] | {"means": "A"}
    assert refused_rules(authorised(), block_8=CARRIERS | {"first": flying}) == ["DOCUMENT_MISMATCH"]


def test_packaging_and_special_handling_are_as_notified() -> None:
    drums = {"types": ["1", "9"], "packages": 48, "special_handling": True}
    assert refused_rules(authorised(), block_7=drums) == ["DOCUMENT_MISMATCH", "DOCUMENT_MISMATCH"]


def test_a_shipment_starts_inside_the_window_of_consents_and_permit() -> None:
    assert refused_rules(authorised(), block_6={"start_date": date(2027, 6, 28)}) == ["CONSENT_WINDOW"]


def test_belgium_wants_two_working_days_notice() -> None:
    rules = refused_rules(authorised(), on=date(2026, 7, 17))
    assert rules == ["PRENOTICE_LATE"]
    prenotify(authorised(), load(), date(2026, 7, 16))


def test_a_shipment_does_not_start_in_the_past() -> None:
    assert "DATES_IMPOSSIBLE" in refused_rules(authorised(), on=date(2026, 7, 21))


def test_a_load_may_not_exceed_what_remains() -> None:
    heavy = {"quantity": {"value": "25.001", "unit": "t"}}
    assert refused_rules(authorised(), block_5=heavy) == ["QUANTITY_EXCEEDED"]


def test_a_condition_on_the_quantity_counts_for_every_load() -> None:
    assert refused_rules(authorised(scope=DecisionScope(quantity_kg=20_000))) == ["QUANTITY_EXCEEDED"]


def test_more_shipments_than_notified_are_refused() -> None:
    assert refused_rules(announced()) == ["SHIPMENTS_EXCEEDED"]


def test_the_guarantee_limits_the_loads_of_one_day() -> None:
    assert refused_rules(announced(authorised(**MULTIPLE))) == ["ACTIVE_LOADS_EXCEEDED"]


def test_shipments_are_numbered_one_after_the_other() -> None:
    notification = authorised(active_loads=5, **MULTIPLE)
    for _ in range(3):
        prenotify(notification, load(), JULY)
    assert [m.shipment for m in notification.movements] == [1, 2, 3]
    assert len({m.number for m in notification.movements}) == 3


def test_what_was_received_gives_back_what_was_announced_too_much() -> None:
    notification = released(authorised(active_loads=5, **MULTIPLE))
    leave(notification)
    hear_receipt(notification, receipt(24_900))
    assert notification.remaining_kg == 75_000 - 24_900


def test_a_rejected_load_gives_no_quantity_back() -> None:
    notification = released(authorised(active_loads=5, **MULTIPLE))
    hear_receipt(notification, receipt(25_000, "rejected"))
    assert notification.remaining_kg == 50_000
    assert notification.movements[0].stage is Stage.REJECTED


def test_nothing_departs_before_customs_released_it() -> None:
    with pytest.raises(Refused) as refusal:
        leave(announced())
    assert rules_of(refusal) == ["NOT_RELEASED"]


def test_only_the_first_carrier_takes_the_load_over() -> None:
    with pytest.raises(Refused) as refusal:
        leave(released(), carrier="BE-BETA")
    assert rules_of(refusal) == ["SEAT_FORBIDS"]


def test_the_weight_at_departure_stays_inside_what_remains() -> None:
    with pytest.raises(Refused) as refusal:
        leave(released(), kg=25_001)
    assert rules_of(refusal) == ["QUANTITY_EXCEEDED"]


def test_a_shipment_goes_from_announcement_to_completion() -> None:
    notification = announced()
    movement, stages = notification.movements[0], []
    for step in (
        lambda: movement.hear_release("CAMTR001"),
        lambda: leave(notification),
        lambda: setattr(movement, "exited_on", date(2026, 7, 21)),
        lambda: setattr(movement, "entered_on", date(2026, 8, 3)),
        lambda: hear_receipt(notification, receipt()),
        lambda: hear_certificate(notification, certificate()),
    ):
        stages.append(movement.stage)
        step()
    assert [*stages, movement.stage] == [
        Stage.PRENOTIFIED,
        Stage.EXPORT_CLEARED,
        Stage.DEPARTED,
        Stage.EXITED,
        Stage.ENTERED,
        Stage.RECEIVED,
        Stage.COMPLETED,
    ]


def test_a_receipt_that_comes_before_the_departure_is_not_undone_by_it() -> None:
    notification = released()
    hear_receipt(notification, receipt())
    leave(notification)
    assert notification.movements[0].stage is Stage.RECEIVED


def test_a_held_load_does_not_depart_until_it_is_released() -> None:
    notification = announced()
    movement = notification.movements[0]
    movement.hear_hold("CAMTR001")
    assert movement.stage is Stage.HELD
    movement.hear_release("CAMTR001")
    assert movement.stage is Stage.EXPORT_CLEARED


def test_an_interim_operation_does_not_complete_a_shipment() -> None:
    notification = released()
    hear_receipt(notification, receipt())
    hear_certificate(notification, certificate(interim=True))
    assert notification.movements[0].stage is Stage.INTERIM_COMPLETED
    hear_certificate(notification, certificate())
    assert notification.movements[0].stage is Stage.COMPLETED


def test_the_guarantee_stays_until_the_certificate_is_in() -> None:
    notification = released()
    with pytest.raises(Refused) as refusal:
        notification.release_guarantee(JULY)
    assert rules_of(refusal) == ["STATE_FORBIDS"]
    hear_receipt(notification, receipt())
    hear_certificate(notification, certificate())
    notification.release_guarantee(JULY)
