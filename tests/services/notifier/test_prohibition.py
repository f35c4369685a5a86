"""A prohibition stops a notification wherever it stands, and its lifting leads back to where it stood."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from notifier.domain.interruption import hear_interruption
from notifier.domain.life import CARRIED_OUT, CONSENT_WITHDRAWN, CONSENTED, SUBMITTED, UNDER_PROHIBITION
from notifier.domain.notification import Notification
from notifier.domain.prenotification import prenotify
from notifier.domain.prohibition import Told, hear_view, lift, next_review, prohibit, review
from notifier.domain.verdicts import hear_decision
from pic_schemas.address import Address, Role
from pic_schemas.documents import DraftNotification
from pic_schemas.messages import ClassificationStated, NotificationProhibited, ProhibitionLifted
from pic_schemas.refusal import Refused
from tests.services.notifier.story import (
    JULY,
    JUNE,
    NUMBER,
    authorised,
    decision,
    form,
    load,
    submitted,
    transmitted,
)
from tests.services.notifier.test_interruption import DAY, withdrawn

TOLD = Told("BE", "no film for now", "Art. 3", "a letter")
BAN = date(2025, 1, 1)


def to_thailand() -> Notification:
    draft = DraftNotification.model_validate(form("s20-notification"))
    notification = Notification("test", "case-20", Address("JP", Role.EXPORTER, "JP-HIKARI"), draft)
    notification.submit("JP 0000 000001", BAN - timedelta(days=1))
    return notification


def seen(code: str = "Y48", operation: str = "D1", version: int = 1) -> ClassificationStated:
    return ClassificationStated(
        number=NUMBER,
        state="BE",
        authority="BE001",
        part="import",
        version=version,
        origin="CA",
        destination="BE",
        code=code,
        operation=operation,
        reason="-",
        signatory="-",
        stated_on=JULY,
        treated_as="PIC",
    )


def test_the_law_of_a_day_prohibits_what_was_taken_the_day_before() -> None:
    notification = to_thailand()
    assert next_review(notification, BAN - timedelta(days=1)) == BAN
    assert review(notification, BAN - timedelta(days=1)) == []
    (said,) = review(notification, BAN)
    assert isinstance(said, NotificationProhibited)
    assert (said.cause, said.reasons[0].rule, notification.state) == ("law", "PROHIBITED", UNDER_PROHIBITION)
    assert review(notification, BAN) == []


def test_a_submission_that_is_prohibited_stays_a_draft_and_says_so() -> None:
    draft = DraftNotification.model_validate(form("s20-notification"))
    notification = Notification("test", "case-20", Address("JP", Role.EXPORTER, "JP-HIKARI"), draft)
    with pytest.raises(Refused) as refusal:
        notification.submit("JP 0000 000001", BAN)
    assert [found.rule for found in refusal.value.findings] == ["PROHIBITED", "UNDER_PROHIBITION"]
    assert notification.number is None


@pytest.mark.parametrize("stood", [SUBMITTED, CARRIED_OUT])
def test_lifted_it_stands_where_it_stood_before_it_was_sent(stood: str) -> None:
    notification = submitted()
    if stood == CARRIED_OUT:
        notification.carry_out(JUNE)
    prohibit(notification, TOLD, JUNE)
    said = lift(notification, "inspected", JUNE)
    assert isinstance(said[0], ProhibitionLifted)
    assert (notification.state, notification.prohibition) == (stood, None)


def test_consents_that_come_meanwhile_are_kept_for_the_day_it_is_lifted() -> None:
    notification = transmitted()
    prohibit(notification, TOLD, JUNE)
    hear_decision(notification, decision(), JUNE)
    assert notification.state is UNDER_PROHIBITION
    lift(notification, "inspected", JULY)
    assert notification.asked("BE001").consents  # type: ignore[union-attr]
    assert notification.state == "UNDER_DECISION"


def test_nothing_is_announced_meanwhile_and_everything_afterwards() -> None:
    notification = authorised()
    issued = notification.authorisation
    prohibit(notification, TOLD, JULY)
    with pytest.raises(Refused, match="no film for now"):
        prenotify(notification, load(), JULY)
    lift(notification, "inspected", JULY)
    assert (notification.state, notification.authorisation) == (CONSENTED, issued)
    prenotify(notification, load(), JULY)


def test_what_an_authority_sees_may_prohibit_it_and_its_newer_view_frees_it() -> None:
    notification = authorised()
    assert hear_view(notification, seen(operation="R3"), JULY) == []
    assert notification.state is CONSENTED
    notification.views.clear()
    prohibited = to_thailand()
    assert hear_view(prohibited, seen(), BAN - timedelta(days=1)) == []


def test_what_the_law_prohibits_no_authority_lifts() -> None:
    notification = to_thailand()
    review(notification, BAN)
    with pytest.raises(Refused, match="Thailand"):
        lift(notification, "please", BAN)
    assert notification.state is UNDER_PROHIBITION


def test_a_consent_that_is_withdrawn_meanwhile_ends_it_for_good() -> None:
    notification = authorised()
    prohibit(notification, TOLD, JULY)
    hear_interruption(notification, withdrawn(2), DAY)
    assert notification.state is CONSENT_WITHDRAWN
    assert review(notification, JULY) == []


def test_a_state_off_the_route_prohibits_nothing() -> None:
    notification = authorised()
    with pytest.raises(Refused, match="not on the route"):
        prohibit(notification, Told("MY", "-", "-", "-"), JULY)
    assert notification.state is CONSENTED
