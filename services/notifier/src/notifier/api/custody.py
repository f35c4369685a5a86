"""Carriers: the next one takes a load over, the last one delivers it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from notifier.api.movement_views import MovementView
from notifier.api.movements import Carrier, shown
from notifier.commands import custody as commands
from notifier.domain.custody import Taking
from pic_kit.commands import Answer
from pic_kit.problems import problems
from pic_kit.transaction import Work
from pic_schemas.documents.base import Strict, Text
from pic_schemas.documents.transport import Equipment, MeansOfTransport

router = APIRouter(prefix="/v1/notifications/{ref}/movements/{shipment}", tags=["movements"])


class SigningBody(Strict):
    """Where and when, and the containers and seals as they were found; the day defaults to today."""

    place: Text
    on: date | None = None
    equipment: Annotated[tuple[Equipment, ...], Field(max_length=100)] = ()
    signature: Text

    def taking(self, carrier: str, today: date) -> Taking:
        return Taking(carrier, self.place, self.on or today, self.equipment)


class HandOverBody(SigningBody):
    """Block 8(b) and (c): the carrier that takes over signs, with its means of transport."""

    means: MeansOfTransport


@router.post("/hand-overs", response_model=MovementView, responses=problems())
async def hand_over(ref: str, shipment: int, body: HandOverBody, command: Carrier) -> Response:
    """Take the load over from the carrier before; seals that differ are told, and stop nothing."""

    async def act(work: Work) -> Answer:
        taking = body.taking(command.caller.agency, work.now.date())
        return shown(*await commands.hand_over(work, command.caller, ref, shipment, taking, body.means))

    return await command.run(act)


@router.post("/delivery", response_model=MovementView, responses=problems())
async def deliver(ref: str, shipment: int, body: SigningBody, command: Carrier) -> Response:
    """Bring the load to the facility, which then says whether it accepts it."""

    async def act(work: Work) -> Answer:
        taking = body.taking(command.caller.agency, work.now.date())
        return shown(*await commands.deliver(work, command.caller, ref, shipment, taking))

    return await command.run(act)
