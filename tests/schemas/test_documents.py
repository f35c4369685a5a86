"""Both documents have every block of the form, and say by pointer where the shape is wrong."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from pic_schemas.documents import AuthorityBlocks, DraftNotification, MovementDocument, NotificationDocument
from pic_schemas.documents.quantity import Quantity
from pic_schemas.refusal import Refused

DOCUMENTS = Path(__file__).parents[2] / "scenarios" / "documents"


def _load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DOCUMENTS / name).read_text())
    return loaded


def _notification(**blocks: Any) -> dict[str, Any]:
    return {**copy.deepcopy(_load("s01-notification.yaml")), **blocks}


def _pointers(document: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        NotificationDocument.model_validate(document)
    return [finding.pointer for finding in Refused.malformed(caught.value).findings]


def test_the_notification_has_every_block_of_the_form() -> None:
    names = [*NotificationDocument.model_fields, *AuthorityBlocks.model_fields]
    assert names == [f"block_{n}" for n in range(1, 22)]


def test_the_movement_document_has_every_block_of_the_form() -> None:
    assert list(MovementDocument.model_fields) == [f"block_{n}" for n in range(1, 23)]


@pytest.mark.parametrize(
    "model", [NotificationDocument, AuthorityBlocks, MovementDocument, DraftNotification]
)
def test_each_block_carries_the_label_and_the_source_of_the_form(model: Any) -> None:
    for name, field in model.model_fields.items():
        assert field.title.startswith(name.removeprefix("block_") + ". ")
        assert field.description


@pytest.mark.parametrize(
    "name", ["s01-notification.yaml", "s03-notification.yaml", "s01-transit-notification.yaml"]
)
def test_the_notification_survives_its_json(name: str) -> None:
    document = NotificationDocument.model_validate(_load(name))
    assert NotificationDocument.model_validate(document.payload()) == document
    assert (document.waste_code, document.operation, document.recovery) == ("Y48", ("R3",), True)
    assert (document.quantity_kg, document.shipments) == (25_000, 1)
    assert document.companies == ("CA-PLASTIX", "BE-RECYCLA", "CA-ALPHA", "BE-BETA", "BE-F7")
    assert document.payload()["block_15"]["import"]["authority"] == "BE001"


def test_the_states_concerned_come_in_the_order_of_travel() -> None:
    document = NotificationDocument.model_validate(_load("s01-transit-notification.yaml"))
    assert document.states.all == ("CA", "NL", "BE")


def test_the_movement_document_survives_its_json() -> None:
    document = MovementDocument.model_validate(_load("s01-movement.yaml"))
    assert MovementDocument.model_validate(document.payload()) == document
    assert document.quantity_kg == 25_000
    assert [leg.registration_no for leg in document.block_8.in_order] == ["CA-ALPHA", "BE-BETA"]


@pytest.mark.parametrize("name", [name for name in NotificationDocument.model_fields if name != "block_16"])
def test_a_draft_names_the_block_that_is_missing(name: str) -> None:
    draft = DraftNotification.model_validate(_notification(**{name: None}))
    assert draft.missing() == [name]
    with pytest.raises(Refused) as caught:
        draft.complete()
    assert [finding.pointer for finding in caught.value.findings] == [f"/{name}"]


def test_a_complete_draft_becomes_the_document() -> None:
    assert DraftNotification.model_validate(
        _notification()
    ).complete() == NotificationDocument.model_validate(_notification())
    assert len(DraftNotification().missing()) == 17


@pytest.mark.parametrize(
    ("blocks", "pointer"),
    [
        ({"block_5": {"quantity": {"value": "0", "unit": "t"}}}, "/block_5/quantity/value"),
        ({"block_5": {"quantity": {"value": "1.0001", "unit": "t"}}}, "/block_5/quantity"),
        ({"block_5": {"quantity": {"value": "30", "unit": "m3"}}}, "/block_5"),
        (
            {"block_5": {"quantity": {"value": "1", "unit": "t"}, "minimum": {"value": 2, "unit": "t"}}},
            "/block_5",
        ),
        ({"block_4": {"total": 2}}, "/block_4"),
        ({"block_3": {"shipments": "multiple", "operation": "recovery"}}, "/block_4"),
        ({"block_3": {"shipments": "individual", "operation": "disposal", "preconsented": True}}, "/block_3"),
        ({"block_6": {"first_departure": "2026-12-15", "last_departure": "2026-07-15"}}, "/block_6"),
        ({"block_11": {"codes": ["D1"], "technology": "Landfill"}}, "/block_11"),
        ({"block_14": {}}, "/block_14"),
        ({"block_13": {"codes": ["8"]}}, "/block_13/codes/0"),
        ({"block_99": 1}, "/block_99"),
    ],
)
def test_a_wrong_shape_is_found_at_its_place(blocks: dict[str, Any], pointer: str) -> None:
    assert _pointers(_notification(**blocks)) == [pointer]


def test_a_wrong_field_of_the_importing_state_is_found_under_its_name_on_the_wire() -> None:
    document = _notification()
    document["block_15"]["import"]["entry_point"] = "Antwerp"
    assert _pointers(document) == ["/block_15/import/entry_point"]


def test_a_contradiction_in_a_draft_is_refused_on_completion() -> None:
    with pytest.raises(Refused) as caught:
        DraftNotification.model_validate(_notification(block_4={"total": 3})).complete()
    assert [finding.pointer for finding in caught.value.findings] == ["/block_4"]


def test_an_unknown_field_is_refused_by_the_writer_and_ignored_by_the_reader() -> None:
    document = _notification()
    document["block_2"]["shoe_size"] = 44
    assert _pointers(document) == ["/block_2/shoe_size"]
    assert NotificationDocument.read(document) == NotificationDocument.model_validate(_notification())


@pytest.mark.parametrize(
    ("value", "unit", "density", "kg"),
    [
        ("25", "t", None, 25_000),
        ("24.9", "t", None, 24_900),
        (800, "kg", None, 800),
        ("2", "m3", "400", 800),
        ("2", "L", None, None),
    ],
)
def test_quantities_come_to_whole_kilograms(value: Any, unit: Any, density: Any, kg: int | None) -> None:
    assert Quantity(value=value, unit=unit, density_kg_per_m3=density).kg == kg
