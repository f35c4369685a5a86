"""Numbers of notifications: one series per world, State of export and code, and no number twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from notifier.domain.refusals import refused
from pic_law.numbers import scheme
from pic_schemas.documents import DraftNotification
from pic_schemas.numbers import format_number

LAST = 999_999


@dataclass
class NumberSeries:
    """How far a series has come. Numbers are never used again: Regulation (EU) 2025/1290 Art. 15(9)."""

    world: str
    state: str
    last: int = 0
    code: int = 0

    @property
    def name(self) -> str:
        """The State, and the four digits where its scheme uses them."""
        return series_name(self.state, self.code)

    def issue(self) -> str:
        if self.last >= LAST:
            raise refused("NUMBERS_USED_UP", f"{self.name}: {self.last} numbers were issued")
        self.last += 1
        return format_number(self.state, self.code, self.last)


def series_name(state: str, code: int) -> str:
    return f"{state}{code:04d}" if code else state


def code_of(state: str, form: DraftNotification, on: date) -> int:
    """The four digits that the scheme of the State of export asks for; the authority stands in block 15."""
    route = form.block_15
    if route is None:
        return 0
    here = route.export if route.export.country == state else route.import_
    return scheme(state, on).code_of(here.authority, on)
