"""The frozen examples of the contract, told as one case in the order of the procedure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pic_schemas.catalogue import CATALOGUE, load
from pic_schemas.envelope import Event, from_structured
from single_window.domain.case import CaseFile
from single_window.domain.projections import apply, opened_by

EXAMPLES = Path(__file__).resolve().parents[3] / "schemas" / "examples"
CASE = "0b8f7c5e-4a55-5d0e-9a53-6a2f3f1f0c11"
LEFT_OUT = {
    "pic.case.linked.v1",
    "pic.notices.compared.v1",
    "pic.remedy.opened.v1",
    "pic.remedy.ordered.v1",
    "pic.remedy.opposed.v1",
    "pic.return.departed.v1",
    "pic.remedy.escalated.v1",
    "pic.remedy.completed.v1",
    "pic.cancellation.requested.v1",
    "pic.cancellation.granted.v1",
    "pic.cancellation.refused.v1",
    "pic.customs.held.v1",
    "pic.customs.refused.v1",
    "pic.customs.selected.v1",
    "pic.customs.detained.v1",
    "pic.inspection.ordered.v1",
    "pic.inspection.recorded.v1",
    "pic.illegal-traffic.reported.v1",
    "pic.notification.objected.v1",
    "pic.notification.expiring.v1",
    "pic.notification.expired.v1",
    "pic.silence.recorded.v1",
    "pic.information.requested.v1",
    "pic.information.provided.v1",
    "pic.notification.invalidated.v1",
    "pic.notification.withdrawn.v1",
    "pic.change.requested.v1",
    "pic.change.answered.v1",
    "pic.change.refused.v1",
    "pic.notification.changed.v1",
    "pic.consent.withdrawn.v1",
    "pic.consent.suspended.v1",
    "pic.consent.reinstated.v1",
    "pic.authorisation.suspended.v1",
    "pic.declaration.amended.v1",
    "pic.declaration.withdrawn.v1",
    "pic.quantity.overridden.v1",
}


def example(kind: str, sequence: int, **changes: Any) -> Event:
    document = json.loads((EXAMPLES / f"{kind}.json").read_text())
    document["data"] |= changes
    given = {
        "case": CASE,
        "world": "test",
        "sequence": sequence,
        "id": f"00000000-0000-4000-8000-{sequence:012d}",
    }
    return from_structured(document | given)


def story(*left_out: str) -> list[Event]:
    """Every example of a case but what ends it badly or leads aside; `sequence` counts per producer."""
    counts: dict[str, int] = {}
    told = []
    for place, kind in enumerate(kind for kind in CATALOGUE if not kind.startswith("pic.world.")):
        if kind in LEFT_OUT or kind in left_out:
            continue
        event = example(kind, place + 1)
        counts[event.source] = counts.get(event.source, 0) + 1
        told.append(event.model_copy(update={"sequence": counts[event.source]}))
    return told


def file_of(events: list[Event]) -> CaseFile:
    case = opened_by(events[0])
    for event in events:
        apply(case, event, load(event))
    return case
