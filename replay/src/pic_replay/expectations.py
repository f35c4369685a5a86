"""What a step must lead to, each kind by itself, and the nearest thing that was seen instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pic_replay.exchange import Reply, World
from pic_replay.matching import difference, fill
from pic_replay.scenario import Expect


@dataclass(frozen=True, slots=True)
class Failure:
    """The step, what was expected, and what was seen with the field that differs."""

    step: int
    expected: str
    seen: str

    def __str__(self) -> str:
        return f"step {self.step}: expected {self.expected}; {self.seen}"


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to check: the answer, this step's events, all events so far, and the world to ask."""

    world: World
    reply: Reply | None
    events: list[dict[str, Any]]
    all_events: list[dict[str, Any]]


async def check(number: int, expect: Expect, saved: dict[str, Any], seen: Seen) -> list[Failure]:
    """The failures of one expectation; empty when it is met."""
    wanted = fill(expect.with_, saved) if expect.with_ else {}
    subject = fill(getattr(expect, expect.subject), saved)
    kinds = {
        "status": _status,
        "event": _event,
        "no_event": _no_event,
        "reason": _reason,
    }
    if expect.subject in kinds:
        found = kinds[expect.subject](subject, wanted, expect, seen)
    else:
        found = await _from_case_file(expect.subject, subject, wanted, seen)
    return [Failure(number, f"{expect.subject} {subject}", found)] if found else []


def _status(subject: Any, wanted: dict[str, Any], _: Expect, seen: Seen) -> str | None:
    if seen.reply is None:
        return "nothing was sent in this step"
    if seen.reply.status != subject:
        return f"$.status: the answer was {seen.reply.status}: {_short(seen.reply.body)}"
    return difference(wanted, seen.reply.body)


def _event(subject: Any, wanted: dict[str, Any], _: Expect, seen: Seen) -> str | None:
    same = [event for event in seen.events if event["type"] == subject]
    if not same:
        others = ", ".join(event["type"] for event in seen.events) or "no message at all"
        return f"the step led to {others}"
    reasons = [difference(wanted, event["data"]) for event in same]
    return None if None in reasons else f"the nearest message differs at {reasons[0]}"


def _no_event(subject: Any, _wanted: dict[str, Any], _: Expect, seen: Seen) -> str | None:
    found = [event for event in seen.all_events if event["type"] == subject]
    return f"there is one, of {found[0]['time']} by {found[0]['sender']}" if found else None


def _reason(subject: Any, wanted: dict[str, Any], expect: Expect, seen: Seen) -> str | None:
    """A problem's finding, or a check of a decision, with this rule id."""
    if seen.reply is None or not isinstance(seen.reply.body, dict):
        return "the answer has no reasons"
    body = seen.reply.body
    findings = body.get("errors", []) + [
        check for check in body.get("checks", []) if check["outcome"] == "fail"
    ]
    same = [f for f in findings if subject in (f.get("rule"), f.get("id"))]
    if not same:
        return f"the reasons were {', '.join(str(f.get('rule') or f.get('id')) for f in findings) or 'none'}"
    narrowed = wanted | {k: v for k in ("pointer", "article") if (v := getattr(expect, k)) is not None}
    reasons = [difference(narrowed, finding) for finding in same]
    return None if None in reasons else reasons[0]


async def _from_case_file(kind: str, subject: Any, wanted: dict[str, Any], seen: Seen) -> str | None:
    case = await seen.world.look(f"/v1/cases/{subject}")
    return difference(wanted, case if kind == "case" else case.get("ledger"))


def _short(body: Any) -> str:
    text = str(body)
    return text if len(text) < 600 else text[:600] + "..."
