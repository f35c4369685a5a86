"""Notifications: the exporter's form and the export authority's desk."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Header, Query, Request, Response

from notifier import queries
from notifier.api.bodies import AuthorisationBody, GuaranteeBody
from notifier.api.views import NotificationPage, NotificationView
from notifier.commands import notifications as commands
from notifier.domain.authorisation import Wish
from notifier.store import Kept
from pic_kit.access import Caller
from pic_kit.actions import ActionsView
from pic_kit.commands import Answer, Command, acts, seat
from pic_kit.problems import problems
from pic_kit.runtime import Runtime
from pic_kit.transaction import Work
from pic_schemas.documents import DraftNotification

router = APIRouter(prefix="/v1/notifications", tags=["notifications"])

Exporter = Annotated[Command, acts("exporter")]
Authority = Annotated[Command, acts("competent-authority")]
Reader = Annotated[Caller, seat("exporter", "competent-authority", "observer")]
Actor = Annotated[Caller, seat("exporter", "competent-authority", "carrier")]
IfMatch = Annotated[str | None, Header(max_length=40, description="the ETag that you read")]


@router.post("", response_model=NotificationView, status_code=201, responses=problems())
async def draft(body: DraftNotification, command: Exporter) -> Response:
    """Open a draft; blocks may be missing."""
    hosted = command.runtime.settings.hosts(command.caller.state)

    async def act(work: Work) -> Answer:
        return shown(await commands.draft(work, command.caller, body, hosted=hosted), 201)

    return await command.run(act)


@router.get("", response_model=NotificationPage, responses=problems(401, 403, 409, 422))
async def read_several(
    request: Request,
    caller: Reader,
    after: Annotated[str, Query(max_length=40, description="the last page's `next`")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> NotificationPage:
    """What concerns the caller, in a fixed order."""
    runtime: Runtime = request.app.state.runtime
    found = await runtime.read(lambda connection: queries.several(connection, caller, after, limit))
    following = found[-1].notification.case if len(found) == limit else None
    return NotificationPage(items=[NotificationView.of(each) for each in found], next=following)


@router.get("/{ref}", response_model=NotificationView, responses=problems(401, 403, 404, 409))
async def read_one(request: Request, response: Response, ref: str, caller: Reader) -> NotificationView:
    """One notification, by case id or number."""
    runtime: Runtime = request.app.state.runtime
    found = await runtime.read(lambda connection: queries.one(connection, caller, ref))
    response.headers["ETag"] = f'"{found.version}"'
    return NotificationView.of(found)


@router.get("/{ref}/actions", response_model=ActionsView, responses=problems(401, 403, 404, 409, 503))
async def read_actions(request: Request, ref: str, caller: Actor) -> ActionsView:
    """What your seat may ask for now, and why not the rest."""
    runtime: Runtime = request.app.state.runtime
    return await runtime.read(lambda connection: queries.actions(connection, caller, ref))


@router.put("/{ref}", response_model=NotificationView, responses=problems())
async def revise(ref: str, body: DraftNotification, command: Exporter, if_match: IfMatch = None) -> Response:
    """Replace the draft."""

    async def act(work: Work) -> Answer:
        return shown(await commands.revise(work, command.caller, ref, body, if_match))

    return await command.run(act)


@router.post("/{ref}/copy", response_model=NotificationView, status_code=201, responses=problems())
async def copy(ref: str, command: Exporter) -> Response:
    """Open a new draft with the same blocks, without number, dates, signatures and annexes."""

    async def act(work: Work) -> Answer:
        return shown(await commands.copy(work, command.caller, ref), 201)

    return await command.run(act)


@router.post("/{ref}/submission", response_model=NotificationView, responses=problems())
async def submit(ref: str, command: Exporter) -> Response:
    """Hand the complete notification to the authority of export; its number is issued."""

    async def act(work: Work) -> Answer:
        return shown(await commands.submit(work, command.caller, ref))

    return await command.run(act)


@router.post("/{ref}/guarantee", response_model=NotificationView, responses=problems())
async def lodge_guarantee(ref: str, body: GuaranteeBody, command: Exporter) -> Response:
    """Lodge the financial guarantee."""

    async def act(work: Work) -> Answer:
        return shown(await commands.lodge_guarantee(work, command.caller, ref, **dict(body)))

    return await command.run(act)


@router.post("/{ref}/guarantee/approval", response_model=NotificationView, responses=problems())
async def approve_guarantee(ref: str, command: Authority) -> Response:
    """Approve the guarantee."""

    async def act(work: Work) -> Answer:
        return shown(await commands.approve_guarantee(work, command.caller, ref))

    return await command.run(act)


@router.post("/{ref}/guarantee/release", response_model=NotificationView, responses=problems())
async def release_guarantee(ref: str, command: Authority) -> Response:
    """Release the guarantee, once every certificate is in."""

    async def act(work: Work) -> Answer:
        return shown(await commands.release_guarantee(work, command.caller, ref))

    return await command.run(act)


@router.post("/{ref}/carried-out", response_model=NotificationView, responses=problems())
async def carry_out(ref: str, command: Authority) -> Response:
    """Find the notification properly carried out."""

    async def act(work: Work) -> Answer:
        return shown(await commands.carry_out(work, command.caller, ref))

    return await command.run(act)


@router.post("/{ref}/transmission", response_model=NotificationView, responses=problems())
async def transmit(ref: str, command: Authority) -> Response:
    """Send the notification to the authorities of import and transit."""

    async def act(work: Work) -> Answer:
        return shown(await commands.transmit(work, command.caller, ref))

    return await command.run(act)


@router.post("/{ref}/authorisation", response_model=NotificationView, responses=problems())
async def authorise(
    ref: str, command: Authority, body: Annotated[AuthorisationBody | None, Body()] = None
) -> Response:
    """Issue the permit where the law of the State of export wants one."""
    wish = Wish(**dict(body or AuthorisationBody()))

    async def act(work: Work) -> Answer:
        return shown(await commands.authorise(work, command.caller, ref, wish))

    return await command.run(act)


@router.post("/{ref}/closing", response_model=NotificationView, responses=problems())
async def close(ref: str, command: Authority) -> Response:
    """Close the file."""

    async def act(work: Work) -> Answer:
        return shown(await commands.close(work, command.caller, ref))

    return await command.run(act)


def shown(kept: Kept, status: int = 200) -> Answer:
    return Answer(NotificationView.of(kept), status, {"ETag": f'"{kept.version}"'})
