"""A load on its way: whose law asks for the stamps of block 22, and when an office asks what became of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Literal

from pic_law import library
from pic_law.clocks import END_OF_DAY
from pic_law.countries import in_group
from pic_law.dated import Entry
from pic_law.errors import UnknownLaw

Act = Literal["exit", "transit"]


class Stamps(Entry):
    """The law of a group of States asks that the load is stamped in and out (movement document block 22)."""

    id: str
    title: str
    group: str


class Passage(Entry):
    """How many days an office waits for an exit; of everybody where there is no group."""

    id: str
    title: str
    act: Act
    days: int
    group: str = ""

    def last_day(self, start: date) -> date:
        return start + timedelta(days=self.days)


def stamps_of(state: str, on: date) -> Stamps | None:
    """The law under which this State stamps a load in transit; None where none is known."""
    return next((one for one in stamps() if one.holds(on) and in_group(state, one.group, on)), None)


def passage(act: Act, state: str, on: date) -> Passage:
    """The time of the narrowest group that the State is in; raises `UnknownLaw`."""
    found = passage_if_any(act, state, on)
    if found is None:
        raise UnknownLaw(f"passages.yaml: no time for {act} in {state} on {on}")
    return found


def passage_if_any(act: Act, state: str, on: date) -> Passage | None:
    """The same; None where nobody waits."""
    for one in times():
        if one.act == act and one.holds(on) and (not one.group or in_group(state, one.group, on)):
            return one
    return None


def over_at(day: date) -> datetime:
    """The moment with which a last day is over."""
    return datetime.combine(day, END_OF_DAY)


def read() -> None:
    """Load; raises `LawError`."""
    stamps()
    times()


@cache
def stamps() -> tuple[Stamps, ...]:
    """Every law that asks for stamps in transit."""
    return library.entries(Stamps, "passages", "stamps")


@cache
def times() -> tuple[Passage, ...]:
    """Every time, those of a group before those of everybody."""
    return library.entries(Passage, "passages", "times")
