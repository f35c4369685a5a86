"""Grounds of objection: letters differ by profile, and a State of transit has fewer."""

import pytest

from pic_law.duties import Role
from pic_law.grounds import check_ground, grounds


def letters(profile: str, role: Role, recovery: bool) -> str:
    return "".join(ground.letter for ground in grounds(profile, role, recovery))


@pytest.mark.parametrize(
    ("profile", "role", "recovery", "open_letters"),
    [
        ("EU_2006", "import", True, "abcdefghijk"),
        ("EU_2006", "import", False, "abcdefghij"),
        ("EU_2006", "transit", True, "bdef"),
        ("EU_2006", "transit", False, "bcdf"),
        ("EU_2024", "import", True, "abcdefghijk"),
        ("EU_2024", "transit", True, "cdfgh"),
        ("BASEL", "import", True, ""),
        ("CANADA", "import", True, ""),
    ],
)
def test_the_grounds_open_to_an_authority(
    profile: str, role: Role, recovery: bool, open_letters: str
) -> None:
    assert letters(profile, role, recovery) == open_letters


def test_recovery_that_is_disposal_has_another_letter_in_each_regulation() -> None:
    texts = {
        profile: ground.letter
        for profile in ("EU_2006", "EU_2024")
        for ground in grounds(profile, "import", True)
        if ground.text == "the waste is destined for disposal and not for recovery"
    }
    assert texts == {"EU_2006": "h", "EU_2024": "j"}


def test_a_transit_objection_on_another_letter_is_not_open() -> None:
    finding = check_ground("a", profile="EU_2006", role="transit", recovery=True, pointer="/grounds/0/letter")
    assert finding is not None
    assert (finding.rule, finding.article) == ("GROUND_NOT_OPEN", "Art. 11(2), 12(2)")
    assert finding.detail == "(a) is not open to the transit authority under EU_2006; open: b, d, e, f"
    assert check_ground("b", profile="EU_2006", role="transit", recovery=True) is None


def test_a_letter_the_law_does_not_have_is_no_ground() -> None:
    finding = check_ground("z", profile="EU_2024", role="import", recovery=True)
    assert finding is not None
    assert "no ground under EU_2024" in finding.detail


def test_under_basel_the_reasons_are_stated_in_words() -> None:
    assert check_ground("anything", profile="BASEL", role="import", recovery=True) is None
    assert check_ground("anything", profile="EU_2024", role="import", recovery=False) is None


def test_a_limit_whose_text_was_not_read_is_marked() -> None:
    finding = check_ground("j", profile="EU_2024", role="transit", recovery=True)
    assert finding is not None
    assert not finding.verified
