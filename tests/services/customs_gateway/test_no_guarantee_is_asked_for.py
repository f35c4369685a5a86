"""CH17 asks for a guarantee only where a State of the route does (Basel Convention Article 6(11))."""

from __future__ import annotations

import pytest

from customs_gateway.domain.checks import examine
from customs_gateway.domain.checks.examination import Examination
from customs_gateway.domain.registry import RegistryEntry
from tests.services.customs_gateway import story


@pytest.mark.parametrize(
    ("document", "outcome"),
    [("s06-notification.yaml", "not-applicable"), ("s26-notification.yaml", "fail")],
)
def test_between_the_united_states_and_japan_nobody_asks_and_canada_does(document: str, outcome: str) -> None:
    entry = RegistryEntry(story.WORLD, story.CASE)
    entry.transmitted(story.transmitted(story.notification_document(document)))
    lodged = story.declared(basel_code=None)
    found = {one.id: one for one in examine(Examination("d", lodged, entry, 1, lodged.border_date))}
    assert found["CH17"].outcome == outcome
    if outcome == "not-applicable":
        assert "Wisconsin NR 662.084" in found["CH17"].detail
