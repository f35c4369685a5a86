"""How far the weighed mass may be from the declared one, by direction; no treaty gives a number."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

from pic_law.dated import Entry, Timelines, read
from pic_law.errors import UnknownLaw


class Tolerance(Entry):
    """Percent of the declared mass above which an office notes a difference, or holds the load."""

    id: str
    title: str
    direction: str
    warn_above_percent: Decimal
    hold_above_percent: Decimal


def tolerance(direction: str, on: date) -> Tolerance:
    """What holds for this direction on that day; raises `UnknownLaw`."""
    found = tolerances().on(direction, on)
    if found is None:
        raise UnknownLaw(f"no tolerance for {direction!r} on {on} in tolerances.yaml")
    return found


@cache
def tolerances() -> Timelines[Tolerance]:
    """Every tolerance of the file, by direction."""
    return read(Tolerance, "tolerances", "weights", lambda entry: entry.direction)
