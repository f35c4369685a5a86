"""What an authority has against a facility: receipts and certificates that were missed, and until when.

Grounds of objection to later notifications rest on it: Regulation (EC) 1013/2006 Article 12(1)(e),
Regulation (EU) 2024/1157 Article 12(1)(g).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from pic_schemas.messages import MovementCompleted, MovementOverdue, MovementReceived


@dataclass(slots=True)
class Mark:
    """One thing that the facility owed and that was missed; without `ended_on` it is missing still."""

    case: str
    alert: MovementOverdue
    ended_on: date | None = None


@dataclass(slots=True)
class FacilityRecord:
    """Each authority keeps its own, from what it was told: another authority's cases are not in it."""

    world: str
    authority: str
    facility: str
    marks: list[Mark] = field(default_factory=list)

    def hear_alert(self, case: str, alert: MovementOverdue) -> None:
        self.marks.append(Mark(case, alert))

    def hear_what_came(self, said: MovementReceived | MovementCompleted, on: date) -> None:
        """The mark stays as part of the record; what was missing is missing no longer."""
        for mark in self.marks:
            if mark.alert.movement_number == said.movement_number and mark.ended_on is None:
                mark.ended_on = on
