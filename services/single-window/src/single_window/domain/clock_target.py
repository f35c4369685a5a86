"""Where a clock is asked to go: `+60d`, a date, or a time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

NEXT_DEADLINE = "next-deadline"

_LEAP = re.compile(r"\+(\d{1,5})([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def read_target(text: str, now: datetime) -> datetime:
    """An aware UTC time. A date keeps the clock's time of day; raises ValueError for anything else."""
    if leap := _LEAP.fullmatch(text):
        return now + int(leap[1]) * _UNITS[leap[2]]
    if len(text) == len("2026-06-01"):
        return datetime.combine(date.fromisoformat(text), now.timetz())
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time needs its zone, e.g. 2026-06-01T08:00:00Z")
    return moment.astimezone(UTC)
