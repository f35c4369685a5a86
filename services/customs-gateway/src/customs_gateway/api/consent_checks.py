"""For agencies that only want to know whether a consent number holds: one question, or a thousand at once."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StrictInt

from customs_gateway import queries
from customs_gateway.clearing import is_stale
from customs_gateway.domain.consent_check import Question, answers, holds
from customs_gateway.domain.registry import RegistryEntry
from pic_kit.access import Caller
from pic_kit.commands import seat
from pic_kit.problems import problems
from pic_schemas.documents.base import Country, HsCode, Strict, Text
from pic_schemas.messages import CheckResult

MOST = 1_000

router = APIRouter(prefix="/v1/consent-checks", tags=["registry"])

Reader = Annotated[Caller, seat("customs", "competent-authority", "observer")]


class ConsentQuestion(Strict):
    """A number and the day; mass, shipment, waste and route only where they are asked about."""

    number: Annotated[Text, Field(max_length=80)]
    on: date
    net_kg: Annotated[StrictInt, Field(ge=1, le=10**12)] | None = None
    shipment: StrictInt | None = Field(default=None, ge=1, le=999_999)
    waste_code: Annotated[Text, Field(max_length=20)] | None = None
    hs: HsCode | None = None
    route: Annotated[tuple[Country, ...], Field(max_length=50)] = ()


class ConsentQuestions(Strict):
    """One question or many, answered in their order."""

    questions: Annotated[tuple[ConsentQuestion, ...], Field(min_length=1, max_length=MOST)]


class ConsentAnswer(BaseModel):
    """Whether the number holds for what was asked, with every result and what it draws on."""

    number: str
    holds: bool
    checks: tuple[CheckResult, ...]
    available_kg: int | None
    waste_code: str | None
    valid_from: date | None
    valid_to: date | None

    @classmethod
    def of(cls, asked: ConsentQuestion, entry: RegistryEntry | None, *, stale: bool) -> ConsentAnswer:
        found = answers(entry, Question(**dict(asked)))
        window = entry.window if entry else None
        return cls(
            number=asked.number,
            holds=holds(found) and not stale,
            checks=found,
            available_kg=entry.ledger.available_kg if entry else None,
            waste_code=entry.document.waste_code if entry and entry.document else None,
            valid_from=window[0] if window else None,
            valid_to=window[1] if window else None,
        )


class ConsentAnswers(BaseModel):
    """The answers; `stale` says that this gateway has lost touch, and then no number holds."""

    stale: bool
    answers: list[ConsentAnswer]


@router.post("", responses=problems())
async def check_consents(body: ConsentQuestions, request: Request, caller: Reader) -> ConsentAnswers:
    """Is this number real, open, big enough, for this waste, this route, this day? Nothing is stored."""
    runtime = request.app.state.runtime
    numbers = [one.number for one in body.questions]
    known = await runtime.read(lambda connection: queries.entries_of(connection, caller, numbers))
    stale = is_stale(runtime)
    found = [ConsentAnswer.of(one, known.get(one.number), stale=stale) for one in body.questions]
    return ConsentAnswers(stale=stale, answers=found)
