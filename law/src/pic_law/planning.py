"""Limits of planning that no treaty sets: those of a deployed authority system are the default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pic_law.calendars import calendar
from pic_law.clocks import after
from pic_law.duties import Duty, profile

DEFAULT = "UK_IWS_IMPL"
FROM_GUARANTEE = "from_financial_guarantee"


@dataclass(frozen=True, slots=True)
class Band:
    """Between which quantities a receipt raises no question, and where the numbers come from."""

    least_kg: int
    most_kg: int
    rule: str
    article: str
    source: str

    def holds(self, kg: int) -> bool:
        return self.least_kg <= kg <= self.most_kg


def loads_are_limited() -> bool:
    """Whether the guarantee limits how many loads start on one day."""
    stated = _stated("active_loads_per_date_limit")
    return stated is not None and stated.value == FROM_GUARANTEE


def latest_start(original: date, authority: str) -> tuple[date, Duty] | None:
    """To which day a shipment may be moved at most, by the calendar of the authority of export."""
    stated = _stated("reschedule_max")
    if stated is None or stated.amount is None or stated.unit is None:
        return None
    return after(original, stated.amount, stated.unit, calendar(authority)), stated


def question_band(announced_kg: int) -> Band | None:
    """Outside of it the quantity received is asked about; it blocks nothing."""
    stated = _stated("receipt_quantity_query_band")
    if stated is None:
        return None
    least, most = (int(announced_kg * Decimal(str(stated.value[end]))) for end in ("from", "to"))
    return Band(least, most, stated.rule, stated.article, stated.source)


def _stated(name: str) -> Duty | None:
    return profile(DEFAULT).duties.get(name)
