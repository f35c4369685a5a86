"""One request for information: what an authority wants to know, and what the exporter answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pic_schemas.messages import InformationProvided, InformationRequested


@dataclass
class Inquiry:
    """Open until it is answered."""

    asked: InformationRequested
    answered: InformationProvided | None = None

    @property
    def authority(self) -> str:
        return self.asked.authority

    @property
    def request(self) -> int:
        return self.asked.request

    @property
    def is_open(self) -> bool:
        return self.answered is None

    @property
    def halts_decision(self) -> bool:
        """The decision clock of the authority that asked stands still until it is answered."""
        return self.is_open and "decision" in self.asked.pauses

    @property
    def due_on(self) -> date | None:
        return self.asked.answer_due_at.date() if self.asked.answer_due_at else None

    def overdue(self, on: date) -> bool:
        return self.is_open and self.due_on is not None and on > self.due_on
