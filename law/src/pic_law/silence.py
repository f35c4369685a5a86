"""Whose silence is consent: from when to when the clock ran, and how long that consent lasts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from pic_law.calendars import calendar
from pic_law.clocks import Due, due
from pic_law.countries import waived_transit_consent
from pic_law.duties import Duty, Role
from pic_law.governing import Governing, allows_silence

FROM_RECEIPT = frozenset({"transit_receipt"})
"""Starts that are the authority's receipt; every other decision is counted from the acknowledgement."""
AS_DESTINATION = "same_period_as_written_consent_of_destination"
VERDICT_ONLY = "no_objection"
"""What a duty says of silence that answers for the authority and lets nothing start by itself."""


@dataclass(frozen=True)
class Laws:
    """What governs one authority: its decision, its silence, and the validity of a consent by silence."""

    decision: Governing
    tacit: Governing
    validity: Governing


@dataclass(frozen=True)
class SilentClock:
    """A clock whose end is a consent."""

    start: date
    due: Due
    valid_from: date
    valid_to: date | None
    as_destination: bool
    releases: bool


def starts_on(duty: Duty | None, received_on: date, acknowledged_on: date) -> date:
    """The day from which a decision is counted."""
    return received_on if duty is not None and duty.start in FROM_RECEIPT else acknowledged_on


def silent_clock(
    laws: Laws,
    *,
    state: str,
    role: Role,
    authority: str,
    lodged_on: date,
    received_on: date,
    sent_on: date,
    moved_to: datetime | None = None,
) -> SilentClock | None:
    """The clock that ends in consent if nothing is said; `None` where silence is no answer at all.

    `moved_to` is its end when it stood still in between.
    """
    decision = laws.decision.duty
    if decision is None:
        return None
    if not allows_silence(laws.tacit, role, waived=waived_transit_consent(state, lodged_on)):
        return None
    start = starts_on(decision, received_on, sent_on)
    ends = due(decision, start, calendar(authority))
    if ends is None:
        return None
    if moved_to is not None:
        ends = replace(ends, due_at=moved_to, due_on=moved_to.date())
    validity = laws.validity.duty
    lasts = due(validity, ends.due_on, calendar(authority)) if validity is not None else None
    return SilentClock(
        start=start,
        due=ends,
        valid_from=ends.due_on,
        valid_to=lasts.due_on if lasts else None,
        as_destination=validity is not None and validity.value == AS_DESTINATION,
        releases=decision.silence != VERDICT_ONLY,
    )


def not_before(due_at: datetime, now: datetime, end_of_day: datetime) -> datetime:
    """A clock that ran out before it was known ends with the day on which it became known."""
    return due_at if due_at > now else end_of_day
