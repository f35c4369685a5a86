"""One change of a notification: what is to stand where, and who agreed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pic_schemas.messages import ChangeAnswered, ChangeRequested

Outcome = Literal["open", "agreed", "refused", "overtaken"]
"""`overtaken`: an objection came first, and there is no consent left to change anything under."""


@dataclass
class Change:
    """Asked for by the exporter; every authority that it needs answers once."""

    asked: ChangeRequested
    answers: list[ChangeAnswered] = field(default_factory=list)
    outcome: Outcome = "open"

    @property
    def number(self) -> int:
        return self.asked.change

    @property
    def essential(self) -> bool:
        return self.asked.kind == "essential"

    def answered_by(self, authority: str) -> bool:
        return any(answer.authority == authority for answer in self.answers)
