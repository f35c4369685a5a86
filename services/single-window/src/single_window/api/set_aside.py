"""What waits or was parked anywhere in the exchange, in one list, and the way to each message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel

from pic_kit import set_aside
from pic_kit.access import Caller
from pic_kit.commands import seat
from pic_kit.problems import contract_finding, problems
from pic_kit.set_aside import Why
from pic_schemas.refusal import Refused
from single_window.api.context import Rooms, TheRooms
from single_window.stores import PeerAway, PeerStore

router = APIRouter(prefix="/v1", tags=["waiting and parked"], responses=problems(401, 403, 404))
Operator = Annotated[Caller, seat("operator")]
Kind = Literal["waiting", "parked"]
World = Annotated[str | None, Query(description="only of this world")]
OWN = "window"
OwnList = Callable[[Request, Caller, int], Awaitable[Any]]
OWN_LISTS: Mapping[str, OwnList] = {
    "waiting": set_aside.list_waiting,
    "parked": set_aside.list_parked,
    "interventions": set_aside.list_interventions,
}
LIMIT = 1000


class Everywhere(BaseModel):
    """`away`: which service did not answer, so that an empty list is not mistaken for peace."""

    messages: list[dict[str, Any]]
    away: list[str]


@router.get("/waiting")
async def list_waiting(
    request: Request, caller: Operator, house: TheRooms, world: World = None
) -> Everywhere:
    """Messages that came, but that some service cannot apply yet."""
    return await _everywhere(request, caller, house, "waiting", world)


@router.get("/parked")
async def list_parked(request: Request, caller: Operator, house: TheRooms, world: World = None) -> Everywhere:
    """Records that some service could not read or may not apply."""
    return await _everywhere(request, caller, house, "parked", world)


@router.get("/interventions")
async def list_interventions(
    request: Request, caller: Operator, house: TheRooms, world: World = None
) -> Everywhere:
    """Who retried or skipped what, and why."""
    return await _everywhere(request, caller, house, "interventions", world)


@router.get("/{kind}/{service}/{number}")
async def explain(
    request: Request, kind: Kind, service: str, number: set_aside.Number, caller: Operator, house: TheRooms
) -> Response:
    """Which message is missing, or which rule refused it; the record as it came."""
    if service == OWN:
        own = set_aside.explain_waiting if kind == "waiting" else set_aside.explain_parked
        found: BaseModel = await own(request, number, caller)
        return _json(found)
    return await _passed_on(house, service, "GET", f"/v1/{kind}/{number}")


@router.post("/{kind}/{service}/{number}/{action}", responses=problems(409))
async def intervene(
    request: Request,
    kind: Kind,
    service: str,
    number: set_aside.Number,
    action: Annotated[Literal["retry", "skip"], Path()],
    why: Why,
    caller: Operator,
    house: TheRooms,
) -> Response:
    """RETRY or SKIP, with a reason that is kept for ever."""
    if service == OWN:
        act = getattr(set_aside, f"post_{kind}_{action}")
        return _json(await act(request, number, why, caller))
    body = {"reason": why.reason, "on_behalf_of": caller.name}
    return await _passed_on(house, service, "POST", f"/v1/{kind}/{number}/{action}", body)


async def _everywhere(
    request: Request, caller: Caller, house: Rooms, what: str, world: str | None
) -> Everywhere:
    own = [line.model_dump(mode="json") for line in await OWN_LISTS[what](request, caller, LIMIT)]
    peers = _peers(house)
    found = await asyncio.gather(*(_listed(peer, what) for peer in peers.values()), return_exceptions=True)
    messages, away = list(own), []
    for lines in found:
        if isinstance(lines, PeerAway):
            away.append(str(lines))
        elif isinstance(lines, BaseException):
            raise lines
        else:
            messages += lines
    return Everywhere(messages=[m for m in messages if world in (None, m["world"])], away=away)


async def _listed(peer: PeerStore, what: str) -> list[dict[str, Any]]:
    answer = await peer.pass_on("GET", f"/v1/{what}?limit={LIMIT}")
    if answer.status_code != 200:
        raise PeerAway(f"{peer.name} answered {answer.status_code}")
    # Two processes of one service tell themselves apart by the name under which they are reached.
    return [{**line, "service": peer.name} for line in answer.json()]


async def _passed_on(
    house: Rooms, service: str, method: str, path: str, body: dict[str, str] | None = None
) -> Response:
    peer = _peers(house).get(service)
    if peer is None:
        detail = f"no service {quote(service)}; there are {', '.join([OWN, *_peers(house)])}"
        raise Refused.unknown(contract_finding("SERVICE_UNKNOWN", "design rule 6", detail))
    answer = await peer.pass_on(method, path, body)
    return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))


def _peers(house: Rooms) -> dict[str, PeerStore]:
    return {store.name: store for store in house.stores if isinstance(store, PeerStore)}


def _json(found: BaseModel) -> Response:
    return Response(found.model_dump_json(), media_type="application/json")
