"""The channel of a declaration, as customs told officials of it."""

from __future__ import annotations

from pic_schemas.envelope import Event
from pic_schemas.messages import CustomsAudited, CustomsSelected
from single_window.domain.case import CaseFile
from single_window.domain.projections.register import projects
from single_window.domain.selection import AuditEntry, ChannelEntry, IndicatorEntry

SHOWN = ("id", "title", "outcome", "points", "detail", "source", "verified")


@projects(CustomsSelected)
def select(case: CaseFile, event: Event, message: CustomsSelected) -> None:
    entry, found = case.declarations.get(message.declaration_id), message.selection
    if entry is not None:
        entry.channel = ChannelEntry(
            channel=found.channel,
            points=found.points,
            because=found.because,
            asks_for=found.asks_for,
            drawn=found.random.drawn,
            indicators=[IndicatorEntry(*(getattr(one, name) for name in SHOWN)) for one in found.indicators],
        )


@projects(CustomsAudited)
def audit(case: CaseFile, event: Event, message: CustomsAudited) -> None:
    if (entry := case.declarations.get(message.declaration_id)) is not None:
        entry.audit = AuditEntry(message.audited_on, message.officer, message.findings, message.irregular)
