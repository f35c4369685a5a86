"""What is done with a load that failed: the measures, who orders them, and whether they may be opposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Literal

from pic_law import library
from pic_law.calendars import calendar
from pic_law.clocks import Due, due
from pic_law.codes import waste
from pic_law.dated import Entry
from pic_law.governing import governing
from pic_law.illegal_traffic import Owed, owed

Cause = Literal["not-completed", "exporter-or-generator", "importer-or-disposer", "not-assignable"]
Side = Literal["export", "import"]


class Measure(Entry):
    """One measure. `role`: the State that orders it, any State concerned where there is none.

    `finish_duty` is the duty that says by when it must have come to its end, where a law says so.
    """

    id: str
    title: str
    causes: tuple[Cause, ...]
    outcome: str
    role: Side | None = None
    moves: bool = False
    opposable: bool = False
    finish_duty: str | None = None


class Reminder(Entry):
    """How often the authorities are reminded of a case that has no last day."""

    id: str
    causes: tuple[Cause, ...]
    months: int


@dataclass(frozen=True)
class Failed:
    """A movement that failed, as far as the law asks."""

    origin: str
    destination: str
    waste_code: str
    recovery: bool


def measure(id_: str) -> Measure | None:
    """The measure of this id, if there is one."""
    return next((one for one in measures() if one.id == id_), None)


def open_for(cause: Cause) -> tuple[Measure, ...]:
    """The measures that may be ordered for a cause."""
    return tuple(one for one in measures() if cause in one.causes)


def months_between_reminders(cause: Cause) -> int | None:
    """None where the law's own day reminds."""
    return next((one.months for one in _reminders() if cause in one.causes), None)


def due_for(cause: Cause, failed: Failed, informed: datetime) -> Owed | None:
    """Which State has to act by when; `None` where the States have to cooperate."""
    if cause != "not-completed":
        return owed(
            cause,
            origin=failed.origin,
            destination=failed.destination,
            waste_code=failed.waste_code,
            recovery=failed.recovery,
            informed=informed,
        )
    law = governing(
        "takeback_green_list" if is_green(failed.waste_code, informed.date()) else "takeback_not_completed",
        state=failed.origin,
        role="export",
        origin=failed.origin,
        destination=failed.destination,
        waste_code=failed.waste_code,
        recovery=failed.recovery,
        lodged_on=informed.date(),
    )
    when: Due | None = due(law.duty, informed, calendar(failed.origin)) if law.duty else None
    return Owed(failed.origin, law.profile, when)


def is_green(waste_code: str, on: date) -> bool:
    """Whether the waste travels with general information only, so that nobody was asked."""
    found = waste(waste_code, on)
    return found is not None and found.waste_class == "listed-non-hazardous"


def finish_of(measure: Measure, failed: Failed, last_day: date | None, on: date) -> Due | None:
    """By when the measure must have come to its end, counted from the last day to find one; None if open."""
    if measure.finish_duty is None or last_day is None:
        return None
    law = governing(
        measure.finish_duty,
        state=failed.destination,
        role="import",
        origin=failed.origin,
        destination=failed.destination,
        waste_code=failed.waste_code,
        recovery=failed.recovery,
        lodged_on=on,
    )
    return due(law.duty, last_day, calendar(failed.destination)) if law.duty is not None else None


def read() -> None:
    """Load; raises `LawError`."""
    measures()
    _reminders()


@cache
def measures() -> tuple[Measure, ...]:
    """Every measure, in the order of the file."""
    return library.entries(Measure, "remedies", "measures")


@cache
def _reminders() -> tuple[Reminder, ...]:
    return library.entries(Reminder, "remedies", "reminders")
