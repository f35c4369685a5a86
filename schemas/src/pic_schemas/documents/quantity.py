"""Quantities: any unit of the form at the edge, whole kilograms inside."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pic_schemas.documents.base import Strict, Text

Unit = Literal["t", "m3", "kg", "L"]
Amount = Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=6)]

_KILOGRAMS = {"t": Decimal(1000), "kg": Decimal(1)}
_CUBIC_METRES = {"m3": Decimal(1), "L": Decimal("0.001")}


class Quantity(Strict):
    """A value with its unit; tonnes (Mg), cubic metres, kilograms or litres."""

    value: Amount
    unit: Unit
    density_kg_per_m3: Amount | None = None

    @property
    def kg(self) -> int | None:
        """Whole kilograms; `None` for a volume whose density is not given."""
        exact = self._exact_kg()
        return None if exact is None else int(exact.quantize(Decimal(1), ROUND_HALF_UP))

    def _exact_kg(self) -> Decimal | None:
        if self.unit in _KILOGRAMS:
            return self.value * _KILOGRAMS[self.unit]
        if self.density_kg_per_m3 is None:
            return None
        return self.value * _CUBIC_METRES[self.unit] * self.density_kg_per_m3

    @model_validator(mode="after")
    def _no_finer_than_a_kilogram(self) -> Self:
        # Rounding a weight at the border would be a silent change of what was notified.
        if self.unit in _KILOGRAMS and self.value * _KILOGRAMS[self.unit] % 1:
            raise ValueError("a mass is given in whole kilograms")
        if self.kg == 0:
            raise ValueError("less than one kilogram")
        return self


class _Weighed(Strict):
    """A quantity that counts against a ceiling, so it must come to kilograms."""

    quantity: Quantity = Field(title="Tonnes (Mg) / m3")

    @property
    def kg(self) -> int:
        return self.quantity.kg or 0  # never 0: the validator below refuses a quantity without kilograms

    @model_validator(mode="after")
    def _comes_to_kilograms(self) -> Self:
        if self.quantity.kg is None:
            raise ValueError("a volume needs its density: quantities are counted in kilograms")
        return self


class IntendedQuantity(_Weighed):
    """The ceiling of the notification (block 5), with the minimum that the EU form asks for."""

    minimum: Quantity | None = Field(default=None, title="Minimum")

    @model_validator(mode="after")
    def _minimum_below_maximum(self) -> Self:
        if self.minimum is not None and (self.minimum.kg or 0) > self.kg:
            raise ValueError("the minimum exceeds the quantity")
        return self


class ActualQuantity(_Weighed):
    """What one shipment weighs (movement block 5)."""

    weighbridge_tickets: tuple[Text, ...] = Field(default=(), title="Weighbridge tickets")
