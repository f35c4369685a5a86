"""What a desk asks, what halts its clocks, until when an objection is cured, and changes it answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from consent.domain.correspondence import answer_change, ask, change_due, follow, hear_answer, hear_change
from consent.domain.states import Act, FileState
from pic_law.ruling import GroundCited
from pic_schemas.messages import InformationProvided, NotificationChanged, Question, Reply
from pic_schemas.refusal import Refused
from tests.services.consent.test_authority_file import TODAY, on_the_desk, ruling
from tests.services.consent.test_consent_actions import QUESTIONS, a_change

LATER = TODAY + timedelta(days=6)


def provided(request: int = 1, authority: str = "BE001", on: date = LATER) -> InformationProvided:
    return InformationProvided(
        number="CA 0000 000001",
        authority=authority,
        request=request,
        answered_on=on,
        answers=(Reply(item=1, answer="Three percent"),),
    )


def rules_of(error: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [found.rule for found in error.value.findings]


def test_what_is_not_complete_is_not_acknowledged_until_the_answer_is_there() -> None:
    file = on_the_desk()
    asked = ask(file, QUESTIONS, TODAY)
    assert (file.state, asked.pauses) == (FileState.INFO_REQUESTED, ("acknowledgement",))
    with pytest.raises(Refused) as refusal:
        file.acknowledge(TODAY, TODAY)
    assert rules_of(refusal) == ["STATE_FORBIDS"]
    assert not hear_answer(file, provided(authority="NL001"))
    assert not hear_answer(file, provided())
    file.acknowledge(TODAY, LATER)
    assert file.state is FileState.IN_REVIEW


def test_a_question_during_the_review_stops_no_clock_that_the_law_lets_run() -> None:
    file = on_the_desk()
    file.acknowledge(TODAY, TODAY)
    due = file.decision_due_at
    assert ask(file, QUESTIONS, TODAY).pauses == ()
    assert file.state is FileState.IN_REVIEW_INFO_REQUESTED
    assert not hear_answer(file, provided())
    assert (file.state, file.decision_due_at) == (FileState.IN_REVIEW, due)


def test_where_the_law_halts_the_decision_the_rest_of_it_runs_from_the_answer() -> None:
    file = on_the_desk()
    file.acknowledge(TODAY, TODAY)
    before = file.decision_due_at
    asked = ask(file, QUESTIONS, TODAY)
    file.requests[0] = asked.model_copy(update={"pauses": ("decision",)})
    assert hear_answer(file, provided())
    assert before is not None
    assert file.decision_due_at == before + timedelta(days=6)


def test_one_request_at_a_time() -> None:
    file = on_the_desk()
    file.acknowledge(TODAY, TODAY)
    ask(file, QUESTIONS, TODAY)
    with pytest.raises(Refused) as refusal:
        ask(file, (Question(item=1, question="And?"),), TODAY)
    assert rules_of(refusal) == ["STATE_FORBIDS"]


def test_an_objection_is_cured_inside_the_thirty_days_of_the_older_law_and_not_after() -> None:
    for days, cured in ((30, True), (31, False)):
        file = on_the_desk()
        file.submitted_on = date(2026, 3, 2)
        file.acknowledge(TODAY, TODAY)
        file.decide(ruling(Act.OBJECTION, grounds=(GroundCited("h"),)), TODAY)
        end = TODAY + timedelta(days=days)
        if cured:
            assert file.decide(ruling(Act.CONSENT), end).version == 2
            continue
        with pytest.raises(Refused) as refusal:
            file.decide(ruling(Act.CONSENT), end)
        assert rules_of(refusal) == ["CURE_WINDOW_OVER"]
        assert file.state is FileState.OBJECTION


def test_the_newer_law_sets_no_end_to_the_cure() -> None:
    file = on_the_desk()
    file.acknowledge(TODAY, TODAY)
    file.decide(ruling(Act.OBJECTION, grounds=(GroundCited("j"),)), TODAY)
    assert file.decide(ruling(Act.CONSENT), TODAY + timedelta(days=90)).verdict == "consent"


def test_a_change_is_answered_once_within_five_working_days_and_followed() -> None:
    file = on_the_desk()
    file.acknowledge(TODAY, TODAY)
    file.decide(ruling(Act.CONSENT), TODAY)
    asked = a_change(file)
    hear_change(file, asked)
    due = change_due(file)
    assert due is not None
    assert (due.rule, due.article) == ("EU_2024.change_decision", "Art. 17")
    said = answer_change(file, 1, True, None, TODAY)
    assert (said.agrees, said.due_at) == (True, due.due_at)
    assert change_due(file) is None
    with pytest.raises(Refused) as refusal:
        answer_change(file, 1, False, None, TODAY)
    assert rules_of(refusal) == ["ALREADY_DECIDED"]
    changed = NotificationChanged(
        number=file.number,
        change=1,
        kind="essential",
        notification_version=2,
        changed_on=TODAY,
        changes=asked.changes,
        agreed_by=("CA001", "BE001"),
        document=file.document,
        article="Art. 17(1)",
    )
    follow(file, changed)
    assert (file.notification_version, file.change) == (2, None)
    with pytest.raises(Refused) as unknown:
        answer_change(file, 1, True, None, TODAY)
    assert rules_of(unknown) == ["CHANGE_UNKNOWN"]


def test_nobody_decides_on_what_is_over() -> None:
    file = on_the_desk()
    file.acknowledge(TODAY, TODAY)
    file.end()
    with pytest.raises(Refused) as refusal:
        file.decide(ruling(Act.CONSENT), TODAY)
    assert rules_of(refusal) == ["STATE_FORBIDS"]
