"""Every scenario of the library, played on Kafka and PostgreSQL and on a laptop, ends the same."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pic_replay.runner import Outcome
from tests.support.exchanges import SCENARIOS, SECRET, own_exchange, play
from tests.support.stacks import own_stack

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.slow]

LIBRARY = sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
AT_ONCE = 4


async def play_library(url: str) -> dict[str, Outcome]:
    turn = asyncio.Semaphore(AT_ONCE)

    async def in_turn(name: str) -> Outcome:
        async with turn:
            return await play(url, name)

    return dict(zip(LIBRARY, await asyncio.gather(*map(in_turn, LIBRARY)), strict=True))


@pytest.fixture(scope="module")
def on_a_laptop(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    async def play_there(folder: Path) -> dict[str, Outcome]:
        async with own_exchange(folder, secret=SECRET) as url:
            return await play_library(url)

    return asyncio.run(play_there(tmp_path_factory.mktemp("laptop")))


@pytest.fixture(scope="module")
def on_servers() -> dict[str, Outcome]:
    with own_stack() as stack:
        return asyncio.run(play_library(stack.url))


@pytest.mark.parametrize("name", LIBRARY)
def test_the_scenario_ends_on_servers_as_on_a_laptop(
    name: str, on_a_laptop: dict[str, Outcome], on_servers: dict[str, Outcome]
) -> None:
    assert on_a_laptop[name].failures == []
    assert on_servers[name].failures == []
    assert on_servers[name].digest == on_a_laptop[name].digest
