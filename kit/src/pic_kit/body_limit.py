"""A body that nobody could need is refused before it is read; files have a limit of their own."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from pic_kit.problems import contract_finding, problem

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of JSON: a document is some kilobytes, a batch of a thousand questions some hundred."""


class LimitBodies:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _too_large(Headers(scope=scope)):
            detail = f"more than {LARGEST_BODY} bytes of JSON"
            finding = contract_finding("BODY_TOO_LARGE", "HTTP contract", detail)
            await problem(Request(scope), 413, [finding])(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _too_large(headers: Headers) -> bool:
    length = headers.get("content-length", "")
    return length.isdigit() and int(length) > LARGEST_BODY and "json" in headers.get("content-type", "json")
