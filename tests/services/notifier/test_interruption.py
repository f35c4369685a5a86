"""A consent that is taken back stops what has not left, in whatever order the news arrive."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from notifier.domain.interruption import hear_interruption, hear_reinstatement, take_effect
from notifier.domain.life import CLOSED, CONSENT_WITHDRAWN, CONSENTED, SUSPENDED
from notifier.domain.prenotification import prenotify
from notifier.domain.shipments import depart
from notifier.domain.verdicts import hear_decision
from pic_schemas.messages import (
    AuthorisationSuspended,
    ConsentReinstated,
    ConsentSuspended,
    ConsentWithdrawn,
    NotificationInterrupted,
)
from pic_schemas.refusal import Refused
from tests.services.notifier.story import JULY, NUMBER, authorised, consented, decision, load, rules_of

DAY = date(2026, 9, 1)
SAID: dict[str, Any] = {
    "number": NUMBER,
    "authority": "BE001",
    "role": "import",
    "signatory": "Els Wouters",
    "profile": "EU_2024",
    "article": "Art. 9",
}


def withdrawn(version: int = 2) -> ConsentWithdrawn:
    return ConsentWithdrawn(
        **SAID, version=version, effective_on=DAY, in_transit="hold", withdrawn_on=DAY, ground="conditions"
    )


def suspended(version: int = 2) -> ConsentSuspended:
    return ConsentSuspended(
        **SAID, version=version, effective_on=DAY, in_transit="hold", suspended_on=DAY, ground="emergency"
    )


def test_a_withdrawal_ends_the_authorisation_and_suspends_the_canadian_permit() -> None:
    notification = authorised()
    issued = notification.authorisation
    assert issued is not None
    (said,) = hear_interruption(notification, withdrawn(), DAY)
    assert isinstance(said, AuthorisationSuspended)
    assert (said.authorisation_no, said.because_of) == (issued.authorisation_no, "BE001")
    assert said.rule == "CANADA.suspend_on_foreign_withdrawal"
    assert notification.state is CONSENT_WITHDRAWN
    assert notification.authorisation is None


def test_no_load_is_announced_and_no_announced_load_departs_after_it() -> None:
    notification = authorised()
    movement, _ = prenotify(notification, load(), JULY)
    movement.hear_release("CAMTR001")
    hear_interruption(notification, withdrawn(), DAY)
    with pytest.raises(Refused) as announced:
        prenotify(notification, load(), JULY)
    with pytest.raises(Refused) as departed:
        depart(notification, 1, carrier="CA-ALPHA", on=JULY, place="Montreal", kg=None)
    assert rules_of(announced) == rules_of(departed) == ["CONSENT_WITHDRAWN"]
    assert movement.departure is None


def test_a_suspension_keeps_the_permit_which_stands_again_once_it_is_lifted() -> None:
    notification = authorised()
    issued = notification.authorisation
    hear_interruption(notification, suspended(), DAY)
    assert notification.state is SUSPENDED
    lifted = ConsentReinstated(**SAID, version=3, reinstated_on=DAY)
    assert hear_reinstatement(notification, lifted, DAY) == []
    assert notification.state is CONSENTED
    assert notification.authorisation is issued


def test_the_highest_number_of_an_authority_stands_whatever_is_heard_first() -> None:
    notification = consented()
    hear_interruption(notification, withdrawn(version=3), DAY)
    assert hear_decision(notification, decision(version=2), DAY) == []
    assert notification.state is CONSENT_WITHDRAWN
    assert hear_interruption(notification, suspended(version=2), DAY) == []


LATER = DAY + timedelta(days=10)


def announced(version: int = 2) -> ConsentWithdrawn:
    return withdrawn(version).model_copy(update={"effective_on": LATER})


def test_until_its_day_the_consent_stands_and_on_it_everybody_is_told_once() -> None:
    notification = authorised()
    assert hear_interruption(notification, announced(), DAY) == []
    assert take_effect(notification, "BE001", LATER - timedelta(days=1)) == []
    assert notification.state is CONSENTED
    told, permit = take_effect(notification, "BE001", LATER)
    assert isinstance(told, NotificationInterrupted)
    assert (told.authority, told.version, told.interruption) == ("BE001", 2, "withdrawn")
    assert isinstance(permit, AuthorisationSuspended)
    assert notification.state is CONSENT_WITHDRAWN
    assert take_effect(notification, "BE001", LATER) == []


def test_a_load_departs_on_the_day_before_it_and_not_on_the_day_itself_although_no_clock_struck() -> None:
    notification = authorised()
    movement, _ = prenotify(notification, load(), JULY)
    movement.hear_release("CAMTR001")
    hear_interruption(notification, announced(), DAY)
    with pytest.raises(Refused) as departed:
        depart(notification, 1, carrier="CA-ALPHA", on=LATER, place="Montreal", kg=None)
    assert rules_of(departed) == ["CONSENT_WITHDRAWN"]
    before = LATER - timedelta(days=1)
    depart(notification, 1, carrier="CA-ALPHA", on=before, place="Montreal", kg=None)
    assert movement.departure is not None


def test_a_load_is_announced_for_a_day_before_it_and_none_for_the_day_itself() -> None:
    notification = authorised()
    starts = load().block_6.start_date
    gone = announced().model_copy(update={"effective_on": starts})
    hear_interruption(notification, gone, JULY)
    with pytest.raises(Refused) as refusal:
        prenotify(notification, load(), JULY)
    assert rules_of(refusal) == ["CONSENT_WITHDRAWN"]
    later = authorised()
    hear_interruption(later, gone.model_copy(update={"effective_on": starts + timedelta(days=1)}), JULY)
    assert prenotify(later, load(), JULY)[0].start_date == starts


def test_what_is_heard_after_its_day_takes_effect_at_once_and_is_told() -> None:
    notification = authorised()
    told, _ = hear_interruption(notification, announced(), LATER)
    assert isinstance(told, NotificationInterrupted)
    assert notification.state is CONSENT_WITHDRAWN


@pytest.mark.parametrize("word", ["lifted", "decided anew", "moved"])
def test_what_was_lifted_overtaken_or_moved_before_its_day_never_comes(word: str) -> None:
    notification = authorised()
    hear_interruption(notification, announced(), DAY)
    if word == "lifted":
        hear_reinstatement(notification, ConsentReinstated(**SAID, version=3, reinstated_on=DAY), DAY)
    elif word == "decided anew":
        hear_decision(notification, decision(version=3), DAY)
    else:
        later = announced(3).model_copy(update={"effective_on": LATER + timedelta(days=1)})
        hear_interruption(notification, later, DAY)
    assert take_effect(notification, "BE001", LATER) == []
    assert notification.state is CONSENTED


def test_a_suspension_stands_while_a_withdrawal_is_waited_for() -> None:
    notification = authorised()
    hear_interruption(notification, suspended(), DAY)
    hear_interruption(notification, announced(3), DAY)
    assert notification.state is SUSPENDED
    take_effect(notification, "BE001", LATER)
    assert notification.state is CONSENT_WITHDRAWN


def test_a_notification_that_was_closed_meanwhile_is_not_interrupted() -> None:
    notification = authorised()
    hear_interruption(notification, announced(), DAY)
    notification.closed_on, notification.state = DAY, CLOSED
    assert take_effect(notification, "BE001", LATER) == []
    assert notification.state is CLOSED
