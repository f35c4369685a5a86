"""The front door of a stack: /notifier, /consent and /customs are handed on to the service behind them."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import httpx
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from starlette.background import BackgroundTask
from starlette.datastructures import Headers
from starlette.types import Scope

from pic_kit import tracing
from single_window.settings import Upstreams
from single_window.stores import PeerAway

# Between one connection's two ends only (RFC 9110, section 7.6.1); the length is the server's to say.
HOP_BY_HOP = {
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
# What services say to each other and to those who watch them is not for the world outside.
UNSEEN = ("internal/", "metrics")
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
CHANGES = {"POST", "PUT", "PATCH", "DELETE"}
# Moves of the clock are on the log; clients and codes are nobody's act in a case.
OF_A_SERVICE = re.compile(r"^/(notifier|consent|customs)/v1/")
OF_THE_OPERATOR = re.compile(r"^/v1/worlds/([^/]+)/(?:messages|seats|faults)(/.*)?$")
Choose = Callable[[Request], str | None]


def front_door(upstreams: Upstreams, clients: Mapping[str, httpx.AsyncClient]) -> APIRouter:
    """Routes for what is set; `clients` by base URL."""
    router = APIRouter(include_in_schema=False)
    choices: dict[str, Choose] = {}
    if upstreams.notifier:
        choices["notifier"] = lambda request: upstreams.notifier
    if upstreams.customs:
        choices["customs"] = lambda request: upstreams.customs
    if upstreams.consent:
        choices["consent"] = lambda request: upstreams.consent_for(claimed_state(request))
    for prefix, choose in choices.items():
        router.add_api_route(
            f"/{prefix}/{{path:path}}", _handing_on(prefix, choose, clients), methods=METHODS
        )
    return router


def _handing_on(
    prefix: str, choose: Choose, clients: Mapping[str, httpx.AsyncClient]
) -> Callable[..., object]:
    async def hand_on(request: Request, path: str) -> Response:
        url = choose(request)
        if url is None or path.startswith(UNSEEN):
            return Response(status_code=404)
        return await _forward(request, clients[url], path, prefix)

    return hand_on


async def _forward(request: Request, client: httpx.AsyncClient, path: str, prefix: str) -> Response:
    target = httpx.URL(path=f"/{path}", query=request.url.query.encode())
    headers = [(name, value) for name, value in request.headers.items() if name not in HOP_BY_HOP]
    if (trace := tracing.current()) is not None:
        headers = [(n, v) for n, v in headers if n != tracing.HEADER] + [(tracing.HEADER, trace)]
    # Streamed, so that a large document is counted by the service that limits it and never held here.
    has_body = {"content-length", "transfer-encoding"} & set(request.headers.keys())
    content = request.stream() if has_body else None
    outgoing = client.build_request(request.method, target, headers=headers, content=content)
    try:
        answer = await client.send(outgoing, stream=True)
    except httpx.HTTPError as error:
        raise PeerAway(f"{prefix} cannot be reached: {type(error).__name__}") from error
    response = StreamingResponse(_body(answer), answer.status_code, background=BackgroundTask(answer.aclose))
    response.raw_headers = [
        (name.lower(), value) for name, value in answer.headers.raw if name.decode().lower() not in HOP_BY_HOP
    ]
    return response


async def _body(answer: httpx.Response) -> AsyncIterator[bytes]:
    async for chunk in answer.aiter_raw():
        yield chunk


def claimed_state(request: Request) -> str | None:
    """The State that the token claims, unverified: it only chooses the process, which verifies it."""
    state = claims_of(request.headers).get("state")
    return state if isinstance(state, str) else None


def claims_of(headers: Mapping[str, str]) -> Mapping[str, Any]:
    """What a token claims, unverified; nothing where it cannot be read."""
    _, _, token = headers.get("authorization", "").partition(" ")
    try:
        payload = token.split(".")[1]
        claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def world_asked(scope: Scope) -> str:
    """The world in which a request would change something; empty where it would change nothing."""
    if scope["type"] != "http" or scope["method"] not in CHANGES:
        return ""
    if (found := OF_THE_OPERATOR.match(scope["path"])) is not None:
        return found[1]
    if not OF_A_SERVICE.match(scope["path"]):
        return ""
    return str(claims_of(Headers(scope=scope)).get("world", ""))
