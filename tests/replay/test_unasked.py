"""Personas play on although nobody asks for quiet, and a world in which nothing was said is left alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pic_replay.exchange import Exchange, World
from pic_replay.runner import Runner
from pic_replay.scenario import load_scenario
from single_window import playing
from tests.support.exchanges import SECRET, own_exchange, scenario_path
from tests.support.tiny_exchange.exchange import eventually

EXPORTER = "CA/exporter/CA-PLASTIX"


@pytest.fixture
async def exchange(tmp_path: Path) -> AsyncIterator[Exchange]:
    async with own_exchange(tmp_path, secret=SECRET) as url, Exchange(url, SECRET) as exchange:
        yield exchange


@pytest.mark.slow
async def test_personas_act_unasked_when_they_are_cast_and_when_something_is_said(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    looks = playing.quiet_with_personas

    async def counted(players, stores, world, seconds, *, moving):  # type: ignore[no-untyped-def]
        looked_at.append(world)
        return await looks(players, stores, world, seconds, moving=moving)

    monkeypatch.setattr(playing, "quiet_with_personas", counted)
    idle = await Runner(exchange, load_scenario(scenario_path("personas-one-seat")), steps=1).play()
    busy = await Runner(exchange, load_scenario(scenario_path("personas-one-seat")), steps=1).play()
    await eventually(lambda: {idle.world, busy.world} <= set(looked_at))
    looked_at.clear()
    handed = await exchange.as_operator(
        "POST", f"/v1/worlds/{busy.world}/seats/handing-back", key="stand-up", body={"seat": EXPORTER}
    )
    assert handed.status == 200

    seen = await World.join(exchange, busy.world)

    async def transmitted() -> bool:
        return "pic.notification.transmitted.v1" in {event["type"] for event in await seen.new_events()}

    await eventually(transmitted, 60)
    assert looked_at.count(idle.world) <= 1
