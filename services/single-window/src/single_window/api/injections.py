"""Testers speak as the other side: put messages into a sandbox, in any order, and repeat what was said."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, model_validator

from pic_kit.bus.base import Record
from pic_kit.commands import Answer
from pic_kit.problems import problems
from pic_kit.transaction import Transaction, Work
from pic_kit.worlds import World
from pic_schemas.catalogue import CATALOGUE
from pic_schemas.envelope import UtcTime, to_binary
from pic_schemas.refusal import Refused
from single_window.api.context import OperatorCommand, TheRooms
from single_window.desk import injections, worlds
from single_window.desk.injections import Injected
from single_window.window.store import find_event

router = APIRouter(prefix="/v1/worlds", tags=["worlds"])
MOST = 20
Party = Annotated[str, Field(max_length=80, examples=["BE/competent-authority/BE001"])]


class MessageOrder(BaseModel):
    """One message, said as `sender`; `happened` is the world's time unless it says otherwise."""

    type: Annotated[str, Field(max_length=80)]
    sender: Party
    recipients: Annotated[list[Party], Field(max_length=MOST)] = []
    data: dict[str, Any] = {}
    happened: UtcTime | None = None


class InjectionOrder(BaseModel):
    """Messages of one case. `order`: numbers from 1, in which they are published; else as they stand."""

    case: Annotated[str, Field(min_length=1, max_length=36)] | None = None
    messages: Annotated[list[MessageOrder], Field(min_length=1, max_length=MOST)]
    order: Annotated[list[Annotated[int, Field(ge=1, le=MOST)]], Field(max_length=MOST)] = []

    @model_validator(mode="after")
    def _order_names_each_once(self) -> Self:
        if self.order and sorted(self.order) != list(range(1, len(self.messages) + 1)):
            raise ValueError("`order` names every message once, counted from 1")
        return self


class InjectedView(BaseModel):
    """The ids of what was said, in the order of the request."""

    world: str
    messages: list[UUID]


class RepeatedView(BaseModel):
    """A record of the log that was published once more, as it was."""

    world: str
    message: UUID
    type: str
    time: datetime


@router.post("/{world}/messages", response_model=InjectedView, status_code=201, responses=problems())
async def put_messages(
    world: str, order: InjectionOrder, command: OperatorCommand, house: TheRooms
) -> Response:
    """Say messages as other parties; they are numbered as they stand and published in `order`."""
    said = [Injected(one.type, one.sender, one.recipients, one.data, one.happened) for one in order.messages]

    async def enter(transaction: Transaction) -> World:
        return await worlds.existing(transaction, world)

    async def act(work: Work) -> Answer:
        ids = await injections.put(work, order.case, said, order.order)
        return Answer(InjectedView(world=world, messages=ids), 201)

    return await command.run(act, enter)


@router.post(
    "/{world}/messages/{message}/repetition",
    response_model=RepeatedView,
    status_code=202,
    responses=problems(404, 409, 410),
)
async def repeat_message(world: str, message: UUID, command: OperatorCommand, house: TheRooms) -> Response:
    """Publish a message of the log once more: whoever heard it must notice that it did."""

    async def enter(transaction: Transaction) -> World:
        return await worlds.existing(transaction, world)

    async def act(work: Work) -> Answer:
        injections.refuse_live(work.world)
        event = await house.window.read(lambda connection: find_event(connection, world, message))
        if event is None:
            detail = f"{message} was not said in this world"
            raise Refused.unknown(worlds.refusal("MESSAGE_UNKNOWN", "design rule 10", "", detail))
        binary = to_binary(event)
        record = Record(CATALOGUE[event.type].topic, binary.key, binary.headers, binary.value)
        for failure in await house.window.bus.publish([record]):
            if failure is not None:
                raise failure
        return Answer(RepeatedView(world=world, message=message, type=event.type, time=event.time), 202)

    return await command.run(act, enter)
