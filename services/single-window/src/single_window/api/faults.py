"""Faults on order, for operators and in sandboxes: at the front door, and among the messages of one world."""

from __future__ import annotations

from random import Random
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from pic_kit.access import Caller
from pic_kit.bus.base import Record
from pic_kit.commands import Answer, seat
from pic_kit.holding import HoldOrder
from pic_kit.problems import problems
from pic_kit.transaction import Transaction, Work
from pic_kit.worlds import World
from pic_schemas.catalogue import CATALOGUE
from pic_schemas.envelope import Event, UtcTime, partition_key, to_binary
from pic_schemas.messages.base import CASES
from pic_schemas.refusal import Refused
from single_window.api.context import OperatorCommand, TheRooms, standing_world
from single_window.desk import worlds
from single_window.desk.worlds import refusal
from single_window.domain.fault_book import FaultOrder
from single_window.stores import order_holds
from single_window.window.store import all_histories

router = APIRouter(prefix="/v1/worlds", tags=["worlds"])
Share = Annotated[float, Field(ge=0, le=1)]
State = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
MessageType = Annotated[str, Field(max_length=80, examples=["pic.decision.taken.v1"])]
AT_THE_DOOR = {"seed", "fail", "lose", "slow", "seconds", "offline"}
OF_THE_MESSAGES = {"seed", "delay", "drop", "days", "only"}


class FaultsBody(BaseModel):
    """Shares of the acts in this world. Each acts at most twice on one request; the same seed, the same run.

    `fail`: 503, nothing was done; `lose`: done, but the answer is a 503; `slow`: answered after `seconds`.
    `offline`: a State's seats get 503 until this time of the world. `delay`, `drop`: of the messages, of the
    types in `only` or of all, that leave `days` of the world late, or get lost and are sent again then.
    An empty order ends all of it, so a field that there is not is refused.
    """

    model_config = ConfigDict(extra="forbid")

    seed: Annotated[int, Field(ge=0, le=2**31)] = 1
    fail: Share = 0
    lose: Share = 0
    slow: Share = 0
    seconds: Annotated[float, Field(ge=0, le=5)] = 0
    offline: Annotated[dict[State, UtcTime], Field(max_length=50)] = {}
    delay: Share = 0
    drop: Share = 0
    days: Annotated[int, Field(ge=1, le=400)] = 1
    only: Annotated[list[MessageType], Field(max_length=50)] = []


class FaultsView(FaultsBody):
    """What is ordered now."""

    world: str


class DisturbanceBody(BaseModel):
    """A share of this world's messages once more, in a seeded order across cases, and unreadable records."""

    model_config = ConfigDict(extra="forbid")

    seed: Annotated[int, Field(ge=0, le=2**31)] = 1
    repeat: Share = 0
    unreadable: Annotated[int, Field(ge=0, le=20)] = 0


class DisturbanceView(BaseModel):
    """How many records were published."""

    world: str
    repeated: int
    unreadable: int


def refuse_live(world: World) -> None:
    """Raises Refused for a world in which nothing may go wrong on purpose."""
    if world.mode != "sandbox":
        detail = "in a live world nothing goes wrong on purpose"
        raise Refused.conflict(refusal("FAULTS_LIVE", "design rule 9", "", detail))


@router.put("/{world}/faults", responses=problems(401, 403, 404, 409, 410, 422))
async def order_faults(
    world: str, body: FaultsBody, caller: Annotated[Caller, seat("operator")], house: TheRooms
) -> FaultsView:
    """Let the front door fail in this sandbox, instead of what was ordered before."""
    refuse_live(await standing_world(house, caller, world))
    for place, name in enumerate(body.only):
        if name not in CATALOGUE or CATALOGUE[name].topic != CASES:
            detail = f"no message of a case is called {name!r}"
            raise Refused.invalid(refusal("MESSAGE_UNKNOWN", "design rule 8", f"/only/{place}", detail))
    await order_holds(house.stores, world, HoldOrder(**body.model_dump(include=OF_THE_MESSAGES)))
    house.faults.order(world, FaultOrder(**body.model_dump(include=AT_THE_DOOR)))
    return FaultsView(world=world, **body.model_dump())


@router.post(
    "/{world}/messages/disturbance",
    response_model=DisturbanceView,
    status_code=202,
    responses=problems(404, 409, 410),
)
async def disturb_messages(
    world: str, body: DisturbanceBody, command: OperatorCommand, house: TheRooms
) -> Response:
    """Publish messages of this world once more, and unreadable records: nobody may act on either."""

    async def enter(transaction: Transaction) -> World:
        return await worlds.existing(transaction, world)

    async def act(work: Work) -> Answer:
        refuse_live(work.world)
        histories = await house.window.read(lambda connection: all_histories(connection, world))
        events = [event for _, said in histories for event in said]
        records = disturbance(world, events, body)
        for failure in await house.window.bus.publish(records) if records else ():
            if failure is not None:
                raise failure
        repeated = len(records) - body.unreadable
        return Answer(DisturbanceView(world=world, repeated=repeated, unreadable=body.unreadable), 202)

    return await command.run(act, enter)


def disturbance(world: str, events: list[Event], order: DisturbanceBody) -> list[Record]:
    """Chosen by place in the world's own order, so that the same seed chooses alike in another run."""
    dice = Random(order.seed)
    in_order = sorted(events, key=lambda event: (event.time, event.source, event.sequence))
    records = [_again(event) for event in in_order if dice.random() < order.repeat]
    keys = [partition_key(world, event.case) for event in in_order] or [partition_key(world, None)]
    records += [Record(CASES, dice.choice(keys), (), b"\xffordered") for _ in range(order.unreadable)]
    dice.shuffle(records)
    return records


def _again(event: Event) -> Record:
    binary = to_binary(event)
    return Record(CATALOGUE[event.type].topic, binary.key, binary.headers, binary.value)
