"""Due dates: calendar days, working days, months and years, counted as the authority's calendar counts them.

A day is a UTC day of the world's clock. The start day is not counted unless the duty says so.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile

from pic_law.calendars import Calendar
from pic_law.duties import Duty, Longstop, Unit
from pic_law.errors import LawError

END_OF_DAY = time(23, 59, 59, tzinfo=UTC)


@dataclass(frozen=True)
class Due:
    """When something is due and why. `basis` says what was counted; `rule` is `PROFILE.duty`."""

    due_at: datetime
    due_on: date
    basis: str
    rule: str
    article: str
    source: str
    verified: bool
    calendar: str


def due(duty: Duty, start: date | datetime, calendar: Calendar) -> Due | None:
    """When the duty is due, counted from `start`; `None` where the law gives no number."""
    if duty.amount is None or duty.unit is None:
        return None
    if duty.before is not None:
        raise LawError(f"{duty.rule} runs before {duty.before}: ask latest_before")
    if duty.unit == "h":
        return _due(duty, _instant(start) + timedelta(hours=duty.amount), _basis(duty, start), calendar)
    day = after(_day(start), duty.amount, duty.unit, calendar, counted=duty.start_day_counted)
    return _rolled_over(duty, day, _basis(duty, start), calendar)


def longstop(duty: Duty, start: date | datetime, calendar: Calendar) -> Due | None:
    """The second limit of the duty (`not_later_than`), counted from its own start; `None` if it has none."""
    limit = duty.not_later_than
    if limit is None:
        return None
    day = after(_day(start), limit.amount, limit.unit, calendar)
    return _due(duty, datetime.combine(day, END_OF_DAY), _longstop_basis(limit, start), calendar)


def earliest(duty: Duty, begun: date | None, longstop_from: date, calendar: Calendar) -> Due | None:
    """The nearer of the duty's two limits; the first runs only once its start (`begun`) is known."""
    first = due(duty, begun, calendar) if begun is not None else None
    limits = [limit for limit in (first, longstop(duty, longstop_from, calendar)) if limit]
    return min(limits, key=lambda limit: limit.due_at, default=None)


def latest_before(duty: Duty, event: date | datetime, calendar: Calendar) -> Due | None:
    """The last day on which a duty that runs before `event` can be met; `None` where there is no number."""
    if duty.amount is None or duty.unit is None:
        return None
    if duty.before is None:
        raise LawError(f"{duty.rule} runs from {duty.start}: ask due")
    day = before(_day(event), duty.amount, duty.unit, calendar, counted=duty.start_day_counted)
    basis = f"{duty.amount} {duty.unit} before {duty.before}, {_day(event).isoformat()}"
    return _due(duty, datetime.combine(day, END_OF_DAY), basis, calendar)


def resumed(duty: Duty, due_on: date, paused_on: date, resumed_on: date, calendar: Calendar) -> date:
    """Where a due day moves when its clock stood still: what was left then is left now."""
    if due_on <= paused_on:
        return due_on
    if duty.unit == "wd":
        days = calendar.forward(paused_on)
        left = sum(1 for _ in takewhile(lambda day: day <= due_on, days))
        return after(resumed_on, left, "wd", calendar)
    return due_on + (resumed_on - paused_on)


def days_left(due_: Due, now: datetime) -> int:
    """Calendar days until the due day; negative is overdue."""
    return (due_.due_on - _day(now)).days


def after(start: date, amount: int, unit: Unit, calendar: Calendar, *, counted: bool = False) -> date:
    """The last day of a period that begins on `start`; `counted` makes `start` its first day."""
    if unit in ("m", "y"):
        return add_months(start, amount * _MONTHS[unit])
    first = start - timedelta(days=1) if counted else start
    if unit == "wd":
        return _nth(calendar.forward(first), amount, first)
    return first + timedelta(days=amount)


def before(event: date, amount: int, unit: Unit, calendar: Calendar, *, counted: bool = False) -> date:
    """The day that lies so long before `event`; `counted` makes the day of the event the first of them."""
    if unit in ("m", "y"):
        return add_months(event, -amount * _MONTHS[unit])
    first = event + timedelta(days=1) if counted else event
    if unit == "wd":
        return _nth(calendar.backward(first), amount, event)
    return first - timedelta(days=amount)


def working_days_from(start: date, days: int, calendar: Calendar, *, counted: bool = False) -> date:
    """So many working days after `start`, or before it if negative; none is `start` itself."""
    if days < 0:
        return before(start, -days, "wd", calendar, counted=counted)
    return after(start, days, "wd", calendar, counted=counted) if days else start


def add_months(day: date, months: int) -> date:
    """Calendar arithmetic: 31 January plus one month is the last day of February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_MONTHS = {"m": 1, "y": 12}


def _nth(days: Iterator[date], amount: int, at_once: date) -> date:
    return next(islice(days, amount - 1, None)) if amount > 0 else at_once


def _day(moment: date | datetime) -> date:
    return _instant(moment).date() if isinstance(moment, datetime) else moment


def _instant(moment: date | datetime) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(tzinfo=UTC))
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot start a clock")
    return moment.astimezone(UTC)


def _basis(duty: Duty, start: date | datetime) -> str:
    return f"{duty.amount} {duty.unit} from {duty.start or 'the event'}, {_day(start).isoformat()}"


def _rolled_over(duty: Duty, day: date, basis: str, calendar: Calendar) -> Due:
    """The end of a period, moved to a working day where the data says so; no clock ends earlier for it."""
    rule = duty.rolls_over
    if rule is None or calendar.is_working(day):
        return _due(duty, datetime.combine(day, END_OF_DAY), basis, calendar)
    moved = next(calendar.forward(day))
    said = f"{basis}; {day.isoformat()} is no working day: {rule.article}, {rule.source}"
    found = _due(duty, datetime.combine(moved, END_OF_DAY), said, calendar)
    return replace(found, verified=found.verified and rule.verified)


def _longstop_basis(limit: Longstop, start: date | datetime) -> str:
    return f"not later than {limit.amount} {limit.unit} from {limit.start}, {_day(start).isoformat()}"


def _due(duty: Duty, at: datetime, basis: str, calendar: Calendar) -> Due:
    return Due(
        due_at=at,
        due_on=at.date(),
        basis=basis,
        rule=duty.rule,
        article=duty.article,
        source=duty.source,
        verified=duty.verified,
        calendar=calendar.id,
    )
