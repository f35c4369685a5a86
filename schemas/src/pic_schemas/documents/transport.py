"""How the waste travels: packaging, means of transport, carriers at take-over."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from pic_schemas.documents.base import RegistrationNo, Strict, Text

MeansOfTransport = Literal["R", "T", "S", "A", "W"]
PackagingType = Literal["1", "2", "3", "4", "5", "6", "7", "8", "9"]

MEANS_OF_TRANSPORT = {"R": "Road", "T": "Train/rail", "S": "Sea", "A": "Air", "W": "Inland waterways"}
PACKAGING_TYPES = {
    "1": "Drum",
    "2": "Wooden barrel",
    "3": "Jerrican",
    "4": "Box",
    "5": "Bag",
    "6": "Composite packaging",
    "7": "Pressure receptacle",
    "8": "Bulk",
    "9": "Other",
}


class Packaging(Strict):
    """Packaging types and special handling (block 7)."""

    types: tuple[PackagingType, ...] = Field(min_length=1, title="Packaging type(s)")
    other: Text | None = Field(default=None, title="Other (specify)")
    special_handling: bool = Field(default=False, title="Special handling requirements")
    instructions: Text | None = Field(default=None, title="Special handling instructions")


class LoadedPackaging(Packaging):
    """Packaging of one shipment with the number of packages (movement block 7)."""

    packages: int = Field(ge=1, title="Number of packages")


class Equipment(Strict):
    """A container or vehicle body and its seals."""

    id: Text = Field(title="Container No")
    seals: tuple[Text, ...] = Field(default=(), title="Seals")


class TakeOver(Strict):
    """One carrier of a shipment, signed when it takes the load over (movement block 8)."""

    registration_no: RegistrationNo = Field(title="Registration No")
    name: Text = Field(title="Name")
    means: MeansOfTransport = Field(title="Means of transport")
    transferred_on: date | None = Field(default=None, title="Date of transfer")
    signature: Text | None = Field(default=None, title="Carrier's signature")


class Carriers(Strict):
    """First, second and last carrier; more than three go to an annex (movement block 8)."""

    first: TakeOver = Field(title="8(a) 1st carrier")
    second: TakeOver | None = Field(default=None, title="8(b) 2nd carrier")
    last: TakeOver | None = Field(default=None, title="8(c) Last carrier")
    more: tuple[TakeOver, ...] = Field(default=(), title="Further carriers (annex)")

    @property
    def in_order(self) -> tuple[TakeOver, ...]:
        """Every carrier in the order of travel."""
        legs = (self.first, self.second, *self.more, self.last)
        return tuple(leg for leg in legs if leg is not None)
