"""A load in a State of transit: stamped in, stamped out, discharged (movement document block 22)."""

from __future__ import annotations

from fastapi import APIRouter, Response

from customs_gateway import transits
from customs_gateway.api.bodies import DischargeBody, EntryBody, ExitBody
from customs_gateway.api.declarations import DeclarationId, Office, declared
from customs_gateway.api.views import DeclarationView
from pic_kit.commands import Answer
from pic_kit.problems import problems
from pic_kit.transaction import Work

router = APIRouter(prefix="/v1/declarations/{declaration_id}", tags=["transit"])


@router.post("/transit-entry", response_model=DeclarationView, responses=problems())
async def enter_transit(
    declaration_id: DeclarationId, command: Office, body: EntryBody | None = None
) -> Response:
    """Stamp the load into the State of transit; from this day it is expected to leave again."""

    async def act(work: Work) -> Answer:
        on = body.entered_on if body else None
        asked = (command.caller, command.runtime, declaration_id, on)
        return declared(work, await transits.enter_transit(work, *asked))

    return await command.run(act)


@router.post("/transit-exit", response_model=DeclarationView, responses=problems())
async def exit_transit(
    declaration_id: DeclarationId, command: Office, body: ExitBody | None = None
) -> Response:
    """Stamp the load out, at any office of the State of transit."""

    async def act(work: Work) -> Answer:
        on = body.exited_on if body else None
        asked = (command.caller, command.runtime, declaration_id, on)
        return declared(work, await transits.exit_transit(work, *asked))

    return await command.run(act)


@router.post("/discharge", response_model=DeclarationView, responses=problems())
async def discharge(
    declaration_id: DeclarationId, command: Office, body: DischargeBody | None = None
) -> Response:
    """End the transit, at the office that opened it, after both stamps."""

    async def act(work: Work) -> Answer:
        on = body.discharged_on if body else None
        asked = (command.caller, command.runtime, declaration_id, on)
        return declared(work, await transits.discharge(work, *asked))

    return await command.run(act)
