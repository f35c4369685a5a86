"""An exchange with cases at several points of their life, and a token for every seat, to send anything to."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pic_exchange.demo import own_exchange
from pic_kit.logs import configure_logs
from pic_replay.exchange import Exchange, World
from pic_replay.runner import Outcome, Runner
from pic_replay.scenario import Scenario, load_scenario
from tests.support.exchanges import SECRET, scenario_path

# Drafted, on the importing authority's desk, consented, cleared for export, received.
STAGES = (1, 6, 9, 12, 17)


@dataclass(frozen=True, slots=True)
class Ground:
    """A world in which one case stands at one point; every seat's token, and what paths may name."""

    world: str
    case: str
    declaration: str
    tokens: dict[str, str]


@dataclass(frozen=True, slots=True)
class Target:
    """The exchange under test."""

    url: str
    operator: str
    grounds: tuple[Ground, ...]


@contextmanager
def target(folder: Path) -> Iterator[Target]:
    """A laptop's exchange in a thread of its own, prepared."""
    ready, done = threading.Event(), threading.Event()
    found: list[Target] = []

    async def serve() -> None:
        # As `pic up` does: the drawing of one traceback for a terminal takes seconds.
        configure_logs(os.environ)
        async with own_exchange(folder, secret=SECRET) as url:
            found.append(await _prepared(url))
            ready.set()
            await asyncio.to_thread(done.wait)

    def run() -> None:
        try:
            asyncio.run(serve())
        finally:
            ready.set()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        ready.wait()
        assert found, "the exchange did not start"
        yield found[0]
    finally:
        done.set()
        thread.join()


async def _prepared(url: str) -> Target:
    scenario = load_scenario(scenario_path("s01-single-shipment"))
    async with Exchange(url, SECRET) as exchange:
        grounds = [await _ground(exchange, scenario, steps) for steps in STAGES]
        return Target(url, await exchange.token("operator", SECRET), tuple(grounds))


async def _ground(exchange: Exchange, scenario: Scenario, steps: int) -> Ground:
    outcome = await Runner(exchange, scenario, steps=steps).play()
    assert outcome.passed, outcome.failures
    world = await World.join(exchange, outcome.world)
    tokens = {
        f"{actor.seat}/{actor.state}": await world.seat(actor.seat, actor.state, actor.agency)
        for actor in scenario.actors.values()
    }
    tokens["observer/XX"] = await world.seat("observer", "XX", "observer")
    return Ground(outcome.world, outcome.cases[0]["case"], _declaration(outcome), tokens)


def _declaration(outcome: Outcome) -> str:
    declarations = outcome.cases[0]["declarations"]
    return str(declarations[0]["declaration_id"]) if declarations else "none"
