"""Replaying a library of scenarios, against a running exchange or one of its own."""

from __future__ import annotations

import tempfile
from pathlib import Path

from rich.console import Console

from pic_exchange.demo import own_exchange
from pic_exchange.places import operator_secret
from pic_replay.exchange import Exchange, World
from pic_replay.runner import Outcome, Runner
from pic_replay.scenario import ScenarioError, find_scenarios, load_scenario


async def replay_all(
    paths: list[Path],
    against: str | None,
    *,
    keep: bool,
    console: Console,
    digest: bool,
    world: str | None = None,
    steps: int | None = None,
) -> list[Outcome]:
    """Every file is read before anything is sent. Raises ScenarioError, ExchangeDown."""
    scenarios = [load_scenario(path) for path in find_scenarios(paths)]
    if world is not None and len(scenarios) > 1:
        raise ScenarioError(f"one world, {world}, cannot hold {len(scenarios)} scenarios: name one file")

    async def play(url: str) -> list[Outcome]:
        outcomes = []
        async with Exchange(url, operator_secret()) as exchange:
            for scenario in scenarios:
                outcome = await Runner(exchange, scenario, world=world, steps=steps).play(keep=keep)
                _tell(console, outcome, digest=digest, kept=keep)
                outcomes.append(outcome)
        return outcomes

    if against is not None:
        return await play(against)
    with tempfile.TemporaryDirectory(prefix="pic-replay-", ignore_cleanup_errors=True) as folder:
        async with own_exchange(Path(folder)) as url:
            return await play(url)


def _tell(console: Console, outcome: Outcome, *, digest: bool, kept: bool) -> None:
    mark = "[green]passed[/]" if outcome.passed else "[bold red]FAILED[/]"
    steps = f"{outcome.steps_done}/{len(outcome.steps)} steps"
    console.print(f"{mark}  {outcome.scenario.scenario}  {steps}  {outcome.seconds:.2f} s", highlight=False)
    for failure in outcome.failures:
        console.print(f"        {failure}", highlight=False, style="red", soft_wrap=True)
    if kept:
        console.print(f"        world {outcome.world}", highlight=False, style="dim")
    if digest:
        console.print(f"        {outcome.digest}", highlight=False, style="dim")


async def get_token(url: str, world: str, seat: str, state: str, agency: str, now: str) -> str:
    """A token on a seat; the world is opened when it is not there."""
    async with Exchange(url, operator_secret(), patience=5) as exchange:
        standing = {found["world"] for found in await exchange.operate("GET", "/v1/worlds")}
        if world in standing:
            found = await World.join(exchange, world)
        else:
            found = await World.open(
                exchange, now=now, label="by pic token", key=f"world:{world}", world=world
            )
        return await found.seat(seat, state, agency)
