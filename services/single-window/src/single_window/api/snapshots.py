"""Snapshots of sandboxes, and worlds that are set back to them: for operators."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from pic_kit.access import Caller
from pic_kit.commands import Answer, seat
from pic_kit.problems import problems
from pic_kit.transaction import Transaction, Work
from pic_kit.worlds import World
from pic_schemas.envelope import Event
from pic_schemas.refusal import Refused
from single_window.api.context import OperatorCommand, Rooms, TheRooms, standing_world
from single_window.api.worlds import WorldView, until_open_everywhere, view_of
from single_window.desk import generations, snapshots, worlds
from single_window.domain.digest import world_digest
from single_window.domain.snapshot import Snapshot, places_named, without_body
from single_window.playing import quiet_with_personas
from single_window.window.store import all_histories

router = APIRouter(prefix="/v1/worlds", tags=["worlds"])
NAME = r"^[a-z0-9][a-z0-9-]{0,39}$"
SnapshotName = Annotated[str, Path(pattern=NAME, examples=["consented"])]
QUIET_WITHIN = 10.0
MOST_ACTS = 5000
RULE_10 = "design rule 10"


class SnapshotView(BaseModel):
    """`since`: where the world's clock began; `now`: where it stood. `cases`: the digest of each."""

    world: str
    name: str
    since: datetime
    now: datetime
    acts: int
    digest: str
    cases: dict[str, str]


class ResetOrder(BaseModel):
    """Back to this snapshot; without one, to an empty world whose clock stands where the old one began."""

    model_config = ConfigDict(extra="forbid")

    snapshot: Annotated[str, Field(pattern=NAME)] | None = None


class ResetView(WorldView):
    """The world that goes on in place of `succeeds`, with its clients and its snapshots."""

    succeeds: str
    snapshot: str | None


@router.put("/{world}/snapshots/{name}", responses=problems(401, 403, 404, 409, 410))
async def take_snapshot(
    world: str, name: SnapshotName, caller: Annotated[Caller, seat("operator")], house: TheRooms
) -> SnapshotView:
    """Keep how this sandbox stands, in place of an earlier snapshot of this name; waits until it is quiet."""
    standing = await standing_world(house, caller, world)
    snapshots.refuse_live(standing)
    since = await house.acts.whole_since(world)
    if since is None:
        detail = "what was asked here was not kept from the beginning: open the world with `keep_acts`"
        raise _refused("SNAPSHOT_ACTS_MISSING", detail)
    await _wait_until_quiet(house, world, moving=standing.moving)
    taken = await _taken(house, await standing_world(house, caller, world), name, since)
    await house.desk.write(lambda transaction: snapshots.keep(transaction, taken))
    return _view(taken)


@router.get("/{world}/snapshots", responses=problems(401, 403, 404, 410))
async def read_snapshots(
    world: str, caller: Annotated[Caller, seat("operator", "observer")], house: TheRooms
) -> list[SnapshotView]:
    """Those of this world, by name."""
    await standing_world(house, caller, world)
    found = await house.desk.read(lambda connection: snapshots.snapshots_of(connection, world))
    return [_view(one) for one in found]


@router.delete("/{world}/snapshots/{name}", status_code=204, responses=problems(401, 403, 404, 410))
async def delete_snapshot(
    world: str, name: SnapshotName, caller: Annotated[Caller, seat("operator")], house: TheRooms
) -> None:
    """Delete a snapshot; a world that was built from it stands on."""
    await standing_world(house, caller, world)
    await house.desk.read(lambda connection: snapshots.snapshot_of(connection, world, name))
    await house.desk.write(lambda transaction: snapshots.drop(transaction, world, name))


@router.post("/{world}/reset", response_model=ResetView, status_code=201, responses=problems())
async def reset_world(world: str, order: ResetOrder, command: OperatorCommand, house: TheRooms) -> Response:
    """Set a sandbox back: it goes on in a new world, in which all that led to the snapshot is asked again.

    The old world stands until the new one does. Answers when that is so; 409 where it would be another one.
    """

    async def enter(transaction: Transaction) -> World:
        found = await generations.standing(transaction, world)
        snapshots.refuse_live(found)
        taken = await _wanted(transaction, world, order.snapshot)
        since = taken.since if taken else await house.acts.whole_since(world) or found.now
        generation = await generations.next_generation(transaction, world, command.caller.name)
        # The old one goes when the new one stands: the room of one is enough for both.
        most = house.most_worlds + 1
        return await worlds.order_world(transaction, generation, "sandbox", since, found.label, most=most)

    async def act(work: Work) -> Answer:
        worlds.announce(work)
        view = view_of(work.world).model_dump()
        return Answer(ResetView(**view, succeeds=world, snapshot=order.snapshot), 201)

    answer = await command.run(act, enter)
    return answer if command.dry_run else await _built(house, answer, order.snapshot)


async def _wanted(transaction: Transaction, world: str, name: str | None) -> Snapshot | None:
    return await snapshots.snapshot_of(transaction.connection, world, name) if name is not None else None


async def _built(house: Rooms, answer: Response, name: str | None) -> Response:
    """The answer as it stands when the new world has taken the old one's place."""
    ordered = json.loads(bytes(answer.body))
    world, predecessor = ordered["world"], ordered["succeeds"]
    await until_open_everywhere(house, world)
    taken = await house.desk.read(lambda c: generations.is_building(c, world))
    if taken:
        snapshot = (
            await house.desk.read(lambda c: snapshots.snapshot_of(c, predecessor, name)) if name else None
        )
        await house.builder.build(world, snapshot, predecessor)
        await house.acts.forget(predecessor)
        house.players.forget(predecessor)
        house.faults.forget(predecessor)
    found = await house.desk.write(lambda transaction: generations.standing(transaction, world))
    body = {**ordered, **view_of(found).model_dump(mode="json")}
    return JSONResponse(body, answer.status_code, {"Location": f"/v1/worlds/{world}"})


async def _wait_until_quiet(house: Rooms, world: str, *, moving: bool) -> None:
    """Raises Refused that says which message waits for what. What waits for ever may stand in a snapshot."""
    found = await quiet_with_personas(house.players, house.stores, world, QUIET_WITHIN, moving=moving)
    if not (found.quiet or found.stuck):
        raise _refused("SNAPSHOT_NOT_QUIET", "; ".join(found.reasons))


async def _taken(house: Rooms, world: World, name: str, since: datetime) -> Snapshot:
    histories = await house.window.read(lambda connection: all_histories(connection, world.id))
    kept = [act for _, act in await house.acts.read(world.id, 0, MOST_ACTS + 1)]
    if len(kept) > MOST_ACTS:
        raise _refused("SNAPSHOT_TOO_LONG", f"more than {MOST_ACTS} acts were asked in this world")
    if (number := without_body(kept)) is not None:
        raise _refused("SNAPSHOT_TOO_LONG", f"the body of act {number} was too long to be kept")
    said: list[Event] = [event for _, events in histories for event in events]
    digest = world_digest(histories)
    return Snapshot(
        world=world.id,
        name=name,
        since=since,
        now=world.now,
        label=world.label,
        digest=digest.world,
        cases=dict(digest.cases),
        acts=kept,
        places=places_named(kept, said),
    )


def _view(taken: Snapshot) -> SnapshotView:
    return SnapshotView(
        world=taken.world,
        name=taken.name,
        since=taken.since,
        now=taken.now,
        acts=len(taken.acts),
        digest=taken.digest,
        cases=taken.cases,
    )


def _refused(rule: str, detail: str) -> Refused:
    return Refused.conflict(worlds.refusal(rule, RULE_10, "", detail))
