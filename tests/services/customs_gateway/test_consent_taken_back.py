"""A consent that is taken back from a day: loads are judged by their own."""

from __future__ import annotations

from datetime import date

import pytest

from customs_gateway.domain.checks import examine
from customs_gateway.domain.checks.examination import Examination
from customs_gateway.domain.consent_check import Question, answers
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.domain.standing import Standing
from pic_schemas.messages import ConsentReinstated, ConsentWithdrawn
from tests.services.customs_gateway import story

SAID_ON, GONE = date(2026, 7, 15), date(2026, 7, 25)
BEFORE = date(2026, 7, 24)


def withdrawn(version: int = 2) -> ConsentWithdrawn:
    return ConsentWithdrawn(
        number=story.NUMBER,
        authority="BE001",
        role="import",
        version=version,
        signatory="Els Wouters",
        profile="EU_2024",
        article="Art. 9",
        ground="documents",
        withdrawn_on=SAID_ON,
        effective_on=GONE,
        in_transit="hold",
    )


def announced() -> RegistryEntry:
    entry = story.ready()
    entry.taken_back(withdrawn())
    return entry


@pytest.mark.parametrize(
    ("border_date", "today", "outcome"),
    [
        (BEFORE, BEFORE, "pass"),
        (GONE, BEFORE, "fail"),
        (BEFORE, GONE, "fail"),
        (GONE, GONE, "fail"),
    ],
)
def test_a_load_of_a_day_before_it_crosses_and_none_from_that_day(
    border_date: date, today: date, outcome: str
) -> None:
    lodged = story.declared(border_date=border_date)
    found = {one.id: one.outcome for one in examine(Examination("d", lodged, announced(), 1, today))}
    assert (found["CH03"], found["CH04"]) == (outcome, outcome)


def test_the_account_of_what_was_authorised_does_not_change_with_the_day() -> None:
    entry = announced()
    assert entry.standing_on(BEFORE) is Standing.AUTHORISED
    assert entry.standing_on(GONE) is Standing.WITHDRAWN
    assert entry.ledger.authorised_kg == story.ready().ledger.authorised_kg


@pytest.mark.parametrize(("on", "outcome"), [(BEFORE, "pass"), (GONE, "fail")])
def test_an_agency_is_told_whether_the_number_is_open_on_the_day_it_asks_about(
    on: date, outcome: str
) -> None:
    found = {one.id: one.outcome for one in answers(announced(), Question(story.NUMBER, on))}
    assert found["CH03"] == outcome


def test_what_was_lifted_before_its_day_stands_on_it() -> None:
    entry = announced()
    said = {key: getattr(withdrawn(), key) for key in ("number", "authority", "role", "profile", "article")}
    entry.reinstated(ConsentReinstated(**said, version=3, signatory="Els Wouters", reinstated_on=SAID_ON))
    entry.taken_back(withdrawn())
    assert entry.standing_on(GONE) is Standing.AUTHORISED
