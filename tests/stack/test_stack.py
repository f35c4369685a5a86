"""The same code on Kafka and PostgreSQL: the same digests as embedded, also when processes are killed."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from pic_exchange.demo import own_exchange
from pic_exchange.stack import PROCESSES, Stack
from pic_replay.exchange import Exchange, World
from pic_replay.runner import Progress, Runner
from pic_replay.scenario import load_scenario
from tests.support.exchanges import SECRET, play, scenario_path

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.slow]

S01, S03, TRANSIT = "s01-single-shipment", "s03-objection", "s01-transit-state"
SEED = 2026


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The digest of each scenario, played on a laptop's exchange."""

    async def play_all(folder: Path) -> dict[str, str]:
        async with own_exchange(folder, secret=SECRET) as url:
            return {name: (await play(url, name)).digest for name in (S01, TRANSIT, S03)}

    return asyncio.run(play_all(tmp_path_factory.mktemp("embedded")))


async def test_a_scenario_ends_in_the_same_digest_as_on_a_laptop(
    stack: Stack, embedded: dict[str, str]
) -> None:
    outcome = await play(stack.url, TRANSIT)
    assert outcome.failures == []
    assert outcome.digest == embedded[TRANSIT]


async def test_a_world_in_which_messages_come_late_is_set_back_on_servers(stack: Stack) -> None:
    story = load_scenario(scenario_path("late-messages"))
    async with Exchange(stack.url, SECRET) as exchange:
        outcome = await Runner(exchange, story, world="late", keep_acts=True).play()
        assert outcome.failures == []
        taken = await exchange.operate("PUT", "/v1/worlds/late/snapshots/heard")
        assert taken["digest"] == outcome.digest
        again = await exchange.operate("POST", "/v1/worlds/late/reset", {"snapshot": "heard"}, key="r")
        assert (again["world"], again["now"]) == ("late-2", taken["now"])
        assert (await (await World.join(exchange, "late-2")).digest())["digest"] == taken["digest"]


async def test_a_deleted_window_rebuilds_the_same_case_files_from_kafka(
    stack: Stack, embedded: dict[str, str]
) -> None:
    outcome = await play(stack.url, S03)
    assert outcome.failures == []
    assert outcome.digest == embedded[S03]
    stack.processes.end("single-window")
    stack.postgres.psql('DROP DATABASE "window"')
    stack.postgres.psql('CREATE DATABASE "window"')
    stack.start_service("single-window")
    assert await _case_files(stack.url, outcome.world) == outcome.cases


async def test_each_service_killed_once_in_the_middle_of_a_case_changes_nothing(
    stack: Stack, embedded: dict[str, str]
) -> None:
    scenario = load_scenario(scenario_path(S01))
    steps = random.Random(SEED).sample(range(1, len(scenario.steps)), len(PROCESSES))
    victims = dict(zip(steps, PROCESSES, strict=True))

    async def kill(progress: Progress) -> None:
        if (name := victims.get(progress.step)) is not None:
            stack.kill(name)
            stack.start_service(name)

    async with Exchange(stack.url, SECRET) as exchange:
        outcome = await Runner(exchange, scenario, watch=kill).play()
    assert outcome.failures == []
    assert outcome.digest == embedded[S01]


async def _case_files(url: str, world: str) -> list[dict[str, Any]]:
    async with Exchange(url, SECRET) as exchange:
        seen = await World.join(exchange, world)
        assert await seen.settle() == []
        listed = await seen.look(f"/v1/cases?world={world}")
        return [await seen.look(f"/v1/cases/{case['case']}") for case in listed["cases"]]
