"""What a trader or an officer needs for a load, by route, waste and day."""

from datetime import date

import pytest

from pic_law.requirements import all_requirements, requirements
from pic_schemas.refusal import Refused

TODAY = date(2026, 6, 1)


def ids(origin: str, destination: str, code: str, on: str = "2026-06-01", *transits: str) -> list[str]:
    return [
        one.id for one in requirements(origin, destination, code, date.fromisoformat(on), transits=transits)
    ]


def test_the_documents_of_prior_informed_consent_stand_first() -> None:
    assert ids("CA", "BE", "Y48") == [
        *("NOTIFICATION", "REASON_FOR_EXPORT", "CONTRACT", "CONSENT", "MOVEMENT_DOCUMENT", "GUARANTEE"),
        *("EU_GUARANTEE_IN", "CA_EXPORT_PERMIT", "CA_AT_THE_OFFICE_OUT", "CA_INSURANCE_OUT", "BASEL_4_2_E"),
    ]


@pytest.mark.parametrize(
    ("origin", "destination", "code", "on", "asked"),
    [
        ("CA", "MY", "Y48", "2025-07-01", "MY_SIRIM_COA"),
        ("JP", "LK", "B3011", "2026-06-01", "LK_CEA_APPROVAL"),
        ("BE", "NL", "EU3011", "2026-06-01", "EU_GENERAL_INFORMATION"),
        ("BE", "CA", "B3011", "2027-05-21", "EU_FACILITY_AUDIT"),
        ("CA", "US", "Y48", "2026-06-01", "ARRANGEMENT_2020"),
        ("CA", "MY", "B3011", "2026-06-01", "LISTED_WASTE"),
        ("US", "CA", "A3210", "2026-06-01", "CA_IMPORT_NOTICE"),
        ("US", "CA", "A3210", "2026-06-01", "US_ELECTRONIC_EXPORT_INFORMATION"),
        ("JP", "VN", "Y48", "2026-06-01", "VN_DEPOSIT"),
        ("JP", "HK", "B3011", "2026-06-01", "HK_PRIOR_DECLARATION"),
        ("CA", "PH", "Y48", "2026-06-01", "PH_IMPORT_CLEARANCE"),
        ("AU", "PH", "B3011", "2026-06-01", "AU_PLASTIC_LICENCE"),
    ],
)
def test_a_national_permit_is_asked_for(
    origin: str, destination: str, code: str, on: str, asked: str
) -> None:
    assert asked in ids(origin, destination, code, on)


@pytest.mark.parametrize(
    ("origin", "destination", "code", "on", "not_asked"),
    [
        ("CA", "MY", "Y48", "2025-06-30", "MY_SIRIM_COA"),
        ("BE", "CA", "B3011", "2027-05-20", "EU_FACILITY_AUDIT"),
        ("CA", "US", "Y48", "2026-06-01", "NOTIFICATION"),
        ("CA", "MY", "B3011", "2026-06-01", "ARRANGEMENT_2020"),
        ("CA", "PH", "B3011", "2026-06-01", "PH_IMPORT_CLEARANCE"),
        ("CA", "US", "A3210", "2026-06-01", "CONTRACT"),
    ],
)
def test_and_not_where_or_when_the_law_does_not_ask(
    origin: str, destination: str, code: str, on: str, not_asked: str
) -> None:
    assert not_asked not in ids(origin, destination, code, on)


def test_a_transit_permit_is_for_the_way_through() -> None:
    assert "SG_TRANSIT_PERMIT" in ids("JP", "MY", "Y48", "2026-06-01", "SG")
    assert "SG_TRANSIT_PERMIT" not in ids("JP", "MY", "Y48", "2026-06-01")
    assert "SG_IMPORT_PERMIT" not in ids("JP", "MY", "Y48", "2026-06-01", "SG")


def test_nothing_helps_where_the_movement_is_prohibited() -> None:
    (answer,) = requirements("JP", "TH", "Y48", date(2025, 1, 1))
    assert (answer.kind, answer.at) == ("prohibited", "never")
    assert answer.source == "Royal Gazette 16 December 2024, press"


def test_what_a_person_must_judge_is_said_and_not_decided() -> None:
    judged = [one.article for one in requirements("BE", "VN", "B3020", TODAY) if one.kind == "judgement"]
    assert judged == ["Art. 39(1)(f)", "Art. 39(1)(k)", "Art. 4(2)(e), 4(8)"]


def test_every_requirement_says_where_it_stands() -> None:
    every = [one for key in all_requirements().keys for one in all_requirements().line(key)]
    assert [one.id for one in every if not (one.source and one.article and one.title)] == []


def test_an_unknown_code_has_no_requirements() -> None:
    with pytest.raises(Refused, match="CODE_UNKNOWN"):
        requirements("CA", "BE", "Z1", TODAY)
