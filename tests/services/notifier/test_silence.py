"""Silence is recorded by the State of export where the law takes it for consent, and never inferred."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from notifier.domain.life import CONSENTED, OBJECTED, UNDER_DECISION
from notifier.domain.notification import Notification
from notifier.domain.silence import clock_of, hear_comparison, record_silence
from notifier.domain.verdicts import hear_acknowledgement, hear_contract, hear_decision
from pic_schemas.address import Address, Role
from pic_schemas.documents import DraftNotification
from pic_schemas.messages import NoticesCompared, SilenceRecorded
from tests.services.notifier.story import JUNE, acknowledgement, contract, decision, form, transmitted

BEFORE = datetime(2026, 7, 1, 23, 59, 58, tzinfo=UTC)
AT_THE_END = datetime(2026, 7, 1, 23, 59, 59, tzinfo=UTC)


def waiting_for_the_netherlands() -> Notification:
    """Belgium consented; the Netherlands, a State of transit of the Union, acknowledged on 1 June."""
    notification = transmitted("s01-transit-notification")
    hear_acknowledgement(notification, acknowledgement())
    hear_contract(notification, contract(), JUNE)
    hear_decision(notification, decision(), date(2026, 6, 26))
    hear_acknowledgement(notification, acknowledgement("NL001", "transit"))
    return notification


def silent_netherlands() -> Notification:
    notification = waiting_for_the_netherlands()
    record_silence(notification, "NL001", AT_THE_END)
    return notification


def test_nothing_is_recorded_a_second_before_the_clock_ends() -> None:
    notification = waiting_for_the_netherlands()
    assert record_silence(notification, "NL001", BEFORE) == []
    assert notification.state is UNDER_DECISION


def test_the_record_names_start_and_end_of_the_clock_and_copies_the_period_of_the_destination() -> None:
    notification = waiting_for_the_netherlands()
    (recorded,) = record_silence(notification, "NL001", AT_THE_END)
    assert isinstance(recorded, SilenceRecorded)
    assert (recorded.clock_start, recorded.clock_end) == (JUNE, AT_THE_END)
    assert (recorded.rule, recorded.valid_from, recorded.valid_to) == (
        "EU_2024.tacit",
        date(2026, 6, 26),
        date(2027, 6, 25),
    )
    assert notification.state is CONSENTED


def test_silence_is_recorded_once() -> None:
    assert record_silence(silent_netherlands(), "NL001", AT_THE_END) == []


def test_the_silence_of_the_state_of_import_is_no_consent() -> None:
    notification = transmitted()
    hear_acknowledgement(notification, acknowledgement())
    assert record_silence(notification, "BE001", datetime(2027, 6, 1, tzinfo=UTC)) == []
    assert notification.state is UNDER_DECISION


def test_who_did_not_acknowledge_has_no_clock() -> None:
    notification = transmitted("s01-transit-notification")
    assert record_silence(notification, "NL001", AT_THE_END) == []


@pytest.mark.parametrize(("verdict", "state"), [("objection", OBJECTED), ("consent", CONSENTED)])
def test_a_decision_that_arrives_later_supersedes_the_silence(verdict: str, state: Any) -> None:
    notification = silent_netherlands()
    late = decision(verdict, authority="NL001", role="transit", version=1)
    hear_decision(notification, late, date(2026, 7, 3))
    asked = notification.asked("NL001")
    assert asked is not None
    assert not asked.silent
    assert notification.state is state


def test_a_decision_that_was_heard_leaves_no_clock_to_run_out() -> None:
    notification = waiting_for_the_netherlands()
    hear_decision(notification, decision(authority="NL001", role="transit"), date(2026, 6, 28))
    asked = notification.asked("NL001")
    assert asked is not None
    assert clock_of(notification, asked) is None
    assert record_silence(notification, "NL001", AT_THE_END) == []


def test_a_non_party_in_transit_gets_the_notice_and_has_no_vote() -> None:
    route = form("s01-transit-notification")["block_15"]
    through = {"country": "US", "authority": "US001", "entry_point": "USNYC", "exit_point": "USNYC"}
    notification = transmitted("s01-transit-notification", block_15=route | {"transit": [through]})
    asked = notification.asked("US001")
    assert asked is not None
    assert not asked.voting
    hear_acknowledgement(notification, acknowledgement("US001", "transit"))
    assert record_silence(notification, "US001", datetime(2027, 6, 1, tzinfo=UTC)) == []
    hear_acknowledgement(notification, acknowledgement())
    hear_contract(notification, contract(), JUNE)
    hear_decision(notification, decision(), date(2026, 6, 26))
    assert notification.state is CONSENTED


LONG_AFTER = datetime(2027, 6, 1, tzinfo=UTC)


def compared(*, agree: bool) -> NoticesCompared:
    return NoticesCompared(
        number="US 0000 000001",
        authority="CA001",
        reference="CA-IMP-1",
        notice_version=1,
        compared_on=JUNE,
        policy="exact",
        agree=agree,
        rule="US_CA_DUAL",
        article="s. 8",
    )


def silent_canada() -> Notification:
    """A load from the United States; the Agreement of 1986 lets Canada's silence count."""
    blocks = form("s26-notification")
    exporter = Address("US", Role.EXPORTER, blocks["block_1"]["registration_no"])
    notification = Notification("test", "case-1", exporter, DraftNotification.model_validate(blocks))
    notification.submit("US 0000 000001", JUNE)
    notification.carry_out(JUNE)
    notification.transmit(JUNE)
    hear_acknowledgement(notification, acknowledgement("CA001"))
    return notification


def test_silence_waits_for_two_notices_that_agree_as_a_written_consent_does() -> None:
    notification = silent_canada()
    assert record_silence(notification, "CA001", LONG_AFTER) == []
    assert hear_comparison(notification, compared(agree=False), LONG_AFTER) == []
    (recorded,) = hear_comparison(notification, compared(agree=True), LONG_AFTER)
    assert isinstance(recorded, SilenceRecorded)
    assert not recorded.releases


def test_notices_that_agree_end_no_clock_before_its_day() -> None:
    notification = silent_canada()
    assert hear_comparison(notification, compared(agree=True), datetime(2026, 6, 2, tzinfo=UTC)) == []
    assert len(record_silence(notification, "CA001", LONG_AFTER)) == 1
