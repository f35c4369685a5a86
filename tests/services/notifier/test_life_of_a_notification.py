"""A notification's life in the State of export: what may follow what, and what may not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from notifier.domain.authorisation import Wish, authorise
from notifier.domain.ending import close
from notifier.domain.life import LIFE, State
from notifier.domain.notification import Notification
from notifier.domain.numbering import NumberSeries
from notifier.domain.parties import concerned, may_see
from notifier.domain.verdicts import hear_acknowledgement, hear_contract, hear_decision
from pic_schemas.address import Address, Role
from pic_schemas.documents import DraftNotification
from pic_schemas.messages import DecisionScope
from pic_schemas.refusal import Refused
from tests.services.notifier import story
from tests.services.notifier.story import (
    JUNE,
    NUMBER,
    acknowledgement,
    authorised,
    consented,
    contract,
    decision,
    drafted,
    form,
    guaranteed,
    rules_of,
    submitted,
    transmitted,
)

BY_STATE: dict[State, Callable[[], Notification]] = {
    State.DRAFT: drafted,
    State.SUBMITTED: submitted,
    State.TRANSMITTED: transmitted,
    State.CONSENTED: consented,
}
ACTS: dict[str, Callable[[Notification], Any]] = {
    "submit": lambda n: n.submit(NUMBER, JUNE),
    "carry out": lambda n: n.carry_out(JUNE),
    "transmit": lambda n: n.transmit(JUNE),
    "close": lambda n: close(n, JUNE),
}


def types(messages: list[Any]) -> list[str]:
    return [message.type for message in messages]


def test_the_happy_path_goes_from_draft_to_closed() -> None:
    notification = drafted()
    assert types(notification.open()) == ["pic.notification.drafted.v1"]
    assert types(notification.submit(NUMBER, JUNE)) == ["pic.notification.submitted.v1"]
    guaranteed(notification)
    assert types(notification.carry_out(JUNE)) == ["pic.notification.carried-out.v1"]
    assert types(notification.transmit(JUNE)) == ["pic.notification.transmitted.v1"]
    hear_acknowledgement(notification, acknowledgement())
    assert notification.state is State.UNDER_DECISION
    assert hear_contract(notification, contract(), JUNE) == []
    assert hear_decision(notification, decision(), date(2026, 6, 26)) == []
    assert notification.state is State.CONSENTED
    assert types(authorise(notification, date(2026, 6, 29), Wish())) == ["pic.notification.authorised.v1"]
    assert types(notification.release_guarantee(JUNE)) == ["pic.guarantee.released.v1"]
    assert types(close(notification, JUNE)) == ["pic.notification.closed.v1"]
    assert notification.state is State.CLOSED


@pytest.mark.parametrize("state", BY_STATE)
@pytest.mark.parametrize("act", ACTS)
def test_every_step_that_the_table_does_not_name_is_refused(state: State, act: str) -> None:
    notification = BY_STATE[state]()
    step = next(step for step in LIFE if step.act == act)
    if state in step.before:
        ACTS[act](notification)
        assert notification.state is step.after
        return
    with pytest.raises(Refused) as refusal:
        ACTS[act](notification)
    assert rules_of(refusal) == [step.rule]
    assert notification.state is state


def test_a_draft_without_all_blocks_cannot_be_submitted() -> None:
    notification = drafted()
    notification.revise(notification.draft.model_copy(update={"block_5": None, "block_17": None}))
    with pytest.raises(Refused) as refusal:
        notification.submit(NUMBER, JUNE)
    assert [found.pointer for found in refusal.value.findings] == ["/block_5", "/block_17"]


def test_the_number_stands_in_block_3_of_what_is_submitted() -> None:
    assert submitted().filed.block_3.number == NUMBER


def test_the_exporter_of_block_1_is_the_caller() -> None:
    other = Notification("test", "c", Address("CA", Role.EXPORTER, "CA-OTHER"), drafted().draft)
    with pytest.raises(Refused) as refusal:
        other.open()
    assert rules_of(refusal) == ["EXPORTER_IS_CALLER"]


def test_a_form_cannot_be_signed_after_the_day_of_its_submission() -> None:
    with pytest.raises(Refused) as refusal:
        drafted().submit(NUMBER, date(2026, 5, 30))
    assert "DATES_IMPOSSIBLE" in rules_of(refusal)


def test_the_export_profile_is_canadas() -> None:
    assert submitted().profile == "CANADA"


def test_numbers_are_unique_and_begin_with_one() -> None:
    series = NumberSeries("test", "CA")
    numbers = [series.issue() for _ in range(3)]
    assert numbers == ["CA 0000 000001", "CA 0000 000002", "CA 0000 000003"]


def test_silence_of_the_importing_state_is_never_consent() -> None:
    notification = transmitted()
    hear_acknowledgement(notification, acknowledgement())
    hear_contract(notification, contract(), JUNE)
    assert notification.state is State.UNDER_DECISION


def test_consent_alone_is_not_enough_without_the_contract() -> None:
    notification = transmitted()
    hear_acknowledgement(notification, acknowledgement())
    hear_decision(notification, decision(), JUNE)
    assert notification.state is State.UNDER_DECISION
    with pytest.raises(Refused) as refusal:
        authorise(notification, JUNE, Wish())
    assert rules_of(refusal) == ["CONTRACT_NOT_CONFIRMED"]


def test_only_the_importing_authority_confirms_the_contract() -> None:
    notification = transmitted("s01-transit-notification")
    hear_contract(notification, contract("NL001"), JUNE)
    assert notification.contract is None


def test_both_states_must_consent_when_there_is_a_transit_state() -> None:
    notification = transmitted("s01-transit-notification")
    hear_contract(notification, contract(), JUNE)
    hear_decision(notification, decision(), JUNE)
    assert notification.state is State.UNDER_DECISION
    with pytest.raises(Refused) as refusal:
        authorise(notification, JUNE, Wish())
    assert rules_of(refusal) == ["CONSENT_MISSING"]
    hear_decision(notification, decision(authority="NL001", role="transit", valid_to=date(2027, 3, 31)), JUNE)
    assert notification.state is State.CONSENTED
    (permit,) = authorise(notification, date(2026, 6, 29), Wish())
    assert permit.valid_to == date(2027, 3, 31)  # type: ignore[attr-defined]
    assert [each.authority for each in permit.rests_on] == ["BE001", "NL001"]  # type: ignore[attr-defined]


def test_any_objection_stops_the_case() -> None:
    notification = transmitted()
    hear_acknowledgement(notification, acknowledgement())
    messages = hear_decision(notification, decision("objection"), JUNE)
    assert types(messages) == ["pic.notification.objected.v1"]
    assert notification.state is State.OBJECTED
    with pytest.raises(Refused) as refusal:
        authorise(notification, JUNE, Wish())
    assert rules_of(refusal) == ["CONSENT_MISSING"]


def test_a_consent_that_supersedes_an_objection_revives_the_case() -> None:
    notification = transmitted()
    hear_decision(notification, decision("objection"), JUNE)
    hear_decision(notification, decision(version=2), JUNE)
    assert notification.state is State.UNDER_DECISION
    hear_contract(notification, contract(), JUNE)
    assert notification.state is State.CONSENTED


def test_an_objection_after_the_permit_takes_the_permit_away() -> None:
    notification = authorised()
    hear_decision(notification, decision("objection", version=2), JUNE)
    assert notification.state is State.OBJECTED
    assert notification.authorisation is None


def test_an_older_decision_changes_nothing_when_it_comes_late() -> None:
    notification = transmitted()
    hear_decision(notification, decision("objection", version=2), JUNE)
    assert hear_decision(notification, decision(version=1), JUNE) == []
    assert notification.state is State.OBJECTED


def test_an_authority_that_was_not_asked_is_not_heard() -> None:
    notification = transmitted()
    assert hear_decision(notification, decision("objection", authority="DE005"), JUNE) == []
    assert notification.state is State.TRANSMITTED


def test_where_no_permit_is_wanted_the_last_consent_authorises() -> None:
    exporter = Address("JP", Role.EXPORTER, "JP-PURA")
    content = form()
    content["block_1"] |= {"registration_no": "JP-PURA", "country": "JP"}
    content["block_15"]["export"] = {"country": "JP", "authority": "JP001", "exit_point": "JPYOK"}
    notification = Notification("test", "c", exporter, DraftNotification.model_validate(content))
    notification.submit("JP 0000 000001", JUNE)
    notification.carry_out(JUNE)
    notification.transmit(JUNE)
    assert hear_decision(notification, decision(), JUNE) == []
    (message,) = hear_contract(notification, contract(), JUNE)
    assert message.how == "automatic"  # type: ignore[attr-defined]
    assert hear_contract(notification, contract(), JUNE) == []
    with pytest.raises(Refused) as refusal:
        authorise(notification, JUNE, Wish())
    assert rules_of(refusal) == ["STATE_FORBIDS"]


def test_a_permit_runs_no_longer_than_consents_and_law_allow() -> None:
    notification = consented()
    with pytest.raises(Refused) as refusal:
        authorise(notification, date(2026, 6, 29), Wish(valid_to=date(2027, 6, 26)))
    assert rules_of(refusal) == ["CONSENT_WINDOW"]
    (permit,) = authorise(notification, date(2026, 6, 29), Wish())
    assert (permit.valid_from, permit.valid_to) == (date(2026, 6, 29), date(2027, 6, 25))  # type: ignore[attr-defined]


def test_a_smaller_quantity_in_a_consent_is_the_ceiling_of_the_permit() -> None:
    notification = consented(scope=DecisionScope(quantity_kg=20_000))
    (permit,) = authorise(notification, date(2026, 6, 29), Wish())
    assert permit.quantity_kg == 20_000  # type: ignore[attr-defined]


def test_an_approved_guarantee_is_not_approved_twice() -> None:
    notification = guaranteed(submitted())
    with pytest.raises(Refused) as refusal:
        notification.approve_guarantee(JUNE)
    assert rules_of(refusal) == ["STATE_FORBIDS"]


def test_a_case_closes_only_when_its_guarantee_is_released() -> None:
    notification = authorised()
    with pytest.raises(Refused) as refusal:
        close(notification, JUNE)
    assert rules_of(refusal) == ["STATE_FORBIDS"]
    assert notification.state is State.CONSENTED


def test_a_closed_case_keeps_what_it_hears_and_stays_closed() -> None:
    notification = transmitted()
    hear_decision(notification, decision("objection"), JUNE)
    close(notification, JUNE)
    hear_decision(notification, decision(version=2), JUNE)
    assert notification.state is State.CLOSED


def test_a_draft_concerns_its_exporter_alone() -> None:
    assert concerned(drafted()) == {story.EXPORTER}


def test_the_importing_state_hears_of_a_notification_when_it_is_transmitted() -> None:
    belgium = Address("BE", Role.COMPETENT_AUTHORITY, "BE001")
    assert not may_see(submitted(), [belgium])
    assert may_see(transmitted(), [belgium])


def test_everybody_on_the_route_is_told_after_transmission() -> None:
    told = {str(address) for address in concerned(transmitted("s01-transit-notification"))}
    assert told == {
        "CA/exporter/CA-PLASTIX",
        "CA/competent-authority/CA001",
        "BE/competent-authority/BE001",
        "NL/competent-authority/NL001",
        "BE/facility/BE-F7",
        "BE/facility/BE-RECYCLA",
        "CA/carrier/CA-ALPHA",
        "BE/carrier/BE-BETA",
        "CA/customs/*",
        "NL/customs/*",
        "BE/customs/*",
    }


def test_another_exporter_of_the_same_state_sees_nothing() -> None:
    assert not may_see(transmitted(), [replace(story.EXPORTER, agency="CA-OTHER")])


def test_a_draft_may_miss_every_block() -> None:
    empty = Notification("test", "c", story.EXPORTER, DraftNotification())
    assert types(empty.open()) == ["pic.notification.drafted.v1"]
