"""Two notices of one movement: which pairs of States want them, and how strictly entries are compared."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from pic_law.dual_notices import PLACES, differences, dual_notice, dual_notices
from pic_schemas.documents import NotificationDocument
from pic_schemas.documents.import_notice import ImportNotice

TODAY = date(2026, 6, 1)
DOCUMENT = Path(__file__).parents[2] / "scenarios" / "documents" / "s26-notification.yaml"
BLOCKS = tuple(ImportNotice.model_fields)


def exported() -> NotificationDocument:
    return NotificationDocument.model_validate(yaml.safe_load(DOCUMENT.read_text("utf-8")))


def imported(**blocks: Any) -> ImportNotice:
    stated = {name: block for name, block in exported().payload().items() if name in BLOCKS}
    stated["block_11"] = {"codes": stated["block_11"]["codes"]}
    return ImportNotice.model_validate(stated | blocks)


def test_only_the_united_states_to_canada_is_sourced_and_holds_consent() -> None:
    entries = [one for key in dual_notices().keys for one in dual_notices().line(key)]
    assert [one.id for one in entries if one.verified] == ["US_CA_DUAL"]
    assert [one.id for one in entries if one.holds_consent] == ["US_CA_DUAL"]
    assert {(one.origin, one.destination) for one in entries} == {
        (one, other) for one in ("US", "CA", "MX") for other in ("US", "CA", "MX") if one != other
    }


@pytest.mark.parametrize(
    ("origin", "destination", "code", "found"),
    [
        ("US", "CA", "A3210", "US_CA_DUAL"),
        ("US", "CA", "AC300", "US_CA_DUAL"),
        ("US", "CA", "Y48", None),
        ("US", "JP", "A3210", None),
        ("US", "MX", "A3210", "US_MX_DUAL"),
    ],
)
def test_two_notices_are_wanted_of_hazardous_waste_between_the_three_states(
    origin: str, destination: str, code: str, found: str | None
) -> None:
    wanted = dual_notice(origin, destination, code, True, TODAY)
    assert (wanted.id if wanted else None) == found


def test_notices_that_say_the_same_do_not_differ() -> None:
    wanted = dual_notice("US", "CA", "A3210", True, TODAY)
    assert wanted is not None
    assert differences(wanted, exported(), imported()) == ()


def test_every_entry_is_compared_and_named_with_its_place() -> None:
    wanted = dual_notice("US", "CA", "A3210", True, TODAY)
    assert wanted is not None
    assert set(wanted.compared) == set(PLACES)
    other = imported(
        block_4={"total": 9},
        block_5={"quantity": {"value": "199.999", "unit": "t"}},
        block_14={"basel": ["A3210"], "hs_code": ["3915.90"]},
    )
    found = differences(wanted, exported(), other)
    assert [(one.field, one.export_notice, one.import_notice) for one in found] == [
        ("shipments", "8", "9"),
        ("quantity", "200000", "199999"),
        ("y_code", "Y31", ""),
        ("h_code", "H13", ""),
        ("hs_code", "3915.30", "3915.90"),
    ]


@pytest.mark.parametrize(("tonnes", "differs"), [("202", False), ("198.1", False), ("204", True)])
def test_a_tolerant_pair_forgives_a_percent_and_no_more(tonnes: str, differs: bool) -> None:
    wanted = dual_notice("US", "MX", "A3210", True, TODAY)
    assert wanted is not None
    other = imported(block_5={"quantity": {"value": tonnes, "unit": "t"}})
    assert bool(differences(wanted, exported(), other)) is differs
