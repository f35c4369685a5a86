"""Who plays which seat of a sandbox: personas are cast, somebody takes a seat over and hands it back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from pic_kit.access import Caller
from pic_kit.commands import Answer, seat
from pic_kit.problems import problems
from pic_kit.transaction import Transaction, Work
from pic_kit.worlds import World
from single_window.api.context import AnyCaller, OperatorCommand, TheRooms, standing_world
from single_window.desk.casts import cast_of, held, known_persona, known_seat, sandbox
from single_window.domain.personas import FOREVER, Cast

router = APIRouter(prefix="/v1", tags=["worlds"])
SeatText = Annotated[str, Field(max_length=80, examples=["BE/competent-authority/BE001"])]
PersonaName = Annotated[str, Field(max_length=40, examples=["prompt"])]


class PersonaView(BaseModel):
    """How somebody works who plays a seat that nobody sits on."""

    name: str
    about: str


class CastOrder(BaseModel):
    """`others` plays every seat that is neither named nor taken; the same `seed` gives the same days."""

    others: PersonaName | None = None
    seats: Annotated[dict[str, PersonaName], Field(max_length=200)] = {}
    taken: Annotated[list[SeatText], Field(max_length=200)] = []
    seed: Annotated[int, Field(ge=0, le=2**31)] = 1


class SeatOrder(BaseModel):
    """Which seat."""

    seat: SeatText


class HandBackOrder(SeatOrder):
    """Which seat, and who plays it from now on; without a name the one who played it before."""

    persona: PersonaName | None = None


class PlanView(BaseModel):
    """What a persona has in mind. `due_at` is empty when it does nothing more; `told`: what came of it."""

    seat: str
    kind: str
    case: str
    shipment: int | None
    due_at: datetime | None
    acts_done: int
    told: str


class CastView(BaseModel):
    """Who plays in a world, and what they have in mind."""

    world: str
    seed: int
    others: str | None
    seats: dict[str, str]
    taken: list[str]
    plans: list[PlanView]


def _view(cast: Cast) -> CastView:
    plans = [
        PlanView(
            seat=plan.seat,
            kind=plan.kind,
            case=plan.case,
            shipment=plan.shipment,
            due_at=plan.due_at if plan.due_at < FOREVER else None,
            acts_done=plan.step,
            told=plan.told,
        )
        for plan in sorted(cast.plans.values(), key=lambda plan: (plan.due_at, plan.seat, plan.task))
    ]
    return CastView(
        world=cast.world, seed=cast.seed, others=cast.others, seats=cast.seats, taken=cast.taken, plans=plans
    )


@router.get("/personas", responses=problems(401, 403))
async def read_personas(_caller: AnyCaller, house: TheRooms) -> list[PersonaView]:
    """Who can be cast."""
    return [PersonaView(name=one.name, about=one.about) for one in house.players.personas.values()]


@router.get("/worlds/{world}/seats", responses=problems(401, 403, 404, 410))
async def read_seats(
    world: str, caller: Annotated[Caller, seat("operator", "observer")], house: TheRooms
) -> CastView:
    """Who plays which seat, and what the personas have in mind; told to those who see every case."""
    await standing_world(house, caller, world)
    found = await house.desk.read(lambda connection: cast_of(connection, world))
    return _view(found or Cast(world))


@router.post("/worlds/{world}/seats", response_model=CastView, status_code=201, responses=problems())
async def cast_seats(world: str, order: CastOrder, command: OperatorCommand, house: TheRooms) -> Response:
    """Cast personas for the seats of a sandbox; what was cast before is forgotten."""
    personas = house.players.personas
    seats = {
        known_seat(text, f"/seats/{text}"): known_persona(name, personas, f"/seats/{text}")
        for text, name in order.seats.items()
    }
    taken = [known_seat(text, f"/taken/{place}") for place, text in enumerate(order.taken)]
    others = known_persona(order.others, personas, "/others") if order.others is not None else None

    async def act(work: Work) -> Answer:
        cast = await held(work.transaction, world)
        cast.seed, cast.others, cast.seats, cast.taken, cast.plans = order.seed, others, seats, taken, {}
        return Answer(_view(cast), 201)

    return await _commanded(world, command, house, act)


@router.post("/worlds/{world}/seats/taking-over", response_model=CastView, responses=problems())
async def take_seat(world: str, order: SeatOrder, command: OperatorCommand, house: TheRooms) -> Response:
    """Somebody sits down, also in the middle of a case; what the persona had in mind is forgotten."""
    sat = known_seat(order.seat, "/seat")

    async def act(work: Work) -> Answer:
        cast = await held(work.transaction, world)
        cast.take(sat)
        return Answer(_view(cast))

    return await _commanded(world, command, house, act)


@router.post("/worlds/{world}/seats/handing-back", response_model=CastView, responses=problems())
async def hand_back_seat(
    world: str, order: HandBackOrder, command: OperatorCommand, house: TheRooms
) -> Response:
    """Somebody stands up, and a persona goes on with what lies on the desk."""
    sat = known_seat(order.seat, "/seat")
    persona = order.persona
    if persona is not None:
        known_persona(persona, house.players.personas, "/persona")

    async def act(work: Work) -> Answer:
        cast = await held(work.transaction, world)
        cast.hand_back(sat, persona)
        return Answer(_view(cast))

    return await _commanded(world, command, house, act)


async def _commanded(
    world: str, command: OperatorCommand, house: TheRooms, act: Callable[[Work], Awaitable[Answer]]
) -> Response:
    async def enter(transaction: Transaction) -> World:
        return await sandbox(transaction, world)

    answer = await command.run(act, enter)
    if not command.dry_run:
        house.players.cast(world)
    return answer
