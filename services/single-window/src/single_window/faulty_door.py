"""At the front door of a sandbox that ordered it: acts are slow, fail, or lose their answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pic_kit.problems import problem
from single_window.desk.worlds import refusal
from single_window.domain.fault_book import MOST_IN_A_ROW, FaultBook, FaultOrder
from single_window.front_door import claims_of, world_asked

A_DAY = 86_400
Now = Callable[[str], Awaitable[datetime]]


class FaultyDoor:
    """ASGI middleware; one look at an empty book as long as nobody ordered a fault.

    Only what carries an Idempotency-Key is bent: whoever repeats it with the same key is safe.
    """

    def __init__(self, app: ASGIApp, book: FaultBook, now: Now) -> None:
        self._app = app
        self._book = book
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        world = "" if self._book.idle else world_asked(scope)
        order = self._book.of(world)
        if order is None:
            await self._app(scope, receive, send)
        elif (back := await self._offline_until(scope, world, order)) is not None:
            detail = f"its system is offline until {back.isoformat()} of this world's clock"
            await _refuse(scope, receive, send, "STATE_OFFLINE", detail, A_DAY)
        else:
            await self._bent(scope, receive, send, world, order)

    async def _offline_until(self, scope: Scope, world: str, order: FaultOrder) -> datetime | None:
        back = order.offline.get(str(claims_of(Headers(scope=scope)).get("state", "")))
        return back if back is not None and await self._now(world) < back else None

    async def _bent(self, scope: Scope, receive: Receive, send: Send, world: str, order: FaultOrder) -> None:
        headers = Headers(scope=scope)
        what = f"{claims_of(headers).get('agency', '')}|{headers.get('idempotency-key', '')}"
        attempt = self._book.attempt(world, what) if what.split("|")[1] else MOST_IN_A_ROW + 1
        if attempt > MOST_IN_A_ROW:
            await self._app(scope, receive, send)
            return
        draw = f"{what}|{attempt}"
        if order.hits("slow", order.slow, draw):
            await asyncio.sleep(order.seconds)
        if order.hits("fail", order.fail, draw):
            await _refuse(scope, receive, send, "FAULT_FAILED", "ordered: nothing was done", 1)
            return
        if order.hits("lose", order.lose, draw):
            await self._app(scope, receive, _nobody)
            await _refuse(scope, receive, send, "FAULT_LOST", "ordered: the answer was lost", 1)
            return
        await self._app(scope, receive, send)


async def _nobody(message: Message) -> None:
    """The answer goes nowhere."""


async def _refuse(
    scope: Scope, receive: Receive, send: Send, rule: str, detail: str, retry_after: int
) -> None:
    finding = refusal(rule, "design rule 10", "", detail)
    answer = problem(Request(scope), 503, [finding], title="A fault on order", retry_after=retry_after)
    await answer(scope, receive, send)
