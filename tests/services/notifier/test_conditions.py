"""A load meets every condition of every consent, and somebody confirmed what no machine checks."""

from __future__ import annotations

from datetime import date

import pytest

from notifier.domain.authorisation import Wish, authorise
from notifier.domain.notification import Notification
from notifier.domain.prenotification import prenotify
from notifier.domain.verdicts import hear_acknowledgement, hear_contract, hear_decision
from pic_schemas.messages import Condition
from pic_schemas.refusal import Refused
from tests.services.notifier.story import (
    JULY,
    JUNE,
    acknowledgement,
    contract,
    decision,
    guaranteed,
    load,
    rules_of,
    transmitted,
)


def under(*conditions: Condition) -> Notification:
    notification = transmitted()
    hear_acknowledgement(notification, acknowledgement())
    hear_contract(notification, contract(), JUNE)
    said = decision("consent-with-conditions", conditions=conditions)
    hear_decision(notification, said, date(2026, 6, 26))
    guaranteed(notification)
    authorise(notification, date(2026, 6, 29), Wish())
    return notification


def test_a_smaller_quantity_in_a_condition_overrides_the_notified_one() -> None:
    notification = under(Condition(id="C1", text="10 t", machine_rule="max-quantity-kg=10000"))
    assert notification.limits.quantity_kg == 10_000
    assert notification.authorisation is not None
    assert notification.authorisation.quantity_kg == 10_000
    with pytest.raises(Refused) as refusal:
        prenotify(notification, load(), JULY)
    assert rules_of(refusal) == ["QUANTITY_EXCEEDED"]


def test_a_carrier_that_a_condition_leaves_out_is_refused() -> None:
    notification = under(Condition(id="C1", text="one carrier", machine_rule="carriers=CA-ALPHA"))
    with pytest.raises(Refused) as refusal:
        prenotify(notification, load(), JULY)
    assert rules_of(refusal) == ["CONDITION_NOT_MET"]


def test_what_no_machine_checks_is_confirmed_before_the_announcement() -> None:
    notification = under(Condition(id="C2", text="tracked by satellite"))
    with pytest.raises(Refused) as refusal:
        prenotify(notification, load(), JULY)
    assert rules_of(refusal) == ["CONDITION_NOT_CONFIRMED"]
    assert notification.movements == []
    movement, _ = prenotify(notification, load(conditions_confirmed=("BE001/C2",)), JULY)
    assert movement.shipment == 1
