"""Questions before and after the transmission: who asks whom, how often, by when, and what they halt."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from notifier.domain.ending import close, withdraw
from notifier.domain.inquiries import answer, ask, declare_invalid, hear_request
from notifier.domain.notification import Notification
from notifier.domain.verdicts import hear_acknowledgement
from pic_schemas.address import Address, Role
from pic_schemas.documents import DraftNotification
from pic_schemas.messages import Question, Reply
from pic_schemas.refusal import Refused
from tests.services.notifier.story import (
    JUNE,
    acknowledgement,
    consented,
    form,
    request,
    rules_of,
    submitted,
    transmitted,
)

QUESTIONS = (
    Question(item=1, block=11, question="What becomes of the residue?"),
    Question(item=2, question="Where is the contract?"),
)
REPLIES = (Reply(item=1, answer="It is landfilled"), Reply(item=2, answer="Attached"))
ONE = (Reply(item=1, answer="Three percent"),)


def from_belgium() -> Notification:
    """A Belgian exporter's notification to Canada: Regulation (EU) 2024/1157 binds the State of export."""
    blocks = form("s01-notification")
    exporter = blocks["block_1"] | {"registration_no": "BE-EXPORT", "country": "BE"}
    facility = blocks["block_10"]["facility"] | {"registration_no": "CA-F1", "country": "CA"}
    blocks |= {
        "block_1": exporter,
        "block_2": blocks["block_2"] | {"registration_no": "CA-IMPORT", "country": "CA"},
        "block_9": blocks["block_9"] | {"generators": [exporter]},
        "block_10": blocks["block_10"] | {"facility": facility},
        "block_15": {
            "export": {"country": "BE", "authority": "BE001", "exit_point": "BEANR"},
            "import": {"country": "CA", "authority": "CA001", "entry_point": "CAMTR"},
        },
        "block_16": {"exit": "BEANR001"},
    }
    draft = DraftNotification.model_validate(blocks)
    notification = Notification("test", "case-1", Address("BE", Role.EXPORTER, "BE-EXPORT"), draft)
    notification.submit("BE 0000 000001", JUNE)
    return notification


def answered(notification: Notification, number: int, on: date) -> None:
    answer(notification, "BE001", number, REPLIES, (), on)


def test_the_authority_of_export_asks_once_and_twice_more_and_then_declares_it_invalid() -> None:
    notification, on = from_belgium(), JUNE
    for number in (1, 2, 3):
        (asked,) = ask(notification, QUESTIONS, on)
        assert asked.request == number  # type: ignore[attr-defined]
        assert notification.state == "INFO_REQUESTED_EXPORT"
        answered(notification, number, on)
        assert notification.state == "SUBMITTED"
        on += timedelta(days=1)
    with pytest.raises(Refused) as refusal:
        ask(notification, QUESTIONS, on)
    assert rules_of(refusal) == ["INFORMATION_REQUESTS_USED"]
    assert refusal.value.findings[0].article == "Art. 8(4)"
    (said,) = declare_invalid(notification, "The analysis never came", on)
    assert said.type == "pic.notification.invalidated.v1"
    assert notification.state == "INVALID"
    (closed,) = close(notification, on)
    assert closed.reason == "invalid"  # type: ignore[attr-defined]


def test_the_first_question_comes_within_ten_working_days_of_the_submission() -> None:
    ask(from_belgium(), QUESTIONS, date(2026, 6, 15))
    with pytest.raises(Refused) as refusal:
        ask(from_belgium(), QUESTIONS, date(2026, 6, 16))
    assert rules_of(refusal) == ["INFORMATION_REQUEST_LATE"]
    assert "2026-06-15" in refusal.value.findings[0].detail


def test_the_exporter_has_ten_working_days_and_is_not_declared_invalid_before() -> None:
    notification = from_belgium()
    (asked,) = ask(notification, QUESTIONS, JUNE)
    assert asked.answer_due_at.date() == date(2026, 6, 15)  # type: ignore[attr-defined]
    with pytest.raises(Refused) as refusal:
        declare_invalid(notification, "-", date(2026, 6, 15))
    assert rules_of(refusal) == ["INFORMATION_STILL_DUE"]
    declare_invalid(notification, "No answer came", date(2026, 6, 16))
    assert notification.state == "INVALID"


def test_a_state_whose_law_counts_no_requests_asks_as_often_as_it_must_and_declares_nothing_invalid() -> None:
    notification = submitted()
    for number in range(1, 6):
        ask(notification, QUESTIONS, JUNE)
        answer(notification, "CA001", number, REPLIES, (), JUNE)
    with pytest.raises(Refused) as refusal:
        declare_invalid(notification, "-", date(2027, 6, 1))
    assert rules_of(refusal) == ["STATE_FORBIDS"]


def test_every_question_is_answered_or_none() -> None:
    notification = submitted()
    ask(notification, QUESTIONS, JUNE)
    with pytest.raises(Refused) as refusal:
        answer(notification, "CA001", 1, ONE, (), JUNE)
    assert rules_of(refusal) == ["INFORMATION_ANSWER_MISSING"]
    assert notification.state == "INFO_REQUESTED_EXPORT"


def test_an_answer_names_documents_that_are_attached() -> None:
    notification = submitted()
    ask(notification, QUESTIONS, JUNE)
    with pytest.raises(Refused) as refusal:
        answer(notification, "CA001", 1, REPLIES, ("f" * 64,), JUNE)
    assert rules_of(refusal) == ["ATTACHMENT_UNKNOWN"]


def test_a_question_after_the_transmission_waits_for_its_own_authority_alone() -> None:
    notification = transmitted("s01-transit-notification")
    hear_request(notification, request())
    hear_request(notification, request("NL001"))
    hear_request(notification, request("NL001"))
    assert notification.state == "INFO_REQUESTED"
    assert [each.authority for each in notification.inquiries] == ["BE001", "NL001"]
    answer(notification, "BE001", 1, ONE, (), JUNE)
    assert notification.state == "INFO_REQUESTED"
    answer(notification, "NL001", 1, ONE, (), JUNE)
    assert notification.state == "TRANSMITTED"
    with pytest.raises(Refused) as refusal:
        answer(notification, "NL001", 1, ONE, (), JUNE)
    assert rules_of(refusal) == ["INFORMATION_REQUEST_UNKNOWN"]


def test_a_clock_that_stood_still_ends_as_much_later() -> None:
    notification = transmitted()
    due_at = datetime(2026, 7, 1, 23, 59, 59, tzinfo=UTC)
    said_by_belgium = acknowledgement().model_copy(update={"decision_due_at": due_at})
    hear_acknowledgement(notification, said_by_belgium)
    hear_request(notification, request(pauses=("decision",)))
    (said,) = answer(notification, "BE001", 1, ONE, (), JUNE + timedelta(days=9))
    assert said.decision_due_at.date() == date(2026, 7, 10)  # type: ignore[attr-defined]
    assert notification.authorities[0].decision_due_at == said.decision_due_at  # type: ignore[attr-defined]


def test_a_question_that_halts_no_clock_moves_nothing() -> None:
    notification = transmitted()
    hear_acknowledgement(notification, acknowledgement())
    hear_request(notification, request(pauses=("acknowledgement",)))
    (said,) = answer(notification, "BE001", 1, ONE, (), JUNE + timedelta(days=9))
    assert said.decision_due_at is None  # type: ignore[attr-defined]


def test_the_exporter_withdraws_until_all_have_decided() -> None:
    notification = transmitted()
    (said,) = withdraw(notification, "Recovered at home", JUNE)
    assert (said.type, notification.state) == ("pic.notification.withdrawn.v1", "WITHDRAWN")
    with pytest.raises(Refused) as refusal:
        withdraw(consented(), "-", JUNE)
    assert rules_of(refusal) == ["STATE_FORBIDS"]
