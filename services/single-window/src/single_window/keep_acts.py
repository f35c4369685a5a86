"""Around every request at the front door: what is asked in a sandbox that keeps its acts is written down."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from single_window.desk.acts import MOST_BYTES, ActBook
from single_window.front_door import claims_of, world_asked

# Its id is another one in each run.
OF_A_WORLD = re.compile(r"^/v1/worlds/[^/]+")
# Not accepted as a request at all, or to be sent again: the next attempt is the act.
NO_ACT = {401, 423, 429}


class KeepActs:
    """ASGI middleware; one look at an empty set as long as nobody records."""

    def __init__(self, app: ASGIApp, book: ActBook) -> None:
        self._app = app
        self._book = book

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        world = "" if self._book.idle else world_asked(scope)
        if not world or not self._book.keeps(world):
            await self._app(scope, receive, send)
            return
        asked_at = await self._book.now(world)
        heard = _Heard(receive)
        await self._app(scope, heard.receive, heard.hear)
        if heard.status < 500 and heard.status not in NO_ACT and not heard.is_repeated:
            act = {"at": asked_at.isoformat().replace("+00:00", "Z"), **_asked(scope, heard)}
            await self._book.keep(world, act)
        # Only now: whoever has an answer and takes a snapshot finds the act in it.
        for message in heard.messages:
            await send(message)


class _Heard:
    """Body and answer, held back until they are kept."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.messages: list[Message] = []
        self.status = 500
        self.is_repeated = False
        self.body = b""
        self.answer = b""

    async def receive(self) -> Message:
        message = await self._receive()
        self.body += message.get("body", b"")
        return message

    async def hear(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.is_repeated = "idempotent-replay" in Headers(raw=list(message.get("headers", [])))
        self.answer += message.get("body", b"")
        self.messages.append(message)


def _asked(scope: Scope, heard: _Heard) -> dict[str, Any]:
    headers = Headers(scope=scope)
    found: dict[str, Any] = {
        "seat": _seat(claims_of(headers)),
        "method": scope["method"],
        "path": OF_A_WORLD.sub("/v1/worlds/{world}", scope["path"]) + _query(scope),
        "key": headers.get("idempotency-key", ""),
        "status": heard.status,
        "answer": _json(heard.answer),
    }
    kind = headers.get("content-type", "application/json").split(";")[0]
    if len(heard.body) > MOST_BYTES:
        return found | {"body": None, "too_long": len(heard.body)}
    if kind == "application/json":
        return found | {"body": _json(heard.body)}
    return found | {"file": {"media_type": kind, "content": b64encode(heard.body).decode()}}


def _query(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode()
    return f"?{query}" if query else ""


def _seat(claims: Mapping[str, Any]) -> dict[str, str] | None:
    roles = claims.get("roles") or []
    if "operator" in roles:
        return None
    return {"role": ",".join(roles), "state": claims.get("state", ""), "agency": claims.get("agency", "")}


def _json(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except ValueError:
        return None
