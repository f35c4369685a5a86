"""What each check found, from the decisions themselves: in the case file it would be most of the file."""

from __future__ import annotations

from collections.abc import Iterable

from pic_schemas.catalogue import load
from pic_schemas.envelope import Event
from pic_schemas.messages import (
    CustomsDecision,
    CustomsHeld,
    CustomsRefused,
    CustomsReleased,
    DeclarationWithdrawn,
)
from single_window.domain.border import CheckEntry
from single_window.domain.case import CaseFile

TELL = {kind.type for kind in (CustomsReleased, CustomsHeld, CustomsRefused, DeclarationWithdrawn)}


def with_findings(case: CaseFile, events: Iterable[Event]) -> CaseFile:
    """The case file with the checks of each declaration's latest decision; `events` as they happened."""
    for message in (load(event) for event in events if event.type in TELL):
        if isinstance(message, CustomsDecision | DeclarationWithdrawn):
            entry = case.declarations.get(message.declaration_id)
            if entry is not None:
                entry.checks = _findings(message)
    return case


def _findings(message: CustomsDecision | DeclarationWithdrawn) -> list[CheckEntry]:
    if isinstance(message, DeclarationWithdrawn):
        return []
    return [
        CheckEntry(
            check.id, check.title, check.outcome, check.severity, check.article, check.detail, check.source
        )
        for check in message.checks
    ]
