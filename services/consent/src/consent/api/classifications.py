"""How an authority sees a load, where its view is to count beside what was stated."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from consent import classifying
from consent.domain.classified_load import Sight
from pic_kit.commands import Answer, Command, acts
from pic_kit.problems import problems
from pic_kit.transaction import Work
from pic_schemas.documents.base import OperationCode, Strict, Text
from pic_schemas.messages import ClassificationStated
from pic_schemas.messages.classification import Outcome, Part, Prevailing

router = APIRouter(prefix="/v1/loads", tags=["classification"])
Authority = Annotated[Command, acts("competent-authority")]


class ClassificationBody(Strict):
    """What the authority would state; what is left out it sees as stated."""

    code: Annotated[Text, Field(max_length=10)] | None = None
    operation: OperationCode | None = None
    waste: bool = Field(default=True, description="false: the authority sees no waste at all")
    reason: Annotated[str, Field(min_length=1, max_length=4000)]
    signatory: Text


class ClassificationView(BaseModel):
    """The view as it was recorded, and what the load is treated as because of it."""

    case_number: str | None
    authority: str
    part: Part
    version: int
    stated_code: str | None
    code: str | None
    stated_operation: str | None
    operation: str | None
    waste: bool
    treated_as: Outcome
    prevailing: tuple[Prevailing, ...]

    @classmethod
    def of(cls, said: ClassificationStated) -> ClassificationView:
        shared = cls.model_fields.keys() - {"case_number"}
        return cls(case_number=said.number, **{name: getattr(said, name) for name in shared})


@router.post(
    "/{ref}/classification", response_model=ClassificationView, status_code=201, responses=problems()
)
async def state_view(ref: str, body: ClassificationBody, command: Authority) -> Response:
    """State how your authority sees a load, by case id or notification number; your latest view counts."""

    async def act(work: Work) -> Answer:
        sight = Sight(**body.model_dump())
        return Answer(
            ClassificationView.of(await classifying.state_view(work, command.caller, ref, sight)), 201
        )

    return await command.run(act)
