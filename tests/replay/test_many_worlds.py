"""Hundreds of small worlds stand side by side on one exchange, each with its own clock and numbers."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from pic_replay.exchange import Exchange, World
from pic_replay.scenario import load_scenario
from tests.support.exchanges import SECRET, own_exchange, scenario_path

WORLDS, AT_ONCE = 200, 8
STORY = load_scenario(scenario_path("preludes/canada-to-belgium"))

pytestmark = pytest.mark.slow


async def small_world(exchange: Exchange, number: int, room: asyncio.Semaphore) -> dict[str, Any]:
    """A draft, submitted; the clock stands on another day in each."""
    async with room:
        world = await World.open(
            exchange, now="2026-06-01T00:00:00Z", label="", key=f"w{number}", world=f"many-{number}"
        )
        exporter = await world.seat("exporter", "CA", "CA-PLASTIX")
        drafting = STORY.steps[0].send
        assert drafting is not None
        drafted = await exchange.request("POST", drafting.path, token=exporter, key="d", body=drafting.body)
        path = f"/notifier/v1/notifications/{drafted.body['case']}/submission"
        await exchange.request("POST", path, token=exporter, key="s", body={})
        await world.move_clock(f"+{number}d")
        assert await world.settle() == []
        case: dict[str, Any] = await world.look(f"/v1/cases/{drafted.body['case']}")
        return case


async def test_two_hundred_worlds_stand_side_by_side(tmp_path: Path) -> None:
    room = asyncio.Semaphore(AT_ONCE)
    async with own_exchange(tmp_path, secret=SECRET) as url, Exchange(url, SECRET) as exchange:
        cases = await asyncio.gather(
            *(small_world(exchange, number, room) for number in range(1, WORLDS + 1))
        )
        assert {case["number"] for case in cases} == {"CA 0000 000001"}, "each counts for itself"
        assert len({case["case"] for case in cases}) == WORLDS
        standing = [
            one for one in await exchange.operate("GET", "/v1/worlds") if one["world"].startswith("many-")
        ]
        assert len(standing) == WORLDS
        assert len({one["now"] for one in standing}) == WORLDS, "each has a clock of its own"
        for number in range(1, WORLDS + 1, 2):
            await exchange.operate("DELETE", f"/v1/worlds/many-{number}")
        left = [one["world"] for one in await exchange.operate("GET", "/v1/worlds")]
        assert len([world for world in left if world.startswith("many-")]) == WORLDS // 2
