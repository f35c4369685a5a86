"""A shipment in the case file: where it stands, who has it, what is missing and what was not done in time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass
class OverdueEntry:
    """What the facility owes and the State of export misses, since when, and by which law."""

    missing: str
    due_on: date
    clock: str
    article: str
    source: str
    told_at: datetime


@dataclass
class MissedEntry:
    """What an authority of import found not done in time, or done late."""

    duty: str
    weight: str
    authority: str
    due_on: date
    done_on: date | None
    article: str
    source: str


@dataclass
class MovementEntry:
    """One shipment."""

    shipment: int
    movement_number: str
    state: str
    start_date: date
    prenotified_kg: int
    carrier: str | None = None
    departed_kg: int | None = None
    received_kg: int | None = None
    received_on: date | None = None
    completed_on: date | None = None
    outcome: str | None = None
    facility: str | None = None
    expected_completion: date | None = None
    cancellation_requested_on: date | None = None
    overdue: OverdueEntry | None = None
    holder: str | None = None
    delivered_on: date | None = None
    seals_differ: bool = False
    rescheduled: int = 0
    updated: int = 0
    question: str | None = None
    missed: list[MissedEntry] = field(default_factory=list)

    @property
    def standing(self) -> str:
        """Where it stands; what is overdue is said instead, and no longer once it came."""
        return f"OVERDUE_{self.overdue.missing.upper()}" if self.overdue else self.state

    @property
    def live(self) -> bool:
        """A cancelled shipment does not count."""
        return self.state != "CANCELLED"
