"""A load that travels with general information is taken back as well, where the law of its State says so."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from customs_gateway.domain.failure import Failure, make_known_unnotified
from customs_gateway.domain.lodgement import lodge
from pic_schemas.messages import RemedyOpened
from pic_schemas.refusal import Refused
from tests.services.customs_gateway import story

NOW = datetime(2026, 8, 6, 10, tzinfo=UTC)
GREEN: dict[str, Any] = {
    "number": None,
    "movement_number": None,
    "shipment": None,
    "basel_code": "EU3011",
    "office": "BEANR001",
    "origin": "BE",
    "destination": "DE",
    "transits": (),
    "documents": (),
}


def told(failure: Failure, **changes: Any) -> RemedyOpened:
    load = lodge(story.WORLD, story.CASE, story.declared(**GREEN | changes), None, NOW)
    return make_known_unnotified("remedy-1", load, failure, NOW)


def test_the_state_of_dispatch_has_ninety_days_from_being_informed() -> None:
    said = told(Failure(None, "The plant burnt down"))
    assert (said.cause, said.duty_of, said.due_on) == ("not-completed", "BE", date(2026, 11, 4))
    assert (said.rule, said.article) == ("EU_2024.takeback_green_list", "Art. 23")
    assert (said.number, said.shipment, said.states) == (None, None, ("BE", "DE"))


@pytest.mark.parametrize(
    ("failure", "changes"),
    [
        (Failure(None, "Nobody was notified"), {"basel_code": "Y48"}),
        (Failure(None, "Nobody was notified", art9_letters=("a",)), {}),
    ],
)
def test_what_needed_a_notification_is_illegal_traffic_and_customs_report_it(
    failure: Failure, changes: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as refusal:
        told(failure, **changes)
    assert [found.rule for found in refusal.value.findings] == ["NOTIFICATION_UNKNOWN"]
