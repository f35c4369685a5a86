"""A world that gets on is waited for on a busy machine; one that stands still is told after half a minute."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import httpx
import pytest

from pic_replay import exchange as exchange_module
from pic_replay.exchange import Exchange, ExchangeDown, World

EACH_LOOK = 4  # seconds from one look at the clock to the next
QUIET = {"quiet": True, "reasons": []}


def busy(reason: object) -> dict[str, Any]:
    return {"quiet": False, "stuck": False, "reasons": [f"{reason}"]}


class Slow(httpx.AsyncBaseTransport):
    """Answers one path after the other as told; every look at the clock finds it later."""

    def __init__(self, **answers: Iterator[tuple[int, Any]]) -> None:
        self._answers = answers
        self.asked = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return httpx.Response(200, json={"access_token": "a-token"})
        self.asked += 1
        status, body = next(self._answers[request.url.path.rpartition("/")[2]])
        return httpx.Response(status, json=body, headers={"Retry-After": "60"} if status == 503 else {})


@pytest.fixture(autouse=True)
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = count(0, EACH_LOOK)
    monkeypatch.setattr(exchange_module, "monotonic", lambda: float(next(clock)))


async def asked(transport: Slow) -> World:
    exchange = Exchange("http://slow", "secret", transport=transport)
    await exchange.__aenter__()
    return World(exchange, "w")


async def test_a_world_whose_personas_get_on_is_waited_for() -> None:
    acts = [*((200, busy(act)) for act in range(15)), (200, QUIET)]
    assert await (await asked(Slow(quiet=iter(acts)))).settle() == []


async def test_a_world_that_stands_still_is_told_with_what_it_waits_for() -> None:
    slow = Slow(quiet=((200, busy("notifier owes one")) for _ in count()))
    assert await (await asked(slow)).settle() == ["notifier owes one"]
    assert slow.asked < 5


async def test_a_world_that_never_ends_to_get_on_is_not_waited_for_for_ever() -> None:
    slow = Slow(quiet=((200, busy(act)) for act in count()))
    assert await (await asked(slow)).settle() != []


async def test_a_clock_that_is_on_its_way_is_waited_for_until_it_arrives() -> None:
    on_its_way: list[tuple[int, Any]] = [(503, {})] * 8
    clock = iter([*on_its_way, (200, {"now": "2026-07-01T00:00:00Z"})])
    world = await asked(Slow(clock=clock, w=((200, {"now": day}) for day in count())))
    await world.move_clock("2026-07-01")
    assert world.now == "2026-07-01T00:00:00Z"


async def test_a_clock_that_stands_still_is_told() -> None:
    world = await asked(Slow(clock=((503, {}) for _ in count()), w=((200, {"now": "1"}) for _ in count())))
    with pytest.raises(ExchangeDown, match="PUT /v1/worlds/w/clock: 503"):
        await world.move_clock("2026-07-01")
