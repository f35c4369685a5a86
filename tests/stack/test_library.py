"""Every scenario of the library, played on Kafka and PostgreSQL and on a laptop, ends the same."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

import pytest

from pic_exchange.replaying import Wishes, exchanges_for
from pic_exchange.stack import Stack
from pic_replay.exchange import Exchange
from pic_replay.library import Library
from pic_replay.runner import Outcome, Runner
from pic_replay.scenario import Scenario, load_scenario
from tests.support.exchanges import SCENARIOS, SECRET
from tests.support.shares import share_of

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.slow, pytest.mark.shared]

LIBRARY = {path.stem: path for path in share_of(sorted(SCENARIOS.glob("*.yaml")))}
WORLDS_AT_ONCE = 4


async def play_library(exchanges: Sequence[Exchange], worlds: int) -> dict[str, Outcome]:
    async def play(exchange: Exchange, scenario: Scenario) -> Outcome:
        return await Runner(exchange, scenario).play()

    scenarios = [load_scenario(path) for path in LIBRARY.values()]
    outcomes = await Library(scenarios, play, lambda _: None).run(exchanges, worlds)
    return dict(zip(LIBRARY, outcomes, strict=True))


@pytest.fixture(scope="module")
def on_a_laptop() -> dict[str, Outcome]:
    async def play_there() -> dict[str, Outcome]:
        async with AsyncExitStack() as stack:
            exchanges = await exchanges_for(stack, None, len(LIBRARY), Wishes())
            return await play_library(exchanges, WORLDS_AT_ONCE)

    return asyncio.run(play_there())


@pytest.fixture(scope="module")
def on_servers(stack: Stack) -> dict[str, Outcome]:
    async def play_there(url: str) -> dict[str, Outcome]:
        async with Exchange(url, SECRET) as exchange:
            return await play_library([exchange], WORLDS_AT_ONCE)

    return asyncio.run(play_there(stack.url))


@pytest.mark.parametrize("name", LIBRARY)
def test_the_scenario_ends_on_servers_as_on_a_laptop(
    name: str, on_a_laptop: dict[str, Outcome], on_servers: dict[str, Outcome]
) -> None:
    assert on_a_laptop[name].failures == []
    assert on_servers[name].failures == []
    assert on_servers[name].digest == on_a_laptop[name].digest
