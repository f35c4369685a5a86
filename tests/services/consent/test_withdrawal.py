"""A consent is taken back on the grounds of the desk's own law, and its number goes on counting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from consent.domain.authority_file import AuthorityFile
from consent.domain.states import Act, FileState
from consent.domain.withdrawal import Reason, reinstate, suspend, take_effect, withdraw
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


LATER = TODAY + timedelta(days=10)


def test_before_its_day_the_consent_stands_and_from_it_on_it_is_gone() -> None:
    file = consented()
    said = withdraw(file, reason(effective_on=LATER), TODAY)
    assert (said.withdrawn_on, said.effective_on) == (TODAY, LATER)
    take_effect(file, LATER - timedelta(days=1))
    assert file.state is FileState.CONSENT
    take_effect(file, LATER)
    assert file.state is FileState.WITHDRAWN
    take_effect(file, LATER)
    assert file.state is FileState.WITHDRAWN


def test_what_was_announced_is_lifted_before_its_day() -> None:
    file = consented()
    withdraw(file, reason(effective_on=LATER), TODAY)
    assert reinstate(file, "Els Wouters", "The permit stands after all", TODAY).version == 3
    take_effect(file, LATER)
    assert file.state is FileState.CONSENT
    with pytest.raises(Refused):
        reinstate(file, "Els Wouters", "", TODAY)


def test_a_newer_decision_overtakes_what_was_announced() -> None:
    file = consented()
    withdraw(file, reason(effective_on=LATER), TODAY)
    file.decide(ruling(Act.OBJECTION), TODAY)
    take_effect(file, LATER)
    assert file.state is FileState.OBJECTION


def test_an_earlier_day_may_be_said_later() -> None:
    file = consented()
    withdraw(file, reason(effective_on=LATER), TODAY)
    assert withdraw(file, reason(), TODAY).version == 3
    assert (file.state, file.announced) == (FileState.WITHDRAWN, None)


def test_a_file_that_was_closed_meanwhile_stays_closed() -> None:
    file = consented()
    withdraw(file, reason(effective_on=LATER), TODAY)
    file.end()
    take_effect(file, LATER)
    assert file.state is FileState.CLOSED


def test_a_consent_that_is_over_by_then_is_not_taken_back() -> None:
    file = consented()
    decision = file.decision
    assert decision is not None
    assert decision.valid_to is not None
    with pytest.raises(Refused) as refusal:
        withdraw(file, reason(effective_on=decision.valid_to + timedelta(days=1)), TODAY)
    assert [found.rule for found in refusal.value.findings] == ["WITHDRAWAL_DAY"]
    assert withdraw(file, reason(effective_on=decision.valid_to), TODAY).effective_on == decision.valid_to


@pytest.mark.parametrize(("days", "stands"), [(0, False), (19, False), (20, True), (21, True)])
def test_a_canadian_permit_is_revoked_twenty_days_after_the_notice(days: int, stands: bool) -> None:
    file = consented()
    file.country, file.authority = "CA", "CA001"
    why = Reason(signatory="M. Roy", text="not complied with", effective_on=TODAY + timedelta(days=days))
    if stands:
        assert withdraw(file, why, TODAY).effective_on == why.effective_on
        return
    with pytest.raises(Refused) as refusal:
        withdraw(file, why, TODAY)
    (found,) = refusal.value.findings
    assert (found.rule, found.article, found.pointer) == (
        "WITHDRAWAL_DAY",
        "s. 13(5), 25(5)",
        "/effective_on",
    )


def test_canada_suspends_at_once_and_revokes_from_the_day_that_its_law_allows() -> None:
    file = consented()
    file.country, file.authority = "CA", "CA001"
    suspend(file, reason("non-compliance"), TODAY)
    said = withdraw(file, Reason(signatory="M. Roy", text="not complied with"), TODAY)
    assert said.effective_on == TODAY + timedelta(days=20)
    assert file.state is FileState.SUSPENDED
    take_effect(file, said.effective_on)
    assert file.state is FileState.WITHDRAWN


def test_a_suspension_does_not_silently_lift_an_announced_withdrawal() -> None:
    file = consented()
    file.country, file.authority = "CA", "CA001"
    withdraw(file, Reason(signatory="M. Roy", text="not complied with"), TODAY)
    with pytest.raises(Refused) as refusal:
        suspend(file, reason("non-compliance"), TODAY)
    assert [found.rule for found in refusal.value.findings] == ["STATE_FORBIDS"]
