"""What the waste is: designation, composition, physical characteristics, codes (blocks 12 to 14)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pic_schemas.documents.base import HsCode, Strict, Text

Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=9, decimal_places=6)]
PhysicalCharacteristic = Literal["1", "2", "3", "4", "5", "6", "7"]

PHYSICAL_CHARACTERISTICS = {
    "1": "Powdery/powder",
    "2": "Solid",
    "3": "Viscous/paste",
    "4": "Sludgy",
    "5": "Liquid",
    "6": "Gaseous",
    "7": "Other",
}

OTHER_WASTES = ("Y46", "Y47", "Y48", "Y49")
"""Annex II of the Convention: wastes requiring special consideration."""


BaselCode = Annotated[str, Field(pattern=r"^[AB][0-9]{4}$")]
OecdCode = Annotated[str, Field(pattern=r"^[A-Z]{1,2}[0-9]{3,4}$")]
YCode = Annotated[str, Field(pattern=r"^Y([1-9]|[1-4][0-9])$")]
HCode = Annotated[str, Field(pattern=r"^H[0-9]{1,2}(\.[0-9])?$")]
UnClass = Annotated[str, Field(pattern=r"^[1-9](\.[1-9])?$")]
UnNumber = Annotated[str, Field(pattern=r"^[0-9]{4}$")]


class Constituent(Strict):
    """One constituent and the range of its share."""

    name: Text
    min_percent: Percent
    max_percent: Percent

    @model_validator(mode="after")
    def _range(self) -> Self:
        if self.min_percent > self.max_percent:
            raise ValueError("the minimum share exceeds the maximum share")
        return self


class Polymer(Strict):
    """One polymer or resin and its share by mass."""

    code: Text
    percent: Percent


class Contaminant(Strict):
    """What does not belong to the plastic, and its share by mass."""

    kind: Text
    percent: Percent


class PlasticComposition(Strict):
    """What decides between A3210, B3011 and Y48 (decision BC-14/12)."""

    polymers: tuple[Polymer, ...] = Field(min_length=1)
    contaminants: tuple[Contaminant, ...] = ()
    post_consumer: bool | None = None
    halogenated: bool | None = None
    hazardous_constituents: tuple[Contaminant, ...] = ()
    separate_recycling: bool | None = None
    temporary_storage_count: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _no_more_than_everything(self) -> Self:
        if sum(p.percent for p in self.polymers) + sum(c.percent for c in self.contaminants) > 100:
            raise ValueError("the shares exceed 100 percent")
        return self


class Designation(Strict):
    """Designation and composition of the waste (block 12)."""

    name: Text = Field(title="Designation")
    constituents: tuple[Constituent, ...] = Field(default=(), title="Constituents")
    fractions: tuple[Text, ...] = Field(default=(), title="Fractions")
    composition: PlasticComposition | None = Field(default=None, title="Composition of plastic waste")


class PhysicalCharacteristics(Strict):
    """Physical characteristics (block 13)."""

    codes: tuple[PhysicalCharacteristic, ...] = Field(min_length=1, title="Physical characteristics")
    other: Text | None = Field(default=None, title="Other (specify)")


class Identification(Strict):
    """The twelve lines of block 14; an empty line means "not listed"."""

    basel: tuple[BaselCode, ...] = Field(default=(), title="(i) Basel Annex VIII (or IX if applicable)")
    oecd: tuple[OecdCode, ...] = Field(default=(), title="(ii) OECD code (if different from (i))")
    ec_list: tuple[Text, ...] = Field(default=(), title="(iii) EC list of wastes")
    national_export: tuple[Text, ...] = Field(default=(), title="(iv) National code in country of export")
    national_import: tuple[Text, ...] = Field(default=(), title="(v) National code in country of import")
    other: tuple[Text, ...] = Field(default=(), title="(vi) Other (specify)")
    y_code: tuple[YCode, ...] = Field(default=(), title="(vii) Y-code")
    h_code: tuple[HCode, ...] = Field(default=(), title="(viii) H-code")
    un_class: tuple[UnClass, ...] = Field(default=(), title="(ix) UN class")
    un_number: tuple[UnNumber, ...] = Field(default=(), title="(x) UN Number")
    un_shipping_name: tuple[Text, ...] = Field(default=(), title="(xi) UN Shipping name")
    hs_code: tuple[HsCode, ...] = Field(default=(), title="(xii) Customs code(s) (HS)")

    @property
    def controlling(self) -> str:
        """The code that decides the procedure: Annex VIII, then Annex II, Annex IX, OECD, other Y-codes."""
        hazardous = tuple(code for code in self.basel if code.startswith("A"))
        annex_ii = tuple(code for code in self.y_code if code in OTHER_WASTES)
        return (hazardous + annex_ii + self.basel + self.oecd + self.y_code)[0]

    @model_validator(mode="after")
    def _identified(self) -> Self:
        if not (self.basel or self.oecd or self.y_code):
            raise ValueError("at least one of (i) Basel, (ii) OECD or (vii) Y-code")
        return self
