"""What the console's forms do: sign in and out, and move a sandbox's clock. They act on no case."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from pic_schemas.refusal import Refused
from single_window.api.context import Rooms, TheRooms
from single_window.api.worlds import ClockTarget, move_clock
from single_window.console.rendering import page
from single_window.console.route import ConsoleRoute
from single_window.console.session import PATH, close_session, from_own_page, open_session
from single_window.console.visit import TheVisit
from single_window.desk.entry import redeem_code
from single_window.desk.store import Client
from single_window.desk.worlds import refusal

router = APIRouter(prefix=PATH, route_class=ConsoleRoute, include_in_schema=False)
OwnPage = Depends(from_own_page)


@router.get("/sign-in")
async def sign_in_page() -> Response:
    """Client id and secret, or a code that opens the console once."""
    return page("sign-in.html", refused="")


@router.post("/sign-in", dependencies=[OwnPage])
async def sign_in(
    request: Request,
    house: TheRooms,
    client_id: Annotated[str, Form(max_length=200)] = "",
    client_secret: Annotated[str, Form(max_length=200)] = "",
    code: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Open a session on the client's seats."""
    client = await _client(house, client_id.strip(), client_secret.strip(), code.strip())
    if client is None:
        refused = "This code was used or has ended." if code else "Client id and secret do not fit."
        return page("sign-in.html", 401, refused=refused)
    response = RedirectResponse(f"{PATH}/", 303)
    await open_session(response, request, house, client)
    return response


async def _client(house: Rooms, client_id: str, secret: str, code: str) -> Client | None:
    if code:
        return await house.desk.write(lambda transaction: redeem_code(transaction, code))
    return await house.clients.known(client_id, secret)


@router.post("/sign-out", dependencies=[OwnPage])
async def sign_out() -> Response:
    """End the session on this machine."""
    response = RedirectResponse(f"{PATH}/sign-in", 303)
    close_session(response)
    return response


@router.post("/worlds/{world}/clock", dependencies=[OwnPage])
async def move(
    visit: TheVisit,
    to: Annotated[str, Form(max_length=40)],
    back: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Move the clock of a sandbox, stopping at every deadline on the way."""
    if not visit.may_move_clock:
        raise Refused.forbidden(refusal("SEAT_FORBIDS", "design rule 9", "", "an observer moves the clock"))
    await move_clock(visit.world.id, ClockTarget(to=to), visit.visitor.caller, visit.house)
    # Only a path of the console itself: an address of another site would lead away from it.
    inside = back.startswith(f"{PATH}/worlds") and "//" not in back and "\\" not in back
    return RedirectResponse(back if inside else visit.visitor.home, 303)
