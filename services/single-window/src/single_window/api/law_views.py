"""What is asked of the law and what it answers, as they travel."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from pic_law.agreements import Outcome
from pic_law.control import Control
from pic_law.requirements import Bearer, Kind, Moment
from pic_schemas.documents.waste import Contaminant, Polymer

COUNTRY = r"^[A-Z]{2}$"
Listed = Annotated[str, Field(min_length=1, max_length=40)]
Country = Annotated[str, Field(pattern=COUNTRY)]


class StepView(BaseModel):
    """One rule that spoke; `outcome` is what it demands by itself."""

    model_config = ConfigDict(from_attributes=True)

    outcome: Outcome
    rule: str
    article: str
    source: str
    verified: bool
    detail: str


class ControlView(BaseModel):
    """The procedure, the step that decides it, and every step of the way there."""

    outcome: Outcome
    deciding: StepView
    trail: list[StepView]

    @classmethod
    def of(cls, found: Control) -> ControlView:
        trail = [StepView.model_validate(step) for step in found.trail]
        return cls(outcome=found.outcome, deciding=StepView.model_validate(found.deciding), trail=trail)


class RequirementView(BaseModel):
    """One thing to present: what, by whom, when, and why."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    title: str
    kind: Kind
    by: Bearer
    at: Moment
    article: str
    source: str
    verified: bool


class RequirementsView(BaseModel):
    """What must be presented, and the procedure that asks for it."""

    control: ControlView
    requirements: list[RequirementView]


class ViewBody(BaseModel):
    """How the authority of one State sees the load: another code, another operation, or no waste at all."""

    model_config = ConfigDict(extra="forbid")

    state: Country
    code: Listed | None = None
    operation: Listed | None = None
    waste: bool = True


DISPUTE: dict[str, Any] = {
    "origin": "CA",
    "destination": "DE",
    "code": "B3011",
    "operation": "R3",
    "on": "2026-06-01",
    "views": [{"state": "DE", "code": "Y48"}],
}
LOAD: dict[str, Any] = {
    "composition": [{"code": "PE", "percent": "91"}],
    "contamination": [{"kind": "food", "percent": "9"}],
    "operation": ["R3"],
    "origin": "CA",
    "destination": "MY",
    "on": "2026-06-01",
}


class DisputeBody(BaseModel):
    """A movement, and where authorities see it otherwise."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [DISPUTE]})

    origin: Country
    destination: Country
    transits: Annotated[list[Country], Field(max_length=20)] = []
    code: Listed
    operation: Listed
    on: date
    views: Annotated[list[ViewBody], Field(min_length=1, max_length=20)]


class LoadBody(BaseModel):
    """What is in a load and where it goes. What is not stated is read to the stricter side."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [LOAD]})

    composition: Annotated[list[Polymer], Field(min_length=1, max_length=50)]
    contamination: Annotated[list[Contaminant], Field(max_length=50)] = []
    operation: Annotated[list[Listed], Field(min_length=1, max_length=10)]
    on: date
    origin: Country
    destination: Country
    constituents: Annotated[list[Listed], Field(max_length=50, description="Y-codes of Annex I")] = []
    characteristics: Annotated[list[Listed], Field(max_length=50, description="H-codes of Annex III")] = []
    post_consumer: bool | None = None
    separate_recycling: bool | None = None


class ReasonView(BaseModel):
    """One test and how it came out."""

    model_config = ConfigDict(from_attributes=True)

    test: str
    met: bool
    detail: str
    article: str
    source: str
    verified: bool


class EntryView(BaseModel):
    """The entry of the Convention, why, and what the other schemes between these States call the load."""

    code: str
    parallel: dict[str, str]
    trail: list[ReasonView]
    thresholds: list[str] = Field(description="the limits that were asked, by id")
    verified: bool
