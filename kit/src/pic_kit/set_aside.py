"""The endpoints for what waits or was parked: listed, explained, tried again, given up, and by whom."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import Table, func, select

from pic_kit.access import Caller
from pic_kit.commands import seat
from pic_kit.interventions import (
    Intervention,
    missing_before,
    retry_parked,
    retry_waiting,
    skip_parked,
    skip_waiting,
)
from pic_kit.problems import contract_finding, problems
from pic_kit.runtime import Runtime
from pic_kit.tables import interventions, parked, waiting
from pic_schemas.refusal import Refused

router = APIRouter(prefix="/v1", tags=["waiting and parked"], responses=problems(401, 403, 404))
Operator = Annotated[Caller, seat("exchange", "operator")]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
Limit = Annotated[int, Query(ge=1, le=1000)]


class WaitingLine(BaseModel):
    """A message that came, but cannot be applied yet."""

    service: str
    id: int
    world: str
    case: str
    source: str
    sequence: int
    type: str
    reason: str
    detail: str
    waits_for: list[str]
    attempts: int


class WaitingExplained(WaitingLine):
    """Why it waits, what would cure it, and what SKIP would give up."""

    missing: list[int] = Field(description="sequences of the same producer that have not come")
    behind: int = Field(description="messages of the same case that wait too")
    skip_gives_up: str
    data: dict[str, Any]


class ParkedLine(BaseModel):
    """A record that could not be read, or that nobody may apply."""

    service: str
    id: int
    world: str | None
    case: str | None
    source: str | None
    sequence: int | None
    topic: str
    partition: int
    offset: int
    reason: str
    parked_at: datetime


class ParkedExplained(ParkedLine):
    """The record as it came."""

    headers: dict[str, str]
    body: str


class Why(BaseModel):
    """Kept for ever. `on_behalf_of`: the operator, where another service of the exchange asks."""

    reason: Annotated[str, Field(min_length=5, max_length=1000)]
    on_behalf_of: Annotated[str, Field(max_length=100)] = ""


class Outcome(BaseModel):
    """`done`: the message waits or is parked no more."""

    done: bool


class InterventionLine(BaseModel):
    """One entry of the audit."""

    service: str
    world: str | None
    case: str | None
    action: str
    reason: str
    who: str
    at: datetime


def _runtime(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime


@router.get("/waiting")
async def list_waiting(request: Request, caller: Operator, limit: Limit = 100) -> list[WaitingLine]:
    """Oldest first."""
    runtime = _runtime(request)
    return [_waiting_line(runtime, row) for row in await _rows(runtime, waiting, caller, limit)]


@router.get("/waiting/{number}")
async def explain_waiting(request: Request, number: Number, caller: Operator) -> WaitingExplained:
    """Which message is missing, or which rule refused it."""
    runtime = _runtime(request)
    row = await _one(runtime, waiting, caller, number)
    missing = await missing_before(runtime, row)
    same_case = (waiting.c.world == row.world, waiting.c.case_id == row.case_id, waiting.c.id != number)
    behind = select(func.count()).select_from(waiting).where(*same_case)
    gives_up = f"the missing {', '.join(map(str, missing))} of {row.source}" if missing else "this message"
    return WaitingExplained(
        **_waiting_line(runtime, row).model_dump(),
        missing=missing,
        behind=(await runtime.read(lambda connection: connection.execute(behind))).scalar_one(),
        skip_gives_up=gives_up,
        data=json.loads(row.event)["data"],
    )


@router.get("/parked")
async def list_parked(request: Request, caller: Operator, limit: Limit = 100) -> list[ParkedLine]:
    """Oldest first."""
    runtime = _runtime(request)
    return [_parked_line(runtime, row) for row in await _rows(runtime, parked, caller, limit)]


@router.get("/parked/{number}")
async def explain_parked(request: Request, number: Number, caller: Operator) -> ParkedExplained:
    """The record as it came, and why it was set aside."""
    runtime = _runtime(request)
    row = await _one(runtime, parked, caller, number)
    body = row.body.decode("utf-8", "backslashreplace")
    line = _parked_line(runtime, row).model_dump()
    return ParkedExplained(**line, headers=json.loads(row.headers), body=body)


@router.post("/waiting/{number}/retry")
async def post_waiting_retry(request: Request, number: Number, why: Why, caller: Operator) -> Outcome:
    """Try its case again now."""
    runtime = _runtime(request)
    await _one(runtime, waiting, caller, number)
    return Outcome(done=await retry_waiting(runtime, number, _intervention("RETRY", why, caller)))


@router.post("/waiting/{number}/skip", responses=problems(409))
async def post_waiting_skip(request: Request, number: Number, why: Why, caller: Operator) -> Outcome:
    """Give up what is missing before it; if nothing is, the message itself."""
    runtime = _runtime(request)
    await _one(runtime, waiting, caller, number)
    return Outcome(done=await skip_waiting(runtime, number, _intervention("SKIP", why, caller)))


@router.post("/parked/{number}/retry")
async def post_parked_retry(request: Request, number: Number, why: Why, caller: Operator) -> Outcome:
    """Read it again, for instance after the program was corrected."""
    runtime = _runtime(request)
    await _one(runtime, parked, caller, number)
    return Outcome(done=await retry_parked(runtime, number, _intervention("RETRY", why, caller)))


@router.post("/parked/{number}/skip", responses=problems(409))
async def post_parked_skip(request: Request, number: Number, why: Why, caller: Operator) -> Outcome:
    """Put it away; the audit keeps it."""
    runtime = _runtime(request)
    await _one(runtime, parked, caller, number)
    return Outcome(done=await skip_parked(runtime, number, _intervention("SKIP", why, caller)))


@router.get("/interventions")
async def list_interventions(
    request: Request, caller: Operator, limit: Limit = 100
) -> list[InterventionLine]:
    """Who retried or skipped what, and why; oldest first."""
    runtime = _runtime(request)
    rows = await _rows(runtime, interventions, caller, limit)
    return [
        InterventionLine(
            service=runtime.name,
            world=row.world,
            case=row.case_id,
            **{name: getattr(row, name) for name in ("action", "reason", "who", "at")},
        )
        for row in rows
    ]


def _intervention(action: str, why: Why, caller: Caller) -> Intervention:
    who = why.on_behalf_of if "exchange" in caller.roles and why.on_behalf_of else caller.name
    return Intervention(action, why.reason, who)


async def _rows(runtime: Runtime, table: Table, caller: Caller, limit: int) -> list[Any]:
    query = select(table).where(*_within(table, caller)).order_by(table.c.id).limit(limit)
    return list((await runtime.read(lambda connection: connection.execute(query))).all())


async def _one(runtime: Runtime, table: Table, caller: Caller, number: int) -> Any:
    query = select(table).where(table.c.id == number, *_within(table, caller))
    row = (await runtime.read(lambda connection: connection.execute(query))).one_or_none()
    if row is None:
        detail = f"no message {number} is {table.name} here; it may have been applied meanwhile"
        raise Refused.unknown(contract_finding("NOT_SET_ASIDE", "design rule 6", detail))
    return row


def _within(table: Table, caller: Caller) -> tuple[Any, ...]:
    """A token that names a world opens only that one."""
    return (table.c.world == caller.world,) if caller.world else ()


def _waiting_line(runtime: Runtime, row: Any) -> WaitingLine:
    names = ("id", "world", "source", "sequence", "type", "reason", "detail", "attempts")
    waits_for = [kind for kind in row.waits_for.split(",") if kind]
    same = {name: getattr(row, name) for name in names}
    return WaitingLine(service=runtime.name, case=row.case_id, waits_for=waits_for, **same)


def _parked_line(runtime: Runtime, row: Any) -> ParkedLine:
    names = ("id", "world", "source", "sequence", "topic", "reason", "parked_at")
    place = {"case": row.case_id, "partition": row.log_partition, "offset": row.log_offset}
    return ParkedLine(service=runtime.name, **place, **{name: getattr(row, name) for name in names})
