"""Illegal traffic: the letters of Article 9(1), whose conduct they speak of, and what is due by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Literal

from pic_law import library
from pic_law.calendars import calendar
from pic_law.clocks import Due, due
from pic_law.dated import Entry
from pic_law.errors import UnknownLaw
from pic_law.governing import governing

Conduct = Literal["exporter-or-generator", "importer-or-disposer", "not-assignable"]


class Letter(Entry):
    """One case of illegal traffic. `uncited`: it is none where a notification is cited."""

    id: str
    title: str
    conduct: Conduct | None = None
    uncited: bool = False


class Consequence(Entry):
    """What follows from whose conduct; no duty where the States have to cooperate."""

    id: Conduct
    title: str
    duty: str | None = None
    role: Literal["export", "import"] | None = None


@dataclass(frozen=True)
class Owed:
    """The State that has to ensure what is due, under which profile, and by when where the law says so."""

    state: str
    profile: str
    due: Due | None


def letter(id_: str) -> Letter:
    """The letter of Article 9(1); raises `UnknownLaw`."""
    found = next((one for one in letters() if one.id == id_), None)
    if found is None:
        raise UnknownLaw(f"no letter {id_!r} in illegal_traffic.yaml")
    return found


def presumed(stated: tuple[str, ...], on: date) -> Conduct | None:
    """Whose conduct the letters speak of, if one of them says so."""
    known = (letter(one) for one in stated)
    return next((one.conduct for one in known if one.conduct and one.holds(on)), None)


def consequence(conduct: Conduct) -> Consequence:
    """What follows from this conduct; raises `UnknownLaw`."""
    found = next((one for one in _consequences() if one.id == conduct), None)
    if found is None:
        raise UnknownLaw(f"nothing follows from {conduct!r} in illegal_traffic.yaml")
    return found


def owed(
    conduct: Conduct, *, origin: str, destination: str, waste_code: str, recovery: bool, informed: datetime
) -> Owed | None:
    """What is due when the States were informed at that moment; `None` where they have to cooperate."""
    found = consequence(conduct)
    if found.duty is None or found.role is None:
        return None
    state = {"export": origin, "import": destination}[found.role]
    law = governing(
        found.duty,
        state=state,
        role=found.role,
        origin=origin,
        destination=destination,
        waste_code=waste_code,
        recovery=recovery,
        lodged_on=informed.date(),
    )
    return Owed(state, law.profile, due(law.duty, informed, calendar(state)) if law.duty else None)


def read() -> None:
    """Load and cross-check; raises `LawError`."""
    for one in letters():
        if one.conduct is not None:
            consequence(one.conduct)


@cache
def letters() -> tuple[Letter, ...]:
    """The letters of Article 9(1)."""
    return library.entries(Letter, "illegal_traffic", "letters")


@cache
def _consequences() -> tuple[Consequence, ...]:
    return library.entries(Consequence, "illegal_traffic", "consequences")
