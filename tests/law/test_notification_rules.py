"""A notification read against the law of the day it is submitted."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from pic_law.notification_rules import findings
from pic_schemas.documents import NotificationDocument

DOCUMENTS = Path(__file__).parents[2] / "scenarios" / "documents"
LODGED = date(2026, 6, 1)


def document(**changed: Any) -> NotificationDocument:
    content = yaml.safe_load((DOCUMENTS / "s01-notification.yaml").read_text(encoding="utf-8"))
    for path, value in changed.items():
        *steps, last = path.split("__")
        place = content
        for step in steps:
            place = place[step]
        place[last] = value
    return NotificationDocument.model_validate(content)


def found(on: date = LODGED, **changed: Any) -> list[tuple[str, str]]:
    return [(f.rule, f.pointer) for f in findings(document(**changed), on)]


@pytest.mark.parametrize("name", ["s01-notification", "s03-notification", "s01-transit-notification"])
def test_the_law_has_nothing_against_the_examples(name: str) -> None:
    content = yaml.safe_load((DOCUMENTS / f"{name}.yaml").read_text(encoding="utf-8"))
    assert findings(NotificationDocument.model_validate(content), LODGED) == []


@pytest.mark.parametrize(
    ("changed", "rule", "pointer"),
    [
        ({"block_14__h_code": ["H2"]}, "CODE_UNKNOWN", "/block_14/h_code/0"),
        ({"block_14__basel": ["A1180"], "block_14__y_code": []}, "CODE_NOT_VALID", "/block_14/basel/0"),
        (
            {"block_14__basel": ["A3210", "A3120"], "block_14__y_code": []},
            "ONE_WASTE_CODE",
            "/block_14/basel",
        ),
        (
            {"block_14__basel": ["B3011"], "block_14__y_code": [], "block_11__codes": ["R1"]},
            "OPERATION_MISMATCH",
            "/block_11/codes",
        ),
        (
            {"block_14__basel": ["B3011"], "block_14__y_code": [], "block_11__codes": ["R13"]},
            "OPERATION_MISMATCH",
            "/block_11/codes",
        ),
        (
            {"block_14__basel": ["B3011"], "block_14__y_code": [], "block_14__hs_code": ["3915.30"]},
            "CH14",
            "/block_14/hs_code/0",
        ),
        ({"block_15__import__authority": "NL001"}, "AUTHORITY_ELSEWHERE", "/block_15/import/authority"),
        ({"block_15__import__authority": "BE004"}, "AUTHORITY_ELSEWHERE", "/block_15/import/authority"),
        ({"block_15__import__authority": "BE009"}, "AUTHORITY_UNKNOWN", "/block_15/import/authority"),
        ({"block_15__import__entry_point": "NLRTM"}, "PORT_ELSEWHERE", "/block_15/import/entry_point"),
        ({"block_16": {"entry": "BEGNE001"}}, "OFFICE_UNKNOWN", "/block_16/entry"),
        ({"block_10__facility__country": "NL"}, "FACILITY_ELSEWHERE", "/block_10/facility/country"),
        ({"block_18": {"total": 2}}, "ANNEX_MISSING", "/block_18/attached"),
        ({"block_6__last_departure": date(2027, 7, 16)}, "WINDOW_TOO_LONG", "/block_6/last_departure"),
    ],
)
def test_what_the_law_has_against_a_notification(changed: dict[str, Any], rule: str, pointer: str) -> None:
    assert (rule, pointer) in found(**changed)


def test_a_year_is_not_too_long_and_three_are_for_a_preconsented_facility() -> None:
    assert found(block_6__last_departure=date(2027, 7, 15)) == []
    three_years: dict[str, Any] = {
        "block_6__last_departure": date(2029, 7, 15),
        "block_3__preconsented": True,
    }
    assert [rule for rule, _ in found(**three_years)] == ["WINDOW_TOO_LONG"]  # Canada's floor is Basel's year


def test_a_country_nobody_knows_is_named_once_and_stops_nothing_else() -> None:
    changed: dict[str, Any] = {"block_15__export__country": "QQ", "block_15__export__exit_point": "QQAAA"}
    assert ("COUNTRY_UNKNOWN", "/block_15/export/country") in found(**changed)


def test_a_period_that_is_over_is_refused() -> None:
    assert ("WINDOW_CLOSED", "/block_6/last_departure") in found(on=date(2026, 12, 16))


def test_plastic_waste_for_thailand_is_prohibited_on_submission() -> None:
    changed: dict[str, Any] = {
        "block_15__import": {"country": "TH", "authority": "TH001", "entry_point": "THLCH"},
        "block_10__facility__country": "TH",
        "block_16": None,
    }
    assert ("PROHIBITED", "/block_14") in found(**changed)


def test_canada_takes_a_notification_twelve_months_before_the_first_shipment_and_no_earlier() -> None:
    period = {"first_departure": "2027-06-01", "last_departure": "2027-12-01"}
    assert ("WINDOW_TOO_FAR", "/block_6/first_departure") not in found(date(2026, 6, 1), block_6=period)
    assert ("WINDOW_TOO_FAR", "/block_6/first_departure") in found(date(2026, 5, 31), block_6=period)
