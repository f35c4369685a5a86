"""What was asked in a sandbox, for whoever records it: kept from when an operator says so."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from pic_kit.access import Caller
from pic_kit.commands import seat
from pic_kit.problems import problems
from single_window.api.context import TheRooms, standing_world
from single_window.window.store import list_cases

router = APIRouter(prefix="/v1/worlds", tags=["worlds"])


class KeptView(BaseModel):
    """Acts are kept since this day of the world."""

    world: str
    since: datetime


class ActPage(BaseModel):
    """Acts in the order of their answers; `kept` is false where nobody began. `next` is null at the end."""

    world: str
    kept: bool
    acts: list[dict[str, Any]] = Field(
        description="at, seat (null: the operator), method, path, key, body or file, status, answer"
    )
    next: int | None


@router.put("/{world}/acts", responses=problems(401, 403, 404, 409, 410))
async def keep_acts(world: str, caller: Annotated[Caller, seat("operator")], house: TheRooms) -> KeptView:
    """Keep from now on what is asked in this sandbox, so that a recording can be asked again."""
    await standing_world(house, caller, world)
    cases = await house.window.read(lambda connection: list_cases(connection, world, None, limit=1))
    untouched = not (cases or house.players.play_in(world) or house.faults.of(world))
    return KeptView(world=world, since=await house.acts.begin(world, whole=untouched))


@router.get("/{world}/acts", responses=problems(401, 403, 404, 410, 422))
async def read_acts(
    world: str,
    caller: Annotated[Caller, seat("operator", "observer")],
    house: TheRooms,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> ActPage:
    """What was asked, from which seat and on which day, and how it was answered."""
    await standing_world(house, caller, world)
    found = await house.acts.read(world, after, limit)
    following = found[-1][0] if len(found) == limit else None
    return ActPage(world=world, kept=house.acts.keeps(world), acts=[act for _, act in found], next=following)
