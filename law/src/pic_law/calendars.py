"""Working days of a State or of one authority: national holidays, weekend, the authority's own days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import holidays
from holidays import HolidayBase

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
    _national: HolidayBase = field(repr=False, compare=False, default_factory=HolidayBase)

    def is_working(self, day: date) -> bool:
        """Whether the authority works on that day."""
        if day in self.open:
            return True
        return (
            day.weekday() not in self.state.weekend and day not in self._national and day not in self.closed
        )

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
    own = [days for days in _authority_days() if days.authority == of]
    return Calendar(
        id=of if own else state.id,
        state=state,
        closed=frozenset(day for days in own for day in days.closed),
        open=frozenset(day for days in own for day in days.open),
        _national=_national(state),
    )


def _plain(state: str) -> StateCalendar:
    return StateCalendar(id=state, state=state, source="library holidays, national calendar", verified=False)


def _national(state: StateCalendar) -> HolidayBase:
    if not state.holidays:
        return HolidayBase()
    try:
        return holidays.country_holidays(state.state, subdiv=state.subdivision, categories=state.categories)
    except NotImplementedError:
        raise UnknownLaw(f"no calendar for {state.state!r}") from None


@cache
def _state_calendars() -> dict[str, StateCalendar]:
    return {item.id: item for item in library.entries(StateCalendar, "calendars", "calendars")}


@cache
def _authority_days() -> tuple[AuthorityDays, ...]:
    return library.entries(AuthorityDays, "calendars", "authority_days")
