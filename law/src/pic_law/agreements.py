"""Agreements under Article 11: which of them covers a waste, an operation and a pair of States on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from typing import Literal

from pic_law.codes import waste
from pic_law.countries import in_group
from pic_law.dated import REMEMBERED, Entry, Timelines, read

Outcome = Literal["PROHIBITED", "PIC", "PIC_TACIT", "GENERAL_INFO", "NONE"]


class Agreement(Entry):
    """One agreement. Without `profile` it replaces nothing, it only makes trade with a non-Party possible."""

    id: str
    title: str
    members: tuple[str, ...] = ()
    members_group: str | None = None
    only_to: tuple[str, ...] = ()
    """The members to which waste may go under it; empty is every member."""
    codes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    operations: tuple[Literal["D", "R"], ...] = ("D", "R")
    profile: str | None = None
    outcome: Outcome | None = None
    no_transit: bool = False
    """It covers only what goes straight from one member to the other."""

    def binds(self, states: Iterable[str], on: date) -> bool:
        """Whether every one of these States is a member on that day."""
        return all(self._member(state, on) for state in states)

    def covers(self, code: str, recovery: bool, on: date) -> bool:
        """Whether the waste and the operation fall under it."""
        found = waste(code, on)
        listed = code in self.codes or (found is not None and found.waste_class in self.classes)
        return listed and ("R" if recovery else "D") in self.operations

    def _member(self, state: str, on: date) -> bool:
        return state in self.members or (
            self.members_group is not None and in_group(state, self.members_group, on)
        )


def agreements() -> tuple[Agreement, ...]:
    """Every agreement; the more special stands before the more general."""
    return tuple(entry for key in _timelines().keys for entry in _timelines().line(key))


@cache
def _timelines() -> Timelines[Agreement]:
    return read(Agreement, "agreements", "agreements")


def agreement(
    origin: str, destination: str, code: str, recovery: bool, on: date, *, direct: bool = True
) -> Agreement | None:
    """The agreement between these two States that covers this waste and operation on that day.

    `direct`: no State of transit lies between them.
    """
    return _agreement(origin, destination, code, recovery, on, direct)


@lru_cache(maxsize=REMEMBERED)
def _agreement(
    origin: str, destination: str, code: str, recovery: bool, on: date, direct: bool
) -> Agreement | None:
    states = (origin, destination)
    in_force = (a for a in agreements() if a.holds(on) and a.binds(states, on))
    that_way = (a for a in in_force if not a.only_to or destination in a.only_to)
    reaching = (a for a in that_way if direct or not a.no_transit)
    return next((a for a in reaching if a.covers(code, recovery, on)), None)
