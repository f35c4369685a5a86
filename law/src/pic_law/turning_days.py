"""The days on which a movement becomes prohibited or free again, as far as the dated law knows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from pic_law.agreements import agreements
from pic_law.dated import Entry
from pic_law.disputes import Stated, treated
from pic_law.prohibitions import prohibitions
from pic_law.views import View, classifications


def next_turn(stated: Stated, views: Sequence[View], on: date, until: date) -> date | None:
    """The first day after `on`, not later than `until`, on which the movement turns prohibited or back."""
    stands = prohibited(stated, views, on)
    days = sorted({day for day in _turning_days() if on < day <= until})
    return next((day for day in days if prohibited(stated, views, day) != stands), None)


def prohibited(stated: Stated, views: Sequence[View], on: date) -> bool:
    """Whether the law of that day prohibits the movement; raises what `control` raises."""
    found = treated(stated, views, on)
    return found is not None and found.prohibited


def _turning_days() -> Iterator[date]:
    dated: list[Entry] = [*agreements()]
    dated += [entry for key in prohibitions().keys for entry in prohibitions().line(key)]
    dated += [entry for key in classifications().keys for entry in classifications().line(key)]
    for entry in dated:
        if entry.valid_from is not None:
            yield entry.valid_from
        if entry.valid_to is not None:
            yield entry.valid_to + timedelta(days=1)
