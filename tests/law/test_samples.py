"""Samples and small quantities: let go where every State of the route says so, never past a prohibition."""

from datetime import date

import pytest

from pic_law.control import Load, control

BEFORE, FROM = date(2026, 5, 20), date(2026, 6, 1)


@pytest.mark.parametrize(
    ("route", "code", "load", "on", "outcome", "rule"),
    [
        (("CA", "US"), "A3210", Load(25, for_analysis=True), FROM, "NONE", "CA_TEST_SAMPLE"),
        (("CA", "US"), "A3210", Load(26, for_analysis=True), FROM, "PIC_TACIT", "CA_US_1986_AGREEMENT"),
        (("CA", "US"), "A3210", Load(25), FROM, "PIC_TACIT", "CA_US_1986_AGREEMENT"),
        (("CA", "BE"), "AC300", Load(20, for_analysis=True), BEFORE, "GENERAL_INFO", "EU_2006_SAMPLE"),
        (("CA", "BE"), "AC300", Load(20, for_analysis=True), FROM, "GENERAL_INFO", "EU_2024_SAMPLE"),
        (("CA", "MY"), "Y48", Load(1, for_analysis=True), FROM, "PIC", "PIC"),
        (("CA", "JP"), "AC300", Load(4), FROM, "PIC_TACIT", "OECD_DECISION"),
        (("BE", "VN"), "Y48", Load(1, for_analysis=True), FROM, "PROHIBITED", "PROHIBITED"),
    ],
)
def test_a_small_load_needs_what_the_strictest_state_still_asks(
    route: tuple[str, str], code: str, load: Load, on: date, outcome: str, rule: str
) -> None:
    found = control(*route, (), code, "R3", on, load=load)
    assert (found.outcome, found.deciding.rule) == (outcome, rule)


def test_a_state_of_transit_without_such_a_rule_keeps_its_consent() -> None:
    sample = Load(20, for_analysis=True)
    assert control("CA", "US", (), "A3210", "R3", FROM, load=sample).outcome == "NONE"
    through = control("CA", "US", ("MY",), "A3210", "R3", FROM, load=sample)
    assert through.outcome == control("CA", "US", ("MY",), "A3210", "R3", FROM).outcome != "NONE"


def test_every_state_that_lets_it_go_is_named_with_its_own_rule() -> None:
    found = control("CA", "US", (), "A3210", "R3", FROM, load=Load(20, for_analysis=True))
    assert [step.rule for step in found.trail[:2]] == ["CA_TEST_SAMPLE", "US_LABORATORY_SAMPLE"]
    assert found.trail[2:] == control("CA", "US", (), "A3210", "R3", FROM).trail
