"""The life of a file at an authority's desk."""

from __future__ import annotations

from datetime import date

import pytest

from consent.domain.authority_file import AuthorityFile
from consent.domain.states import DESK, UNDECIDED, VERDICTS, Act, FileState, next_state
from pic_law.calendars import calendar
from pic_law.clocks import working_days_from
from pic_law.ruling import GroundCited, Ruling
from pic_schemas.messages import Condition, DecisionScope
from pic_schemas.refusal import Refused
from tests.services.consent.case import CASE, NUMBER, TRANSMITTED, notification, transmitted

TODAY = date(2026, 6, 8)
GROUND = GroundCited("j", "Most of the film would be landfilled")
TRACKED = Condition(id="C1", text="The containers are tracked")


def on_the_desk(authority: str = "BE001", document: str = "s01-notification") -> AuthorityFile:
    message = transmitted(notification(document))
    desk = next(desk for desk in message.authorities if desk.authority == authority)
    return AuthorityFile.open("test", CASE, desk, message)


def in_review(authority: str = "BE001", document: str = "s01-notification") -> AuthorityFile:
    file = on_the_desk(authority, document)
    file.acknowledge(TODAY, TODAY)
    return file


def ruling(verdict: Act, **more: object) -> Ruling:
    if verdict is Act.OBJECTION:
        more.setdefault("grounds", (GROUND,))
    if verdict is Act.CONSENT_WITH_CONDITIONS:
        more.setdefault("conditions", (TRACKED,))
    return Ruling(verdict, "Els Wouters", **more)  # type: ignore[arg-type]


def rules(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(finding.rule, finding.pointer) for finding in refused.value.findings]


def test_a_notification_that_arrives_is_received_and_nothing_more() -> None:
    file = on_the_desk()
    assert (file.state, file.role, file.number) == (FileState.RECEIVED, "import", NUMBER)
    assert not file.decided
    assert file.decision is None


def test_the_acknowledgement_starts_thirty_days_under_the_law_of_2024() -> None:
    said = on_the_desk().acknowledge(TODAY, TODAY)
    assert said.profile == "EU_2024"
    assert said.rule == "EU_2024.decision"
    assert said.decision_due_at is not None
    assert said.decision_due_at.date() == date(2026, 7, 8)
    assert said.article


def test_a_notification_lodged_before_the_change_of_law_is_decided_under_the_old_one() -> None:
    message = transmitted().model_copy(
        update={"carried_out_on": date(2026, 4, 10), "transmitted_on": date(2026, 4, 13)}
    )
    file = AuthorityFile.open("test", CASE, message.authorities[0], message)
    assert file.acknowledge(TODAY, TODAY).profile == "EU_2006"


def test_nothing_is_acknowledged_before_it_was_sent_or_before_it_came() -> None:
    for received_on in (date(2026, 6, 3), date(2026, 6, 9)):
        with pytest.raises(Refused) as refused:
            on_the_desk().acknowledge(received_on, TODAY)
        assert rules(refused) == [("DATES_IMPOSSIBLE", "/received_on")]


def test_where_the_law_names_a_day_the_desk_sees_by_when_to_acknowledge() -> None:
    file = on_the_desk()
    assert file.acknowledgement_due is None  # Regulation (EU) 2024/1157 names none
    file.submitted_on = date(2026, 5, 20)
    due = file.acknowledgement_due
    assert due is not None
    assert (due.rule, due.article) == ("EU_2006.import_ack", "Art. 8(2)")
    assert due.due_on == working_days_from(file.transmitted_on, 3, calendar("BE001"))
    file.acknowledge(file.transmitted_on, file.transmitted_on)
    assert file.acknowledgement_due is None


def test_a_file_is_acknowledged_once() -> None:
    with pytest.raises(Refused) as refused:
        in_review().acknowledge(TODAY, TODAY)
    assert (refused.value.kind, rules(refused)) == ("conflict", [("STATE_FORBIDS", "")])


@pytest.mark.parametrize("verdict", sorted(VERDICTS))
def test_no_verdict_comes_before_the_acknowledgement(verdict: Act) -> None:
    with pytest.raises(Refused) as refused:
        on_the_desk().decide(ruling(verdict), TODAY)
    assert (refused.value.kind, rules(refused)) == ("conflict", [("STATE_FORBIDS", "")])


def test_silence_of_the_importing_state_is_never_consent() -> None:
    file = in_review()
    file.decision_came_due()
    assert file.overdue
    assert (file.state, file.decision) == (FileState.IN_REVIEW, None)


def test_a_decision_in_time_is_not_late_afterwards() -> None:
    file = in_review()
    file.decide(ruling(Act.CONSENT), TODAY)
    file.decision_came_due()
    assert not file.overdue


def test_a_late_decision_is_still_a_decision() -> None:
    file = in_review()
    file.decision_came_due()
    file.decide(ruling(Act.CONSENT), date(2026, 8, 1))
    assert (file.state, file.overdue) == (FileState.CONSENT, True)


def test_a_consent_lasts_a_year_unless_the_authority_says_otherwise() -> None:
    decision = in_review().decide(ruling(Act.CONSENT), TODAY)
    assert (decision.valid_from, decision.valid_to) == (TODAY, date(2027, 6, 8))
    named = ruling(Act.CONSENT, valid_from=date(2026, 6, 26), valid_to=date(2026, 12, 31))
    decision = in_review().decide(named, TODAY)
    assert (decision.valid_from, decision.valid_to) == (date(2026, 6, 26), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 7, 1), date(2026, 6, 30)), (date(2026, 5, 1), date(2026, 6, 7))],
    ids=["ends before it begins", "over before it was decided"],
)
def test_a_window_in_which_nothing_can_move_is_no_consent(first: date, last: date) -> None:
    with pytest.raises(Refused) as refused:
        in_review().decide(ruling(Act.CONSENT, valid_from=first, valid_to=last), TODAY)
    assert rules(refused) == [("CONSENT_WINDOW", "/valid_to")]


def test_an_objection_has_no_window() -> None:
    decision = in_review().decide(ruling(Act.OBJECTION, valid_to=date(2027, 1, 1)), TODAY)
    assert (decision.valid_from, decision.valid_to) == (None, None)
    assert [(ground.letter, ground.article) for ground in decision.grounds] == [("j", "Art. 12(1)(j)")]


def test_an_objection_names_its_grounds() -> None:
    with pytest.raises(Refused) as refused:
        in_review().decide(ruling(Act.OBJECTION, grounds=()), TODAY)
    assert (refused.value.kind, rules(refused)) == ("invalid", [("GROUND_MISSING", "/grounds")])


def test_a_ground_that_is_not_in_the_law_of_the_desk_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        in_review().decide(ruling(Act.OBJECTION, grounds=(GROUND, GroundCited("12(1)(z)"))), TODAY)
    assert rules(refused) == [("GROUND_NOT_OPEN", "/grounds/1/letter")]


def test_a_ground_may_be_cited_by_its_article() -> None:
    decision = in_review().decide(ruling(Act.OBJECTION, grounds=(GroundCited("12(1)(j)"),)), TODAY)
    assert (decision.grounds[0].letter, decision.grounds[0].article) == ("j", "Art. 12(1)(j)")


def test_a_ground_of_the_importing_state_is_not_open_to_a_state_of_transit() -> None:
    with pytest.raises(Refused) as refused:
        in_review("NL001", "s01-transit-notification").decide(ruling(Act.OBJECTION), TODAY)
    assert rules(refused) == [("GROUND_NOT_OPEN", "/grounds/0/letter")]


def test_a_conditional_consent_states_its_conditions() -> None:
    with pytest.raises(Refused) as refused:
        in_review().decide(ruling(Act.CONSENT_WITH_CONDITIONS, conditions=()), TODAY)
    assert rules(refused) == [("CONDITION_MISSING", "/conditions")]
    with pytest.raises(Refused) as refused:
        in_review().decide(ruling(Act.CONSENT, conditions=(TRACKED,)), TODAY)
    assert rules(refused) == [("BLOCK_INVALID", "/conditions")]


def test_a_consent_narrows_what_was_notified_and_never_widens_it() -> None:
    narrowed = DecisionScope(quantity_kg=20_000)
    decision = in_review().decide(ruling(Act.CONSENT, scope=narrowed), TODAY)
    assert decision.scope == narrowed
    with pytest.raises(Refused) as refused:
        in_review().decide(ruling(Act.CONSENT, scope=DecisionScope(quantity_kg=25_001, shipments=2)), TODAY)
    assert rules(refused) == [
        ("QUANTITY_EXCEEDED", "/scope/quantity"),
        ("SHIPMENTS_EXCEEDED", "/scope/shipments"),
    ]


def test_a_consent_may_become_an_objection_and_an_objection_a_consent() -> None:
    file = in_review()
    versions = [
        file.decide(ruling(verdict), TODAY).version
        for verdict in (Act.CONSENT, Act.OBJECTION, Act.CONSENT, Act.OBJECTION)
    ]
    assert versions == [1, 2, 3, 4]
    assert file.decision is not None
    assert (file.state, file.decision.verdict) == (FileState.OBJECTION, "objection")


def test_conditions_may_be_added_modified_and_removed() -> None:
    file = in_review()
    for verdict in (Act.CONSENT, Act.CONSENT_WITH_CONDITIONS, Act.CONSENT_WITH_CONDITIONS, Act.CONSENT):
        file.decide(ruling(verdict), TODAY)
    assert (file.state, len(file.decisions)) == (FileState.CONSENT, 4)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Act.CONSENT, Act.CONSENT),
        (Act.OBJECTION, Act.OBJECTION),
        (Act.OBJECTION, Act.NOT_CONSENT),
        (Act.CONSENT, Act.NOT_CONSENT),
        (Act.NOT_CONSENT, Act.CONSENT),
    ],
)
def test_the_same_authority_does_not_decide_twice_otherwise(first: Act, second: Act) -> None:
    file = in_review()
    file.decide(ruling(first), TODAY)
    with pytest.raises(Refused) as refused:
        file.decide(ruling(second), TODAY)
    assert (refused.value.kind, rules(refused)) == ("conflict", [("ALREADY_DECIDED", "")])
    assert len(file.decisions) == 1


def test_the_state_of_import_confirms_the_contract_once() -> None:
    file = in_review()
    said = file.confirm_contract("C-2026-118", TODAY)
    assert (said.authority, said.confirmed_on, said.contract_reference) == ("BE001", TODAY, "C-2026-118")
    with pytest.raises(Refused) as refused:
        file.confirm_contract("C-2026-118", TODAY)
    assert rules(refused) == [("STATE_FORBIDS", "")]


def test_a_contract_is_not_confirmed_before_the_acknowledgement() -> None:
    with pytest.raises(Refused) as refused:
        on_the_desk().confirm_contract("C-2026-118", TODAY)
    assert rules(refused) == [("STATE_FORBIDS", "")]


def test_a_state_of_transit_confirms_no_contract() -> None:
    with pytest.raises(Refused) as refused:
        in_review("NL001", "s01-transit-notification").confirm_contract("C-2026-118", TODAY)
    assert (refused.value.kind, rules(refused)) == ("forbidden", [("SEAT_FORBIDS", "")])


def test_a_state_of_transit_acknowledges_and_decides_for_itself() -> None:
    transit, destination = (
        in_review(authority, "s01-transit-notification") for authority in ("NL001", "BE001")
    )
    decision = transit.decide(ruling(Act.CONSENT), TODAY)
    assert (decision.role, decision.authority, decision.version) == ("transit", "NL001", 1)
    assert destination.decision is None


def test_every_state_of_a_file_stands_in_the_table() -> None:
    assert set(DESK) == set(FileState)


def test_no_act_leads_back_to_the_undecided() -> None:
    decided = set(FileState) - UNDECIDED
    reached = {next_state(state, act) for state in decided for act in DESK[state]}
    assert reached <= decided
    assert TRANSMITTED < TODAY
