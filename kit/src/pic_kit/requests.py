"""Around every request: how long it took, and, where traces are on, its span. No work when nobody looks."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pic_kit import tracing
from pic_kit.clock import monotonic

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Timing:
    """A histogram in plain numbers."""

    __slots__ = ("counts", "seconds")

    def __init__(self) -> None:
        self.counts = [0] * (len(BUCKETS) + 1)
        self.seconds = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BUCKETS, seconds)] += 1
        self.seconds += seconds

    def cumulative(self) -> list[int]:
        return list(accumulate(self.counts))


class Requests:
    """What one service answered, by method, route and status."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.timings: dict[tuple[str, str, int], Timing] = {}

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        self.timings.setdefault((method, route, status), Timing()).add(seconds)


class WatchRequests:
    """ASGI middleware. What is handed on to a mounted service is that service's to count."""

    def __init__(self, app: ASGIApp, requests: Requests) -> None:
        self._app = app
        self._requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began, own = 500, monotonic(), scope.get("app")
        answered = None

        async def sending(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                # A stream goes on for minutes; what counts is when it began to answer.
                status, answered = message["status"], monotonic()
            await send(message)

        with tracing.of_request(scope) as span:
            try:
                await self._app(scope, receive, sending)
            finally:
                if scope.get("app") is own:
                    route = getattr(scope.get("route"), "path", "unknown")
                    self._requests.note(scope["method"], route, status, (answered or monotonic()) - began)
                    span.answered(f"{scope['method']} {route}", status)
                else:
                    span.answered(f"{scope['method']} handed on", status)
