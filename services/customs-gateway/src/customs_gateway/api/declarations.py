"""Declarations: lodge, reassess, confirm exit, record entry, read."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from customs_gateway import commands, queries
from customs_gateway.api.bodies import CancellationAnswerBody, DeclarationBody, EntryBody, ExitBody
from customs_gateway.api.views import DeclarationPage, DeclarationView
from customs_gateway.domain.declaration import Declaration
from customs_gateway.store import DECLARATIONS
from pic_kit.access import Caller
from pic_kit.actions import ActionsView
from pic_kit.commands import Answer, Command, acts, seat
from pic_kit.problems import problems
from pic_kit.transaction import Work

router = APIRouter(prefix="/v1/declarations", tags=["declarations"])

Office = Annotated[Command, acts("customs")]
Reader = Annotated[Caller, seat("customs", "competent-authority", "observer")]
DeclarationId = Annotated[str, Path(min_length=1, max_length=80)]


def declared(work: Work, declaration: Declaration, status: int = 200) -> Answer:
    """The declaration as it stands when the command is done."""
    version = work.shelf(DECLARATIONS).version(declaration) + 1
    return Answer(DeclarationView.of(declaration), status, {"ETag": f'"{version}"'})


@router.post("", status_code=201, response_model=DeclarationView, responses=problems())
async def lodge_declaration(body: DeclarationBody, command: Office) -> Response:
    """Lodge a declaration; the answer carries every check and what customs decided."""
    lodged = body.lodged(commands.declaration_id(command.id))

    async def act(work: Work) -> Answer:
        found = await commands.lodge_declaration(work, command.caller, command.runtime, lodged)
        return declared(work, found, 201)

    return await command.run(act)


@router.post("/{declaration_id}/reassessment", response_model=DeclarationView, responses=problems())
async def reassess(declaration_id: DeclarationId, command: Office) -> Response:
    """Examine a held declaration again with what is known now."""

    async def act(work: Work) -> Answer:
        found = await commands.reassess(work, command.caller, command.runtime, declaration_id)
        return declared(work, found)

    return await command.run(act)


@router.post("/{declaration_id}/cancellation-answer", response_model=DeclarationView, responses=problems())
async def answer_cancellation(
    declaration_id: DeclarationId, body: CancellationAnswerBody, command: Office
) -> Response:
    """Answer the request to cancel a shipment that was cleared: take the release back, or let it stand."""

    async def act(work: Work) -> Answer:
        asked = (command.caller, command.runtime, declaration_id, body.ruling())
        return declared(work, await commands.answer_cancellation(work, *asked))

    return await command.run(act)


@router.post("/{declaration_id}/exit", response_model=DeclarationView, responses=problems())
async def confirm_exit(
    declaration_id: DeclarationId, command: Office, body: ExitBody | None = None
) -> Response:
    """The load has left the State of export; said as soon as it has (WSR 1013/2006 Art. 35(3)(d))."""

    async def act(work: Work) -> Answer:
        on = body.exited_on if body else None
        return declared(
            work, await commands.confirm_exit(work, command.caller, command.runtime, declaration_id, on)
        )

    return await command.run(act)


@router.post("/{declaration_id}/entry", response_model=DeclarationView, responses=problems())
async def record_entry(
    declaration_id: DeclarationId, command: Office, body: EntryBody | None = None
) -> Response:
    """The load has entered the State of import (movement document, block 21)."""

    async def act(work: Work) -> Answer:
        on = body.entered_on if body else None
        return declared(
            work, await commands.record_entry(work, command.caller, command.runtime, declaration_id, on)
        )

    return await command.run(act)


@router.get("", responses=problems())
async def list_declarations(
    request: Request,
    caller: Reader,
    ref: Annotated[str | None, Query(description="case id or notification number", max_length=80)] = None,
    after: Annotated[str | None, Query(description="`next` of the page before", max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DeclarationPage:
    """Declarations that concern the caller's State."""
    runtime = request.app.state.runtime
    found = await runtime.read(lambda connection: queries.declarations(connection, caller, ref, after, limit))
    views = [DeclarationView.of(one) for one in found]
    return DeclarationPage(items=views, next=found[-1].id if len(found) == limit else None)


@router.get("/{declaration_id}/actions", responses=problems())
async def read_actions(request: Request, declaration_id: DeclarationId, caller: Reader) -> ActionsView:
    """What your office may ask for now, and why not the rest."""
    found: ActionsView = await request.app.state.runtime.read(
        lambda connection: queries.actions(connection, caller, declaration_id)
    )
    return found


@router.get("/{declaration_id}", responses=problems())
async def read_declaration(
    request: Request, response: Response, declaration_id: DeclarationId, caller: Reader
) -> DeclarationView:
    """One declaration with its latest decision."""
    runtime = request.app.state.runtime
    found, version = await runtime.read(
        lambda connection: queries.declaration(connection, caller, declaration_id)
    )
    response.headers["ETag"] = f'"{version}"'
    return DeclarationView.of(found)
