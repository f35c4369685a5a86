"""Console routes answer a refusal with a page that says why, not with a problem document."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from pic_kit.worlds import ClockMoving, WorldGone
from pic_schemas.refusal import Refused
from single_window.console.rendering import page
from single_window.console.session import PATH, SignedOut
from single_window.stores import PeerAway

AGAIN = "Go back and try again in a moment."
TOLD: dict[type[Exception], tuple[int, str, str]] = {
    ClockMoving: (423, "The world's clock is moving", AGAIN),
    PeerAway: (503, "A service of the exchange is away", AGAIN),
    WorldGone: (410, "This world was deleted", "Sign in to another world."),
    RequestValidationError: (422, "The form was not understood", "Go back and send it again."),
}


class ConsoleRoute(APIRoute):
    """One page, or one form."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await inner(request)
            except SignedOut:
                return RedirectResponse(f"{PATH}/sign-in", 303)
            except Refused as refused:
                first = refused.findings[0]
                title = "Not found" if refused.status == 404 else "Refused"
                return _told(refused.status, title, first.detail, f"{first.rule}, {first.article}")
            except tuple(TOLD) as error:
                status, title, advice = next(told for kind, told in TOLD.items() if isinstance(error, kind))
                return _told(status, title, advice, "")

        return handle


def _told(status: int, title: str, detail: str, rule: str) -> Response:
    return page("refused.html", status, title=title, detail=detail, rule=rule)
