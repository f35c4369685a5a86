"""Which procedure a movement needs, on the day of the act."""

from datetime import date
from typing import Any

import pytest

from pic_law.control import Step, View, control
from pic_law.countries import in_group, status, waived_transit_consent
from pic_law.errors import UnknownLaw
from pic_schemas.refusal import Refused


@pytest.mark.parametrize(
    ("origin", "destination", "code", "operation", "on", "outcome", "deciding"),
    [
        ("CA", "BE", "Y48", "R3", "2026-06-01", "PIC", "PIC"),
        ("CA", "MY", "Y48", "R3", "2026-06-01", "PIC", "PIC"),
        ("CA", "US", "Y48", "R3", "2026-06-01", "NONE", "CA_US_ARRANGEMENT_2020"),
        ("CA", "US", "A3210", "R3", "2026-06-01", "PIC_TACIT", "CA_US_1986_AGREEMENT"),
        ("CA", "US", "Y46", "D10", "2026-06-01", "PIC_TACIT", "CA_US_1992_AMENDMENT"),
        ("CA", "TH", "Y48", "R3", "2024-12-31", "PIC", "PIC"),
        ("CA", "TH", "Y48", "R3", "2025-01-01", "PROHIBITED", "PROHIBITED"),
        ("BE", "VN", "B3011", "R3", "2026-05-20", "GENERAL_INFO", "EU_GREEN_OUT"),
        ("BE", "VN", "B3011", "R3", "2026-05-21", "PIC", "EU_40_3_B"),
        ("BE", "VN", "B3011", "R3", "2026-11-20", "PIC", "EU_40_3_B"),
        ("BE", "VN", "B3011", "R3", "2026-11-21", "PROHIBITED", "PROHIBITED"),
        ("BE", "VN", "Y48", "R3", "2026-06-01", "PROHIBITED", "PROHIBITED"),
        ("BE", "CA", "B3011", "R3", "2026-05-20", "GENERAL_INFO", "EU_GREEN_OUT"),
        ("BE", "CA", "B3011", "R3", "2026-05-21", "PIC", "EU_44_2_C"),
        ("BE", "NL", "B3011", "R3", "2026-12-01", "GENERAL_INFO", "EU_GREEN_OUT"),
        ("BE", "NL", "EU48", "R3", "2026-12-01", "PIC", "PIC"),
        ("US", "PH", "Y48", "R3", "2026-06-01", "PROHIBITED", "NON_PARTY"),
        ("PH", "US", "Y48", "R3", "2026-06-01", "PROHIBITED", "NON_PARTY"),
        ("US", "PH", "B3011", "R3", "2026-06-01", "NONE", "NO_CONTROL"),
        ("US", "MY", "B3011", "R3", "2026-06-01", "PROHIBITED", "PROHIBITED"),
        ("US", "JP", "AC300", "R3", "2026-06-01", "PIC_TACIT", "OECD_DECISION"),
        ("US", "JP", "AC300", "D10", "2026-06-01", "PROHIBITED", "NON_PARTY"),
        ("CA", "DE", "AC300", "R3", "2026-06-01", "PIC", "EU_AMBER_IN"),
        ("BE", "MY", "A1190", "R4", "2026-05-20", "PROHIBITED", "BAN_AMENDMENT"),
        ("BE", "MY", "A1190", "R4", "2026-05-21", "PROHIBITED", "PROHIBITED"),
        ("BE", "CA", "Y48", "D1", "2026-06-01", "PROHIBITED", "PROHIBITED"),
        ("BE", "NO", "Y48", "D1", "2026-06-01", "PIC", "PIC"),
        ("BE", "VN", "A3210", "R3", "2021-06-01", "PROHIBITED", "PROHIBITED"),
        ("BE", "VN", "B3020", "R3", "2027-05-20", "GENERAL_INFO", "EU_GREEN_OUT"),
        ("BE", "VN", "B3020", "R3", "2027-05-21", "PROHIBITED", "PROHIBITED"),
        ("CA", "CN", "B3011", "R3", "2021-01-01", "PROHIBITED", "PROHIBITED"),
        ("CA", "CN", "B3020", "R3", "2020-12-31", "NONE", "NO_CONTROL"),
        ("CA", "CN", "B3020", "R3", "2021-01-01", "PROHIBITED", "PROHIBITED"),
        ("CA", "LK", "B3011", "R3", "2026-06-01", "NONE", "NO_CONTROL"),
        ("CA", "LK", "Y48", "R3", "2026-06-01", "PROHIBITED", "PROHIBITED"),
        ("MY", "US", "A1190", "R4", "2026-06-01", "PIC", "US_MY"),
        ("US", "MY", "A1190", "R4", "2026-06-01", "PROHIBITED", "NON_PARTY"),
        ("US", "MX", "A3210", "D1", "2026-06-01", "PROHIBITED", "PROHIBITED"),
        ("US", "MX", "A3210", "R3", "2026-06-01", "PIC", "US_MX_1986"),
        ("GB", "NL", "AC300", "R3", "2026-06-01", "PIC", "EU_AMBER_IN"),
        ("GB", "JP", "AC300", "R3", "2026-06-01", "PIC", "GB_AMBER_OUT"),
        ("BE", "MY", "A1190", "R4", "2019-12-04", "PIC", "PIC"),
        ("CA", "MY", "A3210", "R3", "2026-06-01", "PIC", "PIC"),
        ("JP", "AQ", "Y48", "D1", "2026-06-01", "PROHIBITED", "PROHIBITED"),
    ],
)
def test_the_procedure_of_a_movement(
    origin: str, destination: str, code: str, operation: str, on: str, outcome: str, deciding: str
) -> None:
    found = control(origin, destination, (), code, operation, date.fromisoformat(on))
    assert (found.outcome, found.deciding.rule) == (outcome, deciding)
    assert bool(found.findings()) == (outcome == "PROHIBITED") == found.prohibited


def trail_of(*movement: Any, **known: Any) -> dict[str, Step]:
    return {step.rule: step for step in control(*movement, **known).trail}


TODAY = date(2026, 6, 1)


def test_what_the_destination_prohibits_the_union_does_not_export() -> None:
    reasons = {step.article: step.detail for step in control("BE", "CN", (), "B3020", "R3", TODAY).forbidding}
    assert reasons == {
        "-": "China prohibits the import of solid waste",
        "Art. 39(1)(j)": "No waste whose import the destination has prohibited",
    }
    assert control("BE", "CN", (), "B3020", "R3", date(2026, 5, 20)).forbidding[0].article == "-"


def test_a_transit_party_outside_the_agreement_keeps_its_own_consent() -> None:
    assert control("US", "JP", (), "AC300", "R3", TODAY).outcome == "PIC_TACIT"
    through = control("US", "JP", ("SG",), "AC300", "R3", TODAY)
    assert (through.outcome, through.deciding.rule) == ("PIC", "TRANSIT_PARTY")
    assert control("US", "JP", ("KR",), "AC300", "R3", TODAY).outcome == "PIC_TACIT"


def test_a_transit_state_that_is_no_party_is_told_and_has_no_vote() -> None:
    step = trail_of("CA", "MX", ("US",), "Y48", "R3", TODAY)["TRANSIT_NON_PARTY"]
    assert (step.outcome, step.article) == ("NONE", "Art. 7")


def test_canada_regards_other_waste_as_hazardous_for_export_to_a_party() -> None:
    assert trail_of("CA", "MY", (), "Y48", "R3", TODAY)["REGARDED_HAZARDOUS"].article == "s. 3(1)(c), 5(1)(c)"
    assert "REGARDED_HAZARDOUS" not in trail_of("CA", "US", (), "Y48", "R3", TODAY)
    assert "REGARDED_HAZARDOUS" not in trail_of("MY", "CA", (), "Y48", "R3", TODAY)


def test_where_authorities_disagree_on_the_list_the_stricter_applies() -> None:
    plain = control("CA", "MY", (), "B3011", "R3", TODAY)
    disputed = control("CA", "MY", (), "B3011", "R3", TODAY, views=[View("MY", code="Y48")])
    assert (plain.outcome, disputed.outcome) == ("NONE", "PIC")
    said = {step.rule: step for step in disputed.trail}["WHICH_LIST"]
    assert (said.article, said.detail) == ("Art. 29", "B3011 stated, MY sees Y48: treated as PIC")
    milder = control("CA", "MY", (), "Y48", "R3", TODAY, views=[View("CA", code="B3011")])
    assert milder.outcome == "PIC"


def test_where_authorities_disagree_on_the_operation_it_is_disposal() -> None:
    disputed = control("CA", "DE", (), "Y46", "R1", TODAY, views=[View("DE", operation="D10")])
    assert {"RECOVERY_OR_DISPOSAL"} <= {step.rule for step in disputed.trail}
    banned = control("BE", "CA", (), "Y48", "R1", TODAY, views=[View("CA", operation="D10")])
    assert banned.prohibited


def test_where_authorities_disagree_whether_it_is_waste_it_is_waste() -> None:
    disputed = control("CA", "MY", (), "Y48", "R3", TODAY, views=[View("CA", waste=False)])
    assert disputed.outcome == "PIC"
    assert "WASTE_OR_NOT" in {step.rule for step in disputed.trail}


@pytest.mark.parametrize(
    ("code", "operation", "banned"),
    [
        ("A1190", "R4", True),
        ("A1190", "D10", True),
        ("Y31", "D1", True),
        ("Y31", "R4", False),
        ("Y46", "D1", False),
        ("B3020", "D1", False),
    ],
)
def test_the_formula_of_the_ban_amendment(code: str, operation: str, banned: bool) -> None:
    trail = trail_of("FR", "MY", (), code, operation, date(2020, 6, 1))
    assert ("BAN_AMENDMENT" in trail) is banned


def test_the_ban_does_not_reach_annex_two() -> None:
    rules = {step.rule for step in control("FR", "MY", (), "Y46", "D1", date(2026, 6, 1)).trail}
    assert "BAN_AMENDMENT" not in rules


def test_the_arrangement_of_2020_is_for_what_goes_straight_across_the_border() -> None:
    day = date(2026, 6, 1)
    assert control("CA", "US", (), "Y48", "R3", day).outcome == "NONE"
    assert control("CA", "US", ("MX",), "Y48", "R3", day).outcome == "PIC"


def test_a_prohibition_says_where_it_stands() -> None:
    (finding,) = control("BE", "VN", (), "B3011", "R3", date(2026, 11, 21)).findings("/block_14")
    assert (finding.rule, finding.article, finding.verified) == ("PROHIBITED", "Art. 39(1)(d)", True)
    assert finding.pointer == "/block_14"
    assert not control("JP", "ID", (), "Y48", "R3", date(2026, 6, 1)).findings()[0].verified


def test_a_code_or_country_nobody_knows_has_no_procedure() -> None:
    day = date(2026, 6, 1)
    with pytest.raises(Refused, match="CODE_UNKNOWN"):
        control("CA", "BE", (), "Z99", "R3", day)
    with pytest.raises(Refused, match="CODE_NOT_VALID"):
        control("CA", "BE", (), "Y48", "R3", date(2020, 6, 1))
    with pytest.raises(UnknownLaw, match="no country"):
        control("CA", "QQ", (), "Y48", "R3", day)


def test_a_country_is_what_it_is_on_the_day() -> None:
    assert not status("BE", date(1994, 1, 29)).party  # the 90th day after the deposit is 30 January
    assert status("BE", date(1994, 1, 30)).party
    assert not status("TH", date(2023, 6, 30)).ban
    assert status("HK", date(2026, 6, 1)).party
    today = status("US", date(2026, 6, 1))
    assert (today.party, today.annex_vii, today.oecd) == (False, True, True)
    assert status("LI", date(2026, 6, 1)).annex_vii
    assert in_group("GB", "EU", date(2020, 12, 31))
    assert not in_group("GB", "EU", date(2021, 1, 1))
    assert not in_group("QQ", "EU", date(2021, 1, 1))
    assert not waived_transit_consent("NL", date(2026, 6, 1))
    with pytest.raises(UnknownLaw, match="no group"):
        in_group("BE", "NATO", date(2026, 6, 1))
