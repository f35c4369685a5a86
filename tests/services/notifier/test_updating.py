"""What may change until the start: what every law of the route leaves open, and nothing after the release."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from notifier.domain.movement import Movement
from notifier.domain.notification import Notification
from notifier.domain.prenotification import prenotify
from notifier.domain.updating import Update, update
from pic_schemas.documents.quantity import ActualQuantity
from pic_schemas.documents.transport import Carriers, Equipment
from pic_schemas.messages import MovementUpdated
from pic_schemas.refusal import Refused
from tests.services.notifier.story import JULY, authorised, load, rules_of

BOX = (Equipment(id="BETU4410999", seals=("CA-1",)),)
LATER = date(2026, 7, 17)


def tonnes(value: str) -> ActualQuantity:
    return ActualQuantity.model_validate({"quantity": {"value": value, "unit": "t"}})


def announced(name: str = "s01-notification") -> tuple[Notification, Movement]:
    notification = authorised(name)
    movement, _ = prenotify(notification, load(), JULY)
    return notification, movement


def changed(change: Update, case: tuple[Notification, Movement] | None = None) -> MovementUpdated:
    notification, movement = case or announced()
    (said,) = update(notification, movement, change, LATER)
    assert isinstance(said, MovementUpdated)
    return said


def refusal(change: Update, case: tuple[Notification, Movement] | None = None) -> list[Any]:
    with pytest.raises(Refused) as caught:
        changed(change, case)
    return list(caught.value.findings)


def test_under_canadian_law_only_the_quantity_changes() -> None:
    said = changed(Update(block_5=tonnes("24")))
    assert (said.changed, said.quantity_kg) == (("actual_quantity",), 24_000)
    (found,) = refusal(Update(equipment=BOX))
    assert (found.rule, found.article, found.pointer) == ("FIELD_FIXED", "s. 16, 28", "/equipment")


def from_japan() -> tuple[Notification, Movement]:
    """A State of export whose law says nothing of it; the State of import is in the Union."""
    notification, movement = announced()
    route = notification.filed.block_15
    export = route.export.model_copy(update={"country": "JP", "authority": "JP001"})
    block_15 = route.model_copy(update={"export": export})
    notification.document = notification.filed.model_copy(update={"block_15": block_15})
    return notification, movement


def test_under_the_law_of_the_union_containers_and_carriers_change_as_well() -> None:
    case = from_japan()
    said = changed(Update(equipment=BOX), case)
    assert (said.changed, said.document.equipment) == (("container_id",), BOX)
    stranger = {"first": {"registration_no": "XX-1", "name": "X", "means": "R"}}
    (found,) = refusal(Update(block_8=Carriers.model_validate(stranger)), case)
    assert found.rule == "DOCUMENT_MISMATCH"


def test_no_more_than_what_remains() -> None:
    assert [each.rule for each in refusal(Update(block_5=tonnes("26")))] == ["QUANTITY_EXCEEDED"]


def test_what_customs_cleared_stays_as_it_was_cleared() -> None:
    notification, movement = announced()
    movement.hear_release("CAMTR001")
    with pytest.raises(Refused) as caught:
        update(notification, movement, Update(block_5=tonnes("24")), LATER)
    assert rules_of(caught) == ["STATE_FORBIDS"]
