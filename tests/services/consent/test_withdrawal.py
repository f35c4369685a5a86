"""A consent is taken back on the grounds of the desk's own law, and its number goes on counting."""

from __future__ import annotations

from datetime import date

import pytest

from consent.domain.authority_file import AuthorityFile
from consent.domain.states import Act, FileState
from consent.domain.withdrawal import Reason, reinstate, suspend, withdraw
from pic_law.withdrawal import against
from pic_schemas.refusal import Refused
from tests.services.consent.test_authority_file import TODAY, on_the_desk, ruling


def consented(desk: str = "BE001") -> AuthorityFile:
    file = on_the_desk(desk)
    file.acknowledge(TODAY, TODAY)
    file.decide(ruling(Act.CONSENT), TODAY)
    return file


def reason(ground: str = "facility-permit", **more: object) -> Reason:
    return Reason(signatory="Els Wouters", ground=ground, **more)  # type: ignore[arg-type]


def test_a_withdrawal_follows_the_decision_in_number_and_names_its_article() -> None:
    file = consented()
    said = withdraw(file, reason(in_transit="continue"), TODAY)
    assert (said.version, said.ground, said.in_transit) == (2, "facility-permit", "continue")
    assert (said.profile, said.article, said.effective_on) == ("EU_2024", "Art. 9", TODAY)
    assert file.state is FileState.WITHDRAWN


def test_what_is_withdrawn_is_not_decided_again() -> None:
    file = consented()
    withdraw(file, reason(), TODAY)
    with pytest.raises(Refused):
        file.decide(ruling(Act.CONSENT), TODAY)


def test_only_a_consent_can_be_withdrawn() -> None:
    file = on_the_desk("BE001")
    file.acknowledge(TODAY, TODAY)
    with pytest.raises(Refused) as refusal:
        withdraw(file, reason(), TODAY)
    assert [found.rule for found in refusal.value.findings] == ["STATE_FORBIDS"]
    assert file.state is FileState.IN_REVIEW


def test_a_ground_that_the_law_does_not_list_is_refused_and_changes_nothing() -> None:
    file = consented()
    with pytest.raises(Refused) as refusal:
        withdraw(file, reason("bad-mood"), TODAY)
    assert [found.rule for found in refusal.value.findings] == ["WITHDRAWAL_GROUND"]
    assert file.state is FileState.CONSENT


def test_the_union_knows_no_suspension() -> None:
    file = consented()
    with pytest.raises(Refused) as refusal:
        suspend(file, reason(), TODAY)
    assert [found.rule for found in refusal.value.findings] == ["SUSPENSION_UNKNOWN"]


def test_what_canada_suspends_stands_again_once_lifted() -> None:
    file = consented()
    file.country, file.authority = "CA", "CA001"
    assert suspend(file, reason("non-compliance"), TODAY).article == "s. 12(2)"
    assert file.state is FileState.SUSPENDED
    assert reinstate(file, "M. Roy", "", TODAY).version == 3
    assert file.state is FileState.CONSENT


@pytest.mark.parametrize(
    ("profile", "ground", "day", "stands"),
    [
        ("EU_2006", "documents", "2026-05-20", True),
        ("EU_2006", "guarantee-ended", "2026-05-20", False),
        ("EU_2024", "guarantee-ended", "2026-05-21", True),
        ("CA_US_1986_AGREEMENT", "good-cause", "2026-06-01", True),
        ("BASEL", "", "2026-06-01", True),
    ],
)
def test_each_law_has_its_own_grounds(profile: str, ground: str, day: str, stands: bool) -> None:
    found = against(ground, "in words", profile=profile, act="withdraw", on=date.fromisoformat(day))
    assert (found == []) is stands
