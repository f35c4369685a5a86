"""Failed movements: made known, a measure ordered, returned, ended; one file for all officials."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from customs_gateway import queries, remedies
from customs_gateway.domain.failure import Failure
from customs_gateway.domain.remedy import Remedy
from customs_gateway.store import REMEDIES
from pic_kit.access import Caller
from pic_kit.commands import Answer, Command, acts, seat
from pic_kit.problems import problems
from pic_kit.transaction import Work
from pic_schemas.documents.base import RegistrationNo, Strict, Text
from pic_schemas.messages.enforcement import Art9Letter, Conduct

router = APIRouter(prefix="/v1/remedies", tags=["failed movements"])

Official = Annotated[Command, acts("competent-authority", "customs")]
Authority = Annotated[Command, acts("competent-authority")]
Reader = Annotated[Caller, seat("customs", "competent-authority", "observer")]
RemedyId = Annotated[str, Path(min_length=1, max_length=80)]


class FailureBody(Strict):
    """What happened to a shipment; with a letter of Article 9(1) it is illegal traffic, else Article 8."""

    ref: Annotated[Text, Field(max_length=80, description="notification number or case id")]
    shipment: int | None = Field(
        default=None, ge=1, le=999_999, description="of a notification; a load without one has none"
    )
    facts: Text
    art9_letters: Annotated[tuple[Art9Letter, ...], Field(max_length=5)] = ()
    conduct_of: Conduct | None = None
    net_kg: int | None = Field(default=None, ge=1, le=10**12, description="what failed; else the whole load")

    def failure(self) -> Failure:
        return Failure(self.shipment, self.facts, self.art9_letters, self.conduct_of, self.net_kg)


class OrderBody(Strict):
    """What is done with the load."""

    measure: Annotated[Text, Field(max_length=40)]
    reason: Text
    facility: RegistrationNo | None = None


class ObjectionBody(Strict):
    """Why an authority does not agree."""

    reason: Text


class ReturnBody(Strict):
    """When the load started on its way back; today if nothing is said."""

    departed_on: date | None = None


class CompletionBody(Strict):
    """Where the load ended; quantity is given back only where the authority of export says so."""

    completed_on: date | None = None
    place: Text
    credited_kg: int = Field(default=0, ge=0, le=10**12)


class RemedyView(BaseModel):
    """A failed movement as every official concerned sees it."""

    remedy_id: str
    case: str
    number: str | None
    shipment: int | None
    cause: str
    art9_letters: tuple[str, ...]
    facts: str
    waste_code: str
    net_kg: int
    states: tuple[str, ...]
    opened_on: date
    duty_of: str | None
    due_on: date | None
    article: str
    state: str
    measure: str | None
    facility: str | None
    finish_by: date | None = Field(None, description="by when what was ordered must be finished")
    objections: list[str]
    departed_on: date | None
    overdue: bool
    escalations: int
    outcome: str | None
    completed_on: date | None

    @classmethod
    def of(cls, it: Remedy) -> RemedyView:
        same = {name: getattr(it, name) for name in cls.model_fields if hasattr(it, name)}
        return cls(
            **same,
            remedy_id=it.id,
            article=it.due_article,
            state=it.stage,
            objections=[one.reason for one in it.opposed],
        )


class RemedyPage(BaseModel):
    """Failed movements in the order of their ids; `next` is the `after` of the next page."""

    items: list[RemedyView]
    next: str | None


def shown(work: Work, found: Remedy, status: int = 200) -> Answer:
    version = work.shelf(REMEDIES).version(found) + 1
    return Answer(RemedyView.of(found), status, {"ETag": f'"{version}"'})


@router.post("", status_code=201, response_model=RemedyView, responses=problems())
async def open_remedy(body: FailureBody, command: Official) -> Response:
    """Make known that a shipment cannot be completed (Art. 8) or is illegal traffic (Art. 9)."""

    async def act(work: Work) -> Answer:
        asked = (command.caller, command.runtime, body.ref, remedies.remedy_id(command.id), body.failure())
        return shown(work, await remedies.open_remedy(work, *asked), 201)

    return await command.run(act)


@router.post("/{remedy_id}/order", response_model=RemedyView, responses=problems())
async def order(remedy_id: RemedyId, body: OrderBody, command: Authority) -> Response:
    """Order what is done with the load; which measures are open follows from what happened."""

    async def act(work: Work) -> Answer:
        asked = (command.caller, command.runtime, remedy_id, body.measure, body.reason, body.facility)
        return shown(work, await remedies.order(work, *asked))

    return await command.run(act)


@router.post("/{remedy_id}/objection", response_model=RemedyView, responses=problems())
async def oppose(remedy_id: RemedyId, body: ObjectionBody, command: Authority) -> Response:
    """Do not agree with a measure that needs agreement. A return is opposed by nobody."""

    async def act(work: Work) -> Answer:
        return shown(
            work, await remedies.oppose(work, command.caller, command.runtime, remedy_id, body.reason)
        )

    return await command.run(act)


@router.post("/{remedy_id}/return", response_model=RemedyView, responses=problems())
async def depart(remedy_id: RemedyId, body: ReturnBody, command: Official) -> Response:
    """The load starts on its way back."""

    async def act(work: Work) -> Answer:
        asked = (command.caller, command.runtime, remedy_id, body.departed_on)
        return shown(work, await remedies.depart(work, *asked))

    return await command.run(act)


@router.post("/{remedy_id}/completion", response_model=RemedyView, responses=problems())
async def complete(remedy_id: RemedyId, body: CompletionBody, command: Authority) -> Response:
    """The load came to its lawful end; the case is closed and counts in the annual report."""

    async def act(work: Work) -> Answer:
        ended = (body.completed_on, body.place, body.credited_kg)
        return shown(work, await remedies.complete(work, command.caller, command.runtime, remedy_id, *ended))

    return await command.run(act)


@router.get("", responses=problems())
async def list_remedies(
    request: Request,
    caller: Reader,
    overdue: Annotated[bool, Query(description="only what is overdue")] = False,
    after: Annotated[str | None, Query(description="`next` of the page before", max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> RemedyPage:
    """The failed movements that concern the caller's State."""
    runtime = request.app.state.runtime
    found = await runtime.read(lambda c: queries.remedies(c, caller, overdue, after, limit))
    return RemedyPage(
        items=[RemedyView.of(one) for one in found], next=found[-1].id if len(found) == limit else None
    )


@router.get("/{remedy_id}", responses=problems())
async def read_remedy(
    request: Request, response: Response, remedy_id: RemedyId, caller: Reader
) -> RemedyView:
    """One failed movement."""
    found, version = await request.app.state.runtime.read(lambda c: queries.remedy(c, caller, remedy_id))
    response.headers["ETag"] = f'"{version}"'
    return RemedyView.of(found)
