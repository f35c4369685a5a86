"""Sixty days of a sandbox cost little, measured beside what one request to the same exchange costs."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from pic_exchange.demo import own_exchange
from pic_replay.exchange import Exchange, World
from pic_replay.runner import Runner
from pic_replay.scenario import load_scenario
from tests.support.exchanges import SECRET, scenario_path

ROUNDS = 5
# The desk and the window are asked in the process, three services over HTTP: clock, timers, two looks each.
REQUESTS = 50


async def test_sixty_days_with_a_deadline_cost_no_more_than_a_few_requests(tmp_path: Path) -> None:
    """The floor is a request that only reads, in the same run; a scan of every case would not stay below."""
    async with own_exchange(tmp_path, secret=SECRET) as url, Exchange(url, SECRET) as exchange:
        spent, floor = [], []
        for _ in range(ROUNDS):
            # After six steps an authority has acknowledged, and one decision is due within sixty days.
            runner = Runner(exchange, load_scenario(scenario_path("s03-objection")), steps=6)
            world = await World.join(exchange, (await runner.play()).world)
            for _ in range(ROUNDS):
                began = perf_counter()
                await world.look(f"/v1/worlds/{world.id}")
                floor.append(perf_counter() - began)
            began = perf_counter()
            await world.move_clock(
                (datetime.fromisoformat("2026-06-06T00:00:00+00:00") + timedelta(days=60)).isoformat()
            )
            spent.append(perf_counter() - began)
    print(f"sixty days {median(spent) * 1000:.0f} ms, one request {median(floor) * 1000:.1f} ms")
    assert median(spent) < REQUESTS * median(floor)
