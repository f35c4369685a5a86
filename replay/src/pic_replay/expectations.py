"""What a step must lead to, each kind by itself, and the nearest thing that was seen instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from pic_replay.exchange import Reply, World
from pic_replay.matching import alike, difference, fill
from pic_replay.parts import Expect


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
        "deadline": _deadline,
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
    if same:
        return _nearest(wanted, same)
    earlier = [event for event in seen.all_events if event["type"] == subject]
    if earlier:
        last = earlier[-1]
        differs = _nearest(wanted, earlier)
        alike = f"and {differs}" if differs else "and as expected"
        return f"this step led to none; the last was said on {last['time']} by {last['sender']}, {alike}"
    others = [event["type"] for event in seen.events]
    if not others:
        return "the step led to no message at all"
    nearest = get_close_matches(subject, others, n=1, cutoff=0.0)[0]
    return f"the step led to {', '.join(others)}; the nearest is {nearest}"


def _nearest(wanted: dict[str, Any], same: list[dict[str, Any]]) -> str | None:
    """None when one is as wanted, else where the one differs that has most of what is wanted."""
    found = [(difference(wanted, event["data"]), event["data"]) for event in same]
    if any(differs is None for differs, _ in found):
        return None
    differs, _ = max(found, key=lambda pair: alike(wanted, pair[1]))
    return f"the nearest message differs at {differs}"


def _no_event(subject: Any, wanted: dict[str, Any], _: Expect, seen: Seen) -> str | None:
    same = [event for event in seen.all_events if event["type"] == subject]
    found = [event for event in same if difference(wanted, event["data"]) is None]
    return f"there is one, of {found[0]['time']} by {found[0]['sender']}" if found else None


def _deadline(subject: Any, _wanted: dict[str, Any], _: Expect, seen: Seen) -> str | None:
    """A day, or a time to the second; `none` when nothing comes due any more."""
    due = seen.world.next_due
    if subject == "none":
        return f"one comes due on {due}" if due else None
    moment = datetime.fromisoformat(subject)
    if not due:
        return "nothing comes due"
    found = datetime.fromisoformat(due)
    alike = found.date() == moment.date() if len(subject) == len("2026-06-01") else found == moment
    return None if alike else f"the next one is {due}"


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
