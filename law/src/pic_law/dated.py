"""Entries that hold from a day to a day, each with its source; a hole or an overlap stops the start."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from pic_law import library
from pic_law.errors import LawError


class Entry(BaseModel):
    """One statement of the law. `verified` is false where the text itself was not read again."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    source: str
    verified: bool
    article: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    """The last day on which the entry holds; `None` is open."""

    def holds(self, on: date) -> bool:
        """Whether the entry holds on that day, both ends included."""
        return (self.valid_from or date.min) <= on <= (self.valid_to or date.max)


E = TypeVar("E", bound=Entry)
REMEMBERED = 4096
"""Answers that a pure function of the law keeps; a day's movements ask the same few questions."""


class Timelines(Generic[E]):
    """Per key, what held when: entries of one key follow each other day by day."""

    def __init__(self, entries: Iterable[E], key: Callable[[E], Hashable], file: str) -> None:
        lines: defaultdict[Hashable, list[E]] = defaultdict(list)
        for entry in entries:
            lines[key(entry)].append(entry)
        self._lines: Mapping[Hashable, tuple[E, ...]] = {
            name: _in_order(line, f"{file}: {name}") for name, line in lines.items()
        }
        self._days: dict[date, tuple[E, ...]] = {}

    def on(self, key: Hashable, day: date) -> E | None:
        """The entry of this key that holds on that day."""
        return next((entry for entry in self.line(key) if entry.holds(day)), None)

    def line(self, key: Hashable) -> tuple[E, ...]:
        """Every entry of this key, oldest first; empty for an unknown key."""
        return self._lines.get(key, ())

    @property
    def keys(self) -> tuple[Hashable, ...]:
        return tuple(self._lines)

    def all_on(self, day: date) -> tuple[E, ...]:
        """Every entry that holds on that day, in the order of the file."""
        if (found := self._days.get(day)) is None:
            found = tuple(entry for line in self._lines.values() for entry in line if entry.holds(day))
            if len(self._days) >= REMEMBERED:
                self._days.clear()
            self._days[day] = found
        return found


def read(model: type[E], file: str, key: str, by: Callable[[E], Hashable] | None = None) -> Timelines[E]:
    """The list `key` of a statute file as timelines, by the entries' `id` unless `by` says otherwise."""
    name = by or (lambda entry: str(getattr(entry, "id")))  # noqa: B009 - not every entry has an id
    return Timelines(library.entries(model, file, key), name, f"{file}.yaml: {key}")


def _in_order(line: list[E], place: str) -> tuple[E, ...]:
    ordered = sorted(line, key=lambda entry: entry.valid_from or date.min)
    for entry in ordered:
        if (entry.valid_from or date.min) > (entry.valid_to or date.max):
            raise LawError(f"{place}: ends on {entry.valid_to} before it starts on {entry.valid_from}")
    for earlier, later in pairwise(ordered):
        _follows(earlier, later, place)
    return tuple(ordered)


def _follows(earlier: Entry, later: Entry, place: str) -> None:
    if earlier.valid_to is None or later.valid_from is None or later.valid_from <= earlier.valid_to:
        raise LawError(f"{place}: overlap at {later.valid_from}")
    if later.valid_from != earlier.valid_to + timedelta(days=1):
        raise LawError(f"{place}: hole between {earlier.valid_to} and {later.valid_from}")
