"""What a case file knows of movements that failed: illegal traffic, and what is owed for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass
class IllegalTrafficEntry:
    """What customs reported, whose conduct it was, and what is due from which State by when."""

    office: str
    declaration_id: str
    art9_letters: list[str]
    facts: str
    reported_on: date
    waste_code: str
    conduct_of: str
    duty_of: str | None = None
    due_at: datetime | None = None
    article: str = ""


@dataclass
class RemedyEntry:
    """A movement that failed: what happened, who owes what by when, what was ordered and how it ended."""

    remedy_id: str
    cause: str
    facts: str
    opened_on: date
    net_kg: int
    waste_code: str
    shipment: int | None = None
    art9_letters: list[str] = field(default_factory=list)
    duty_of: str | None = None
    due_at: datetime | None = None
    article: str = ""
    measure: str | None = None
    orders: str | None = None
    departed_on: date | None = None
    overdue: bool = False
    escalations: int = 0
    outcome: str | None = None
    completed_on: date | None = None
    credited_kg: int = 0

    @property
    def standing(self) -> str:
        if self.outcome is not None:
            return self.outcome
        if self.overdue:
            return "OVERDUE"
        return "RETURNING" if self.departed_on else "ORDERED" if self.measure else "OPENED_FAILURE"
