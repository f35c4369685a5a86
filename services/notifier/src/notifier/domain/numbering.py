"""Numbers of notifications: one series per world and State of export, and no number twice."""

from __future__ import annotations

from dataclasses import dataclass

from pic_schemas.numbers import format_number


@dataclass
class NumberSeries:
    """How far the series of a State has come. Numbers are never used again (DIWASS Article 15(9))."""

    world: str
    state: str
    last: int = 0

    def issue(self) -> str:
        self.last += 1
        return format_number(self.state, 0, self.last)
