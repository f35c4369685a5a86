"""When something is due, as answers show it."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from pic_law.clocks import Due


class DueView(BaseModel):
    """A day by which something is owed, and why."""

    due_on: date
    basis: str
    rule: str
    article: str
    source: str
    verified: bool

    @classmethod
    def of(cls, due: Due | None) -> DueView | None:
        return cls.model_validate(due, from_attributes=True) if due else None
