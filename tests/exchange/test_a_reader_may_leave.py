"""A reader of the event stream who leaves early is no error of the exchange."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
from structlog.testing import capture_logs

from pic_exchange.demo import own_exchange
from pic_replay.exchange import Exchange, World
from pic_replay.runner import Runner
from pic_replay.scenario import load_scenario
from tests.support.exchanges import SECRET, scenario_path


async def test_a_reader_who_leaves_in_the_middle_of_the_stream_is_a_normal_end(tmp_path: Path) -> None:
    async with own_exchange(tmp_path, secret=SECRET) as url, Exchange(url, SECRET) as exchange:
        outcome = await Runner(exchange, load_scenario(scenario_path("s03-objection")), steps=6).play()
        world = await World.join(exchange, outcome.world)
        headers = {"Authorization": f"Bearer {await world.seat('observer', 'XX', 'observer')}"}
        with capture_logs() as logged:
            async with (
                httpx.AsyncClient(base_url=url) as client,
                client.stream("GET", "/v1/events/stream", headers=headers) as answer,
            ):
                assert answer.status_code == 200
                await anext(answer.aiter_lines())
            for _ in range(50):
                await asyncio.sleep(0)
            assert await world.settle() == []
    assert [entry for entry in logged if entry["log_level"] in ("error", "critical")] == []
