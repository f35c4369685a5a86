"""The frozen examples of the contract, told as one case in the order of the procedure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pic_schemas.catalogue import load
from pic_schemas.envelope import Event, from_structured
from single_window.domain.case import CaseFile
from single_window.domain.projections import apply, opened_by

EXAMPLES = Path(__file__).resolve().parents[3] / "schemas" / "examples"
CASE = "0b8f7c5e-4a55-5d0e-9a53-6a2f3f1f0c11"
PLAIN = (
    "pic.notification.drafted.v1",
    "pic.notification.submitted.v1",
    "pic.guarantee.lodged.v1",
    "pic.guarantee.approved.v1",
    "pic.notification.carried-out.v1",
    "pic.notification.transmitted.v1",
    "pic.attachment.added.v1",
    "pic.notification.acknowledged.v1",
    "pic.contract.confirmed.v1",
    "pic.decision.taken.v1",
    "pic.notification.authorised.v1",
    "pic.movement.prenotified.v1",
    "pic.movement.departed.v1",
    "pic.declaration.lodged.v1",
    "pic.customs.released.v1",
    "pic.customs.exited.v1",
    "pic.customs.entered.v1",
    "pic.movement.received.v1",
    "pic.movement.completed.v1",
    "pic.guarantee.released.v1",
    "pic.notification.closed.v1",
)
"""A shipment that goes as it should: no question, no failure, nothing that leads aside."""


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
    """The example of each message of a plain case; `sequence` counts per producer."""
    counts: dict[str, int] = {}
    told = []
    for place, kind in enumerate(PLAIN):
        if kind in left_out:
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
