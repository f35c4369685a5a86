"""The time line of a case: what happened, who said it to whom, and what it rests on, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pic_schemas import messages as said
from pic_schemas.catalogue import load, message_type
from pic_schemas.envelope import Event
from pic_schemas.messages import Message
from single_window.domain.sentences import sentence


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened."""

    time: datetime
    recorded: datetime
    type: str
    who: str
    to: list[str]
    summary: str
    why: str
    channel: str
    source: str
    sequence: int
    details: list[str] = field(default_factory=list)


def timeline(events: Sequence[Event]) -> list[TimelineEntry]:
    """In the order in which it happened."""
    return [_entry(event) for event in events]


def _entry(event: Event) -> TimelineEntry:
    message = load(event)
    return TimelineEntry(
        time=event.time,
        recorded=event.recordedtime,
        type=event.type,
        who=event.sender,
        to=list(event.recipients),
        summary=sentence(message),
        why=_why(message),
        channel=event.channel,
        source=event.source,
        sequence=event.sequence,
        details=_details(message),
    )


def _why(message: Message) -> str:
    """The article that it names, with the law that it is an article of; else what its kind rests on."""
    if isinstance(message, said.CustomsDecision) and message.number is None:
        return "; ".join(_against(message) or _asks(message)) or message_type(message.type).basis
    article, profile = getattr(message, "article", ""), getattr(message, "profile", "")
    if not article:
        return message_type(message.type).basis
    return f"{article} ({profile})" if profile else str(article)


def _asks(m: Any) -> list[str]:
    """What the control procedure asks for, where no notification was made."""
    asked = getattr(m, "procedure", None)
    if asked is None or m.number is not None:
        return []
    where = ", ".join(part for part in (asked.article, asked.source) if part.strip("-"))
    return [f"Procedure {asked.outcome} by {asked.rule}: {asked.detail} ({where})"]


def _against(m: Any) -> list[str]:
    """The checks that stand against a load."""
    return [
        f"{check.id} {check.title}: {check.detail} ({check.article})"
        for check in getattr(m, "checks", ())
        if check.outcome in {"fail", "not-yet-known"}
    ]


def _found_inside(m: Any) -> list[str]:
    composition = getattr(m, "composition", None)
    found = composition.contaminants if composition else ()
    inside = [f"Found: {one.percent.normalize():f} % {one.kind} {one.note}".rstrip() for one in found]
    attached = getattr(m, "attachments", ()) if isinstance(m, said.InspectionRecorded) else ()
    return [*inside, *(f"Attached: {one.kind}, {one.media_type}, sha256 {one.sha256}" for one in attached)]


def _indicators(m: Any) -> list[str]:
    """What spoke for the channel: officials alone are shown it."""
    selection = getattr(m, "selection", None)
    found = selection.indicators if selection else ()
    return [f"{one.id} {one.title}: {one.detail} ({_points(one)}; {one.source})" for one in found]


def _points(one: Any) -> str:
    return f"{one.points} points" if one.outcome == "scored" else "not yet known"


def _details(message: Message) -> list[str]:
    """What the reader will ask next: failed checks, grounds, conditions."""
    grounds = [f"Ground {g.letter}, {g.article}: {g.text}" for g in getattr(message, "grounds", ())]
    conditions = [f"Condition {c.id}: {c.text}" for c in getattr(message, "conditions", ())]
    questions = [f"Question {q.item}: {q.question}" for q in getattr(message, "questions", ())]
    answers = getattr(message, "answers", ())
    replies = [f"Answer {a.item}: {a.answer}" for a in answers]
    changes = [f"{c.at}: {c.old} becomes {c.new} ({c.article})" for c in getattr(message, "changes", ())]
    differing = [
        f"{one.field}: {one.export_notice} abroad, {one.import_notice} here"
        for one in getattr(message, "differences", ())
    ]
    disputed = [f"{one.rule}: {one.detail} ({one.article})" for one in getattr(message, "prevailing", ())]
    return [
        *disputed,
        *questions,
        *replies,
        *changes,
        *_asks(message),
        *_against(message),
        *_found_inside(message),
        *_indicators(message),
        *grounds,
        *conditions,
        *differing,
    ]
