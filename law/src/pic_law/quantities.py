"""Quantities in kilograms: what units the form allows, what they weigh, which units a State accepts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pic_law.codes import lookup
from pic_law.rules import rule

KILOGRAMS_PER_TONNE = Decimal(1000)


def in_kilograms(
    amount: Decimal, unit: str, on: date, *, tonnes_per_cubic_metre: Decimal | None = None, pointer: str = ""
) -> int:
    """Whole kilograms, half a kilogram rounds up; a volume needs its density. Raises `Refused`."""
    entry = lookup("unit", unit, on, pointer)
    factor = entry.kilograms or _of_a_volume(entry.cubic_metres, tonnes_per_cubic_metre)
    if factor is None:
        raise rule("QUANTITY_POSITIVE").refused(pointer, f"{unit} is a volume: its density is not stated")
    return int((amount * factor).to_integral_value(rounding="ROUND_HALF_UP"))


def _of_a_volume(cubic_metres: Decimal | None, density: Decimal | None) -> Decimal | None:
    if cubic_metres is None or density is None:
        return None
    return cubic_metres * density * KILOGRAMS_PER_TONNE
