"""A consent that is taken back stops what has not left, in whatever order the news arrive."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from notifier.domain.interruption import hear_interruption, hear_reinstatement
from notifier.domain.life import CONSENT_WITHDRAWN, CONSENTED, SUSPENDED
from notifier.domain.prenotification import prenotify
from notifier.domain.shipments import depart
from notifier.domain.verdicts import hear_decision
from pic_schemas.messages import AuthorisationSuspended, ConsentReinstated, ConsentSuspended, ConsentWithdrawn
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
