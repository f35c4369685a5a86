"""What a company sees of a case: not what officials say among themselves, nor what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pic_schemas.address import Address
from pic_schemas.catalogue import load
from pic_schemas.envelope import Event
from single_window.domain.case import CaseFile
from single_window.domain.findings import with_findings
from single_window.domain.parties import OF_COMPANIES
from single_window.domain.projections import apply, opened_by


def as_seen_by(
    case: CaseFile, events: Sequence[Event], parties: Iterable[str] | None
) -> tuple[CaseFile, list[Event]]:
    """The file and its history for these parties; officials and observers see both whole."""
    if parties is None or any(party.startswith("state:") for party in parties):
        return with_findings(case, events), list(events)
    shown = [event for event in events if not among_officials(event)]
    return with_findings(_told_by(shown) if len(shown) < len(events) else case, shown), shown


def among_officials(event: Event) -> bool:
    """Said by an official and addressed to no company: inspections, findings, detentions, reports."""
    roles = {Address.parse(text).role for text in (event.sender, *event.recipients)}
    return bool(event.recipients) and not roles & OF_COMPANIES


def _told_by(events: Sequence[Event]) -> CaseFile:
    case = opened_by(events[0])
    for event in events:
        apply(case, event, load(event))
    return case
