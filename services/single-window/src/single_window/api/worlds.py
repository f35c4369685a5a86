"""Worlds: opened, looked at, moved through time, deleted; their clients; whether they are quiet."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.access import Caller
from pic_kit.clock import monotonic
from pic_kit.commands import Answer, seat
from pic_kit.problems import problems
from pic_kit.transaction import Transaction, Work
from pic_kit.worlds import World, WorldUnknown, list_worlds
from pic_schemas.envelope import WORLD_PATTERN, UtcTime
from pic_schemas.refusal import Refused
from single_window.api.context import AnyCaller, OperatorCommand, Rooms, TheRooms, standing_world
from single_window.clock import Moved
from single_window.desk import generations, snapshots, worlds
from single_window.desk.store import Order
from single_window.domain.clock_target import NEXT_DEADLINE, read_target
from single_window.domain.digest import world_digest
from single_window.domain.snapshot import Snapshot
from single_window.playing import quiet_with_personas
from single_window.quiet import pauses
from single_window.stores import PeerAway, all_activity
from single_window.window.store import all_histories

router = APIRouter(prefix="/v1/worlds", tags=["worlds"])
OPEN_WITHIN = 15.0
BUILDS = frozenset({"exchange"})
STILL_BUILT = "the world is still being built from a snapshot; send the same request again when it is ready"
SEES_ALL = frozenset({"operator", "observer", "exchange"})
Seat = Literal["exporter", "competent-authority", "customs", "facility", "carrier", "observer"]


class Seed(BaseModel):
    """What a world begins with: all that was asked in another one until this snapshot was taken."""

    world: Annotated[str, Field(pattern=WORLD_PATTERN)]
    snapshot: Annotated[str, Field(max_length=40)]


class WorldOrder(BaseModel):
    """A world to open. A sandbox's clock starts at `now`, by default at this moment.

    `keep_acts`: keep what is asked in it, so that snapshots of it can be taken. `seed`: begin where a
    snapshot was taken; it keeps its acts as well.
    """

    model_config = ConfigDict(extra="forbid")

    world: Annotated[str, Field(pattern=WORLD_PATTERN)] | None = None
    mode: Literal["sandbox", "live"] = "sandbox"
    now: UtcTime | None = None
    label: Annotated[str, Field(max_length=200)] = ""
    keep_acts: bool = False
    seed: Seed | None = None

    @model_validator(mode="after")
    def _live_follows_the_wall_clock(self) -> Self:
        if self.mode == "live" and self.now is not None:
            raise ValueError("a live world follows the wall clock; leave `now` out")
        if self.mode == "live" and (self.keep_acts or self.seed):
            raise ValueError("a live world begins empty and keeps no acts; leave `keep_acts` and `seed` out")
        if self.seed and self.now is not None:
            raise ValueError("a seeded world's clock stands where the snapshot was taken; leave `now` out")
        return self


class WorldView(BaseModel):
    """A world and its time."""

    world: str
    mode: str
    label: str
    state: str
    now: datetime
    moving: bool


class MovedView(WorldView):
    """`steps`: deadlines at which the clock stopped; `fired`: what came due there."""

    steps: int
    fired: int


class ClockTarget(BaseModel):
    """Where the clock goes."""

    to: Annotated[
        str, Field(max_length=40, examples=["+60d", "2026-08-01", "2026-08-01T08:00:00Z", "next-deadline"])
    ]


class QuietView(BaseModel):
    """Whether all that was said was heard, and why not. `stuck`: only messages that wait are left.

    `next_due`: when the next deadline comes; told to those who see every case of the world.
    """

    world: str
    quiet: bool
    stuck: bool
    reasons: list[str]
    next_due: datetime | None = None


class ClientOrder(BaseModel):
    """Who shall be able to ask for tokens."""

    agency: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
    state: Annotated[str, Field(pattern=r"^([A-Z]{2}|exchange)$")]
    roles: Annotated[list[Seat], Field(min_length=1, max_length=20)]


class ClientView(BaseModel):
    """`client_secret` is told here and nowhere else."""

    client_id: str
    client_secret: str = ""
    world: str
    agency: str
    state: str
    roles: list[str]


class DigestView(BaseModel):
    """Equal for two runs in which the same happened."""

    world: str
    digest: str
    cases: dict[str, str]


def view_of(world: World) -> WorldView:
    return WorldView(
        world=world.id,
        mode=world.mode,
        label=world.label,
        state=world.state,
        now=world.now,
        moving=world.moving,
    )


@router.post("", response_model=WorldView, status_code=201, responses=problems())
async def open_world(order: WorldOrder, command: OperatorCommand, house: TheRooms) -> Response:
    """Open a world; answers when every service has opened it."""
    world = order.world or f"w-{command.id.hex[:10]}"

    async def act(work: Work) -> Answer:
        worlds.announce(work)
        return Answer(view_of(work.world), 201, {"Location": f"/v1/worlds/{world}"})

    async def enter(transaction: Transaction) -> World:
        taken = await _seed(transaction.connection, order.seed)
        wanted = Order(world, command.caller.name, building=taken is not None)
        start = taken.since if taken else order.now
        most = house.most_worlds
        return await worlds.order_world(transaction, wanted, order.mode, start, order.label, most=most)

    answer = await command.run(act, enter)
    if command.dry_run:
        return answer
    await until_open_everywhere(house, world)
    if order.keep_acts and not order.seed:
        await house.acts.begin(world, whole=True)
    return await _seeded(house, world, order.seed, answer) if order.seed else answer


async def _seed(connection: AsyncConnection, seed: Seed | None) -> Snapshot | None:
    """Raises Refused (404)."""
    return await snapshots.snapshot_of(connection, seed.world, seed.snapshot) if seed else None


async def _seeded(house: Rooms, world: str, seed: Seed, answer: Response) -> Response:
    """The answer as it stands when all was asked again."""
    if await house.desk.read(lambda connection: generations.is_building(connection, world)):
        await house.builder.build(world, await house.desk.read(lambda c: _seed(c, seed)), None)
    found = await house.desk.write(lambda transaction: generations.standing(transaction, world))
    return JSONResponse(
        view_of(found).model_dump(mode="json"), answer.status_code, {"Location": f"/v1/worlds/{world}"}
    )


async def until_open_everywhere(house: Rooms, world: str) -> None:
    until, missing = monotonic() + OPEN_WITHIN, ""
    for pause in pauses():
        try:
            closed = [found.service for found in await all_activity(house.stores, world) if not found.open]
            missing = f"{', '.join(closed)} has not opened it yet" if closed else ""
        except PeerAway as away:
            missing = str(away)
        if not missing:
            return
        if monotonic() >= until:
            raise WorldUnknown(f"{world}: {missing}; send the same request again")
        await asyncio.sleep(pause)


@router.get("", responses=problems(401, 403))
async def read_worlds(caller: AnyCaller, house: TheRooms) -> list[WorldView]:
    """An operator sees all that are open, everybody else the own."""
    found = await house.desk.read(list_worlds)
    return [view_of(world) for world in found if "operator" in caller.roles or world.id == caller.world]


@router.get("/{world}", responses=problems(401, 403, 404, 410))
async def read_world(world: str, caller: AnyCaller, house: TheRooms) -> WorldView:
    """One world and its time."""
    return view_of(await standing_world(house, caller, world))


@router.delete("/{world}", status_code=204, responses=problems(401, 403, 404, 410))
async def delete_world(world: str, caller: Annotated[Caller, seat("operator")], house: TheRooms) -> None:
    """Delete a world; its tombstone swallows what still arrives for it."""
    await standing_world(house, caller, world)
    await house.builder.abandon(world)

    async def gone(transaction: Transaction) -> None:
        await worlds.delete(transaction, world)
        await snapshots.forget(transaction, world)

    await house.desk.write(gone)
    await house.acts.forget(world)
    house.players.forget(world)
    house.faults.forget(world)


@router.put("/{world}/clock", responses=problems(401, 403, 404, 409, 410, 422, 423, 503))
async def move_clock(
    world: str, target: ClockTarget, caller: Annotated[Caller, seat("operator", "observer")], house: TheRooms
) -> MovedView:
    """Move a sandbox's clock, stopping at every deadline on the way; answers when it has arrived."""
    found = await standing_world(house, caller, world)
    goal = await _goal(house, found, target.to)
    moved = await house.clock.move(world, goal) if goal else Moved()
    view = view_of(await standing_world(house, caller, world))
    return MovedView(**view.model_dump(), steps=moved.steps, fired=moved.fired)


async def _goal(house: Rooms, world: World, text: str) -> datetime | None:
    if text == NEXT_DEADLINE:
        due = await house.clock.next_due(world.id)
        return max(due, world.now) if due else None
    try:
        return read_target(text, world.now)
    except (ValueError, OverflowError) as error:
        detail = f"{text!r} is no time: send +60d, +12h, +2w, a date, a time with zone, or next-deadline"
        finding = worlds.refusal("CLOCK_TARGET", "HTTP contract", "/to", detail)
        raise Refused.invalid(finding) from error


@router.get("/{world}/quiet", responses=problems(401, 403, 404, 410))
async def read_quiet(
    world: str, caller: AnyCaller, house: TheRooms, wait: Annotated[float, Query(ge=0, le=60)] = 0
) -> QuietView:
    """Whether nothing is unpublished, unheard, waiting or due; waits up to `wait` seconds for it."""
    standing = await standing_world(house, caller, world)
    found = await quiet_with_personas(house.players, house.stores, world, wait, moving=standing.moving)
    # The reasons name cases; only who may see every case of the world is told them.
    sees_all = bool(caller.roles & SEES_ALL)
    told = found.reasons if sees_all else ("something is under way",) * bool(found.reasons)
    due = found.next_due if sees_all else None
    return QuietView(world=world, quiet=found.quiet, stuck=found.stuck, reasons=list(told), next_due=due)


@router.post("/{world}/clients", response_model=ClientView, status_code=201, responses=problems())
async def register_client(
    world: str, order: ClientOrder, command: OperatorCommand, house: TheRooms
) -> Response:
    """Give an agency a client for some seats in this world."""

    async def enter(transaction: Transaction) -> World:
        found = await worlds.existing(transaction, world)
        # Whoever sat down now would act in the middle of a story that is being told again.
        if not command.caller.roles & BUILDS and await generations.is_building(transaction.connection, world):
            raise Refused.conflict(worlds.refusal("WORLD_BUILDING", "design rule 10", "", STILL_BUILT))
        return found

    async def act(work: Work) -> Answer:
        client = await house.clients.register(work, order.agency, order.state, order.roles)
        who = {"agency": client.agency, "state": client.state, "roles": client.roles}
        return Answer(ClientView(client_id=client.client_id, world=world, **who), 201)

    return _with_secret(await command.run(act, enter), house)


def _with_secret(answer: Response, house: Rooms) -> Response:
    """The stored answer holds no secret; it is derived again each time."""
    body = json.loads(bytes(answer.body))
    body["client_secret"] = house.clients.secret_of(body["client_id"])
    headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
    return Response(json.dumps(body), answer.status_code, headers | {"Cache-Control": "no-store"})


@router.get("/{world}/digest", responses=problems(401, 403, 404, 410))
async def read_digest(
    world: str, caller: Annotated[Caller, seat("operator", "observer")], house: TheRooms
) -> DigestView:
    """The canonical digest of all cases, to compare runs; ask when the world is quiet."""
    await standing_world(house, caller, world)
    found = world_digest(await house.window.read(lambda connection: all_histories(connection, world)))
    return DigestView(world=world, digest=found.world, cases=dict(found.cases))
