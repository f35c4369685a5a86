"""Who looks at the console: a signed cookie that opens its pages and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request, Response

from pic_kit.access import Caller, Unauthenticated
from pic_schemas.refusal import Finding, Refused
from single_window.api.context import Rooms, rooms
from single_window.desk.store import Client

COOKIE = "pic_console"
PATH = "/console"
# Not the audience of the API: a cookie that leaks is no bearer token, and a bearer token is no cookie.
AUDIENCE = "pic-console"
WORKING_DAY = 10 * 3600


class SignedOut(Exception):
    """No session, or one that has ended: the page to sign in is shown."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whose seat the console shows."""

    caller: Caller

    @property
    def operates(self) -> bool:
        return "operator" in self.caller.roles

    @property
    def observes(self) -> bool:
        return "observer" in self.caller.roles

    @property
    def home(self) -> str:
        return f"{PATH}/worlds" if self.operates else f"{PATH}/worlds/{self.caller.world}/cases"


async def visitor(request: Request) -> Visitor:
    """Raises SignedOut."""
    token = request.cookies.get(COOKIE)
    if token is None:
        raise SignedOut
    try:
        return Visitor(await rooms(request).issuer.verifier(AUDIENCE).caller(token))
    except Unauthenticated as error:
        raise SignedOut from error


async def open_session(response: Response, request: Request, house: Rooms, client: Client) -> None:
    """Strict: no other site's link or form carries the cookie; the path keeps it from the API."""
    token = await house.issuer.token(
        client.client_id,
        agency=client.agency,
        state=client.state,
        roles=client.roles,
        world=client.world,
        audience=AUDIENCE,
        lifetime=WORKING_DAY,
    )
    response.set_cookie(
        COOKIE,
        token,
        max_age=WORKING_DAY,
        path=PATH,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def close_session(response: Response) -> None:
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="strict")


def from_own_page(request: Request) -> None:
    """A form of another origin is refused: SameSite does not tell apart two ports of one host."""
    fetched_from = request.headers.get("sec-fetch-site")
    own = urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host")
    if not (fetched_from == "same-origin" if fetched_from else own):
        detail = "this form can only be sent from the console's own pages"
        raise Refused.forbidden(
            Finding("OTHER_ORIGIN", "RFC 6454", "the exchange's own contract", "", detail)
        )
