"""What customs select a load for, and why: said among officials only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from pic_schemas.documents.base import Strict, Text
from pic_schemas.messages.base import AUTHORITY, CUSTOMS
from pic_schemas.messages.customs import Direction, FromCustoms

Channel = Literal["green", "yellow", "red", "blue"]
Look = Literal["documents", "scan", "physical", "sample", "audit"]


class IndicatorResult(Strict):
    """One indicator that scored, or that cannot be answered yet; one that does not apply is left out."""

    id: Text
    title: Text
    outcome: Literal["scored", "not-yet-known"]
    points: int = Field(ge=0)
    detail: str
    pointer: str = ""
    article: str
    source: str
    verified: bool = True


class RandomDraw(Strict):
    """Whether a load was drawn whatever it scores. The seed of the draw stays with the State."""

    percent: Annotated[Decimal, Field(ge=0, le=100)]
    drawn: bool
    rests_on: str = Field(description="The rate that holds: the State's own, or the exchange's")


class Selection(Strict):
    """The channel of a load with everything that it rests on."""

    channel: Channel
    points: int = Field(ge=0)
    because: Text
    asks_for: Look | None = Field(description="The look that the channel asks for; audit comes after release")
    indicators: tuple[IndicatorResult, ...] = ()
    random: RandomDraw
    before_look: bool = Field(description="Whether this was decided before anybody looked at papers or load")

    @property
    def scored(self) -> tuple[str, ...]:
        """The indicators that scored, by id."""
        return tuple(one.id for one in self.indicators if one.outcome == "scored")


class CustomsSelected(FromCustoms):
    """Customs selected the load for another channel than green, or took that back; companies are not told."""

    type = "pic.customs.selected.v1"
    senders = (CUSTOMS,)
    receivers = (AUTHORITY, CUSTOMS)
    basis = "WSR 1013/2006 Art. 50; WSR 2024/1157 Art. 60; Union Customs Code Art. 46"

    direction: Direction
    number: Text | None = None
    movement_number: Text | None = None
    shipment: int | None = Field(default=None, ge=1)
    selection: Selection


class CustomsAudited(FromCustoms):
    """Customs audited a released load in the books of its companies, which are not told."""

    type = "pic.customs.audited.v1"
    senders = (CUSTOMS,)
    receivers = (AUTHORITY, CUSTOMS)
    basis = "Union Customs Code Art. 48"

    direction: Direction
    number: Text | None = None
    movement_number: Text | None = None
    shipment: int | None = Field(default=None, ge=1)
    audited_on: date
    officer: Text
    findings: Text
    irregular: bool = Field(description="Whether the load was not what was declared")
    asked_by: tuple[Text, ...] = Field(default=(), description="The indicators that asked for it, by id")
