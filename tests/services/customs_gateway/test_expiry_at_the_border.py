"""A window that ended, as the border sees it: what is accounted for, and which load is still in time."""

from __future__ import annotations

from datetime import date

import pytest

from customs_gateway.domain.checks import examine
from customs_gateway.domain.checks.examination import Examination
from customs_gateway.domain.standing import Standing
from pic_schemas.messages import NotificationExpired
from tests.services.customs_gateway import story

TODAY = date(2026, 12, 16)


def test_what_ended_is_still_accounted_for_and_opened_again_by_a_consent_that_lasts_longer() -> None:
    entry = story.ready()
    end = date(2026, 12, 15)
    entry.expired(NotificationExpired(number=story.NUMBER, valid_to=end))
    assert (entry.standing_on(TODAY), entry.ledger.authorised_kg) == (Standing.EXPIRED, 25_000)
    longer = story.authorised().model_copy(update={"valid_to": date(2027, 3, 31)})
    entry.authorised(longer)
    assert entry.standing_on(TODAY) is Standing.AUTHORISED


@pytest.mark.parametrize(
    ("border_date", "today", "outcome"),
    [
        (date(2026, 12, 15), date(2026, 12, 15), "pass"),
        (date(2026, 12, 15), date(2026, 12, 16), "fail"),
        (date(2026, 12, 16), date(2026, 12, 15), "fail"),
    ],
)
def test_a_load_that_still_stands_here_does_not_cross_on_a_day_that_is_over(
    border_date: date, today: date, outcome: str
) -> None:
    entry = story.ready()
    entry.expired(NotificationExpired(number=story.NUMBER, valid_to=date(2026, 12, 15)))
    lodged = story.declared(border_date=border_date)
    found = {one.id: one for one in examine(Examination("d", lodged, entry, 1, today))}
    assert found["CH05"].outcome == outcome
    assert found["CH03"].outcome == "pass"
