"""Some States want to read a notice a number of days before the first shipment leaves."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from pic_law import notification_rules
from pic_schemas.documents import DraftNotification, NotificationDocument
from pic_schemas.documents.route import TransitState

DOCUMENT = Path(__file__).parents[2] / "scenarios" / "documents" / "s26-notification.yaml"
"""Hazardous plastics; the first shipment leaves on 10 August 2026."""

Told = list[tuple[str, str, str]]


def told(on: date, origin: str, destination: str, *transits: str) -> tuple[Told, Told]:
    """What refuses the notice, and what only warns: the rule, its article, the field."""
    filed = NotificationDocument.model_validate(yaml.safe_load(DOCUMENT.read_text("utf-8")))
    route = filed.block_15
    way = {
        "export": route.export.model_copy(update={"country": origin}),
        "import_": route.import_.model_copy(update={"country": destination}),
        "transit": tuple(
            TransitState(country=state, authority="NL001", entry_point="NLRTM", exit_point="NLRTM")
            for state in transits
        ),
    }
    changed = filed.model_copy(update={"block_15": route.model_copy(update=way)})
    draft = DraftNotification.model_construct(**dict(changed))
    found = (notification_rules.findings(changed, on), notification_rules.warnings(draft, on))
    refuses, warns = (
        [(one.rule, one.article, one.pointer) for one in each if one.rule == "NOTIFIED_TOO_LATE"]
        for each in found
    )
    return refuses, warns


@pytest.mark.parametrize(
    ("on", "route", "article"),
    [
        (date(2026, 6, 11), ("US", "CA"), None),
        (date(2026, 6, 12), ("US", "CA"), "262.84(b)(1); 262.53 (2005)"),
        (date(2026, 8, 3), ("CA", "MX", "US"), None),
        (date(2026, 8, 4), ("CA", "MX", "US"), "Art. 4"),
        (date(2026, 8, 4), ("CA", "US"), None),
    ],
)
def test_a_notice_that_comes_too_late_is_refused_at_the_day_of_the_first_shipment(
    on: date, route: tuple[str, ...], article: str | None
) -> None:
    refuses, _ = told(on, *route)
    assert refuses == ([("NOTIFIED_TOO_LATE", article, "/block_6/first_departure")] if article else [])


@pytest.mark.parametrize(("on", "warned"), [(date(2026, 6, 26), False), (date(2026, 6, 27), True)])
def test_what_nobody_has_re_read_warns_and_refuses_nothing(on: date, warned: bool) -> None:
    refuses, warns = told(on, "MX", "US")
    assert refuses == []
    assert {article for _, article, _ in warns} == ({"Annex III"} if warned else set())
