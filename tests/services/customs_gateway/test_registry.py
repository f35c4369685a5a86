"""What customs know follows from the messages, in whatever order they come."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.domain.standing import Standing
from tests.services.customs_gateway.story import (
    CASE,
    WORLD,
    authorised,
    decision,
    notification_document,
    objected,
    ready,
    transmitted,
)

TODAY = date(2026, 7, 21)


def entry() -> RegistryEntry:
    return RegistryEntry(WORLD, CASE)


def test_silence_is_never_consent() -> None:
    silent = entry()
    silent.transmitted(transmitted())
    silent.authorised(authorised())
    assert silent.standing_on(TODAY) is Standing.UNDER_DECISION
    assert silent.ledger.authorised_kg == 0


def test_a_consented_notification_gives_no_quantity_before_it_is_authorised() -> None:
    consented = entry()
    consented.transmitted(transmitted())
    consented.decided(decision())
    assert consented.standing_on(TODAY) is Standing.CONSENTED
    assert consented.ledger.authorised_kg == 0
    consented.authorised(authorised())
    assert consented.standing_on(TODAY) is Standing.AUTHORISED
    assert consented.ledger.authorised_kg == 25_000


def test_an_objection_takes_the_whole_quantity_away() -> None:
    case = ready()
    case.decided(decision(version=2, verdict="objection"))
    assert case.standing_on(TODAY) is Standing.OBJECTED
    assert case.ledger.authorised_kg == 0


def test_a_transit_state_that_has_not_decided_holds_everything_up() -> None:
    case = ready(notification_document("s01-transit-notification.yaml"))
    assert case.standing_on(TODAY) is Standing.UNDER_DECISION


def test_a_narrower_consent_lowers_what_is_authorised() -> None:
    case = ready()
    case.decided(decision(version=2, quantity_kg=18_000))
    assert case.ledger.authorised_kg == 18_000


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_newest_decision_of_an_authority_wins_in_any_order(order: tuple[int, ...]) -> None:
    messages = (decision(version=1), decision(version=2, verdict="objection"), decision(version=3))
    case = entry()
    case.transmitted(transmitted())
    case.authorised(authorised(version=3))
    for index in order:
        case.decided(messages[index])
    assert case.verdicts["BE001"].version == 3
    assert case.standing_on(TODAY) is Standing.AUTHORISED


@pytest.mark.parametrize("told_first", [True, False])
def test_an_objection_told_by_the_exporting_state_counts_like_the_decision_itself(told_first: bool) -> None:
    case = entry()
    case.transmitted(transmitted())
    heard = [lambda: case.objected(objected()), lambda: case.decided(decision(verdict="objection"))]
    for hear in heard if told_first else reversed(heard):
        hear()
    assert case.standing_on(TODAY) is Standing.OBJECTED
    assert case.verdicts["BE001"].decided_on == date(2026, 6, 26)


def test_the_window_is_what_authorisation_and_consents_have_in_common() -> None:
    assert ready().window == (date(2026, 6, 29), date(2026, 12, 15))


def test_an_authorisation_that_rests_on_an_unread_decision_says_so() -> None:
    case = entry()
    case.transmitted(transmitted())
    case.decided(decision(version=1))
    case.authorised(authorised(version=2))
    assert [(one.authority, one.decision_version) for one in case.unread_decisions] == [("BE001", 2)]


def test_a_rejected_load_gives_no_quantity_back_by_itself() -> None:
    case = ready()
    case.ledger.settle(1, 25_000)
    case.received(case.movements[1], date(2026, 8, 5), 0, accepted=False)
    assert case.ledger.consumed_kg == 25_000
