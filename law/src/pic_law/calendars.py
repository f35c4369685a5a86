"""Working days of a State or of one authority: national holidays, weekend, the authority's own days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays
from holidays import HolidayBase
from holidays.registry import EntityLoader

from pic_law import library
from pic_law.authorities import authorities
from pic_law.dated import Entry
from pic_law.errors import UnknownLaw

SATURDAY_SUNDAY = (5, 6)


class StateCalendar(Entry):
    """How a State's working days are found."""

    id: str
    state: str
    subdivision: str | None = None
    categories: tuple[str, ...] = ("public",)
    weekend: tuple[int, ...] = SATURDAY_SUNDAY
    holidays: bool = True
    """Whether the library knows the State's holidays; an invented State has its weekend only."""
    note: str = ""


class AuthorityDays(Entry):
    """Days on which one authority is closed, or open although the State is not."""

    authority: str
    closed: tuple[date, ...] = ()
    open: tuple[date, ...] = ()


@dataclass(frozen=True)
class Calendar:
    """The working days of one authority; `id` is stored with every due date."""

    id: str
    state: StateCalendar
    closed: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether the authority works on that day."""
        if day in self.open:
            return True
        if day.weekday() in self.state.weekend or day in self.closed:
            return False
        return day not in _national(self.state)

    def forward(self, start: date) -> Iterator[date]:
        """Working days after `start`, nearest first."""
        return self._walk(start, timedelta(days=1))

    def backward(self, start: date) -> Iterator[date]:
        """Working days before `start`, nearest first."""
        return self._walk(start, timedelta(days=-1))

    def _walk(self, day: date, step: timedelta) -> Iterator[date]:
        while True:
            day += step
            if self.is_working(day):
                yield day


@cache
def calendar(of: str) -> Calendar:
    """The calendar of an authority (`BE001`) or of a State (`BE`); raises `UnknownLaw`."""
    known = authorities().get(of)
    state = _state_calendars().get(known.state if known else of) or _plain(known.state if known else of)
    if state.holidays and state.state not in _known_to_the_library():
        raise UnknownLaw(f"no calendar for {state.state!r}")
    own = [days for days in _authority_days() if days.authority == of]
    return Calendar(
        id=of if own else state.id,
        state=state,
        closed=frozenset(day for days in own for day in days.closed),
        open=frozenset(day for days in own for day in days.open),
    )


def _plain(state: str) -> StateCalendar:
    return StateCalendar(id=state, state=state, source="library holidays, national calendar", verified=False)


@cache
def _known_to_the_library() -> frozenset[str]:
    return frozenset(EntityLoader.get_country_codes(include_aliases=False))


@cache
def _national(state: StateCalendar) -> HolidayBase:
    """Built when first asked: the modules of all States together would cost half of a start."""
    if not state.holidays:
        return HolidayBase()
    return holidays.country_holidays(state.state, subdiv=state.subdivision, categories=state.categories)


@cache
def _state_calendars() -> dict[str, StateCalendar]:
    return {item.id: item for item in library.entries(StateCalendar, "calendars", "calendars")}


@cache
def _authority_days() -> tuple[AuthorityDays, ...]:
    return library.entries(AuthorityDays, "calendars", "authority_days")
