"""Which procedure a movement needs, on the day of the act."""

from datetime import date

import pytest

from pic_law.control import control
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
        ("BE", "MY", "A1190", "R4", "2026-06-01", "PROHIBITED", "BAN_AMENDMENT"),
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
