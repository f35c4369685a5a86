"""Replaying a library of scenarios, against a running exchange or some of its own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pic_exchange.here import exchange_here
from pic_exchange.own_process import exchange_beside
from pic_exchange.places import operator_secret
from pic_replay.casting import check_personas
from pic_replay.coverage import write_coverage
from pic_replay.diagram import write_diagrams
from pic_replay.exchange import Exchange, World
from pic_replay.html_report import write_html
from pic_replay.json_report import write_json
from pic_replay.junit import write_junit
from pic_replay.library import Library
from pic_replay.recording import write_recording
from pic_replay.runner import Outcome, Runner
from pic_replay.scenario import Scenario, ScenarioError, find_scenarios, load_scenarios

# Below, a second exchange costs more in starting than it saves in playing.
WORTH_ANOTHER = 8
WORLDS_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the library shall be played and told."""

    keep: bool = False
    digest: bool = False
    world: str | None = None
    steps: int | None = None
    worlds: int = WORLDS_AT_ONCE
    exchanges: int | None = None


async def replay_all(
    paths: list[Path], against: str | None, *, console: Console, wishes: Wishes
) -> list[Outcome]:
    """Every file is read before anything is sent. Raises ScenarioError, ExchangeDown."""
    scenarios = [scenario for path in find_scenarios(paths) for scenario in load_scenarios(path)]
    if wishes.world is not None and len(scenarios) > 1:
        raise ScenarioError(
            f"one world, {wishes.world}, cannot hold {len(scenarios)} scenarios: name one file"
        )
    async with AsyncExitStack() as stack:
        exchanges = await exchanges_for(stack, against, len(scenarios), wishes)
        await check_personas(exchanges[0], scenarios)
        bar = stack.enter_context(progress_bar(console))
        task = bar.add_task("replaying", total=len(scenarios))

        async def play(exchange: Exchange, scenario: Scenario) -> Outcome:
            outcome = await Runner(exchange, scenario, world=wishes.world, steps=wishes.steps).play(
                keep=wishes.keep
            )
            bar.advance(task)
            return outcome

        def tell(outcome: Outcome) -> None:
            _tell(bar.console, outcome, digest=wishes.digest, kept=wishes.keep)

        library = Library(scenarios, play, tell)
        outcomes = await library.run(exchanges, wishes.worlds)
    if len(outcomes) > 1:
        _sum_up(console, outcomes, library.seconds)
    return outcomes


def progress_bar(console: Console) -> Progress:
    """Only a terminal shows it; a file gets the lines alone."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


async def exchanges_for(
    stack: AsyncExitStack, against: str | None, scenarios: int, wishes: Wishes
) -> list[Exchange]:
    """The one that is named; else one in this process, and for many scenarios one more for each core."""
    if against is not None:
        return [await stack.enter_async_context(Exchange(against, operator_secret()))]
    wanted = wishes.exchanges or min(os.cpu_count() or 1, 1 + scenarios // WORTH_ANOTHER)
    beside = [stack.enter_context(exchange_beside(_folder(stack))) for _ in range(wanted - 1)]
    here = await stack.enter_async_context(exchange_here(_folder(stack)))
    urls = [await other.ready() for other in beside]
    others = [await stack.enter_async_context(Exchange(url, operator_secret())) for url in urls]
    return [here, *others]


def _folder(stack: AsyncExitStack) -> Path:
    kept = tempfile.TemporaryDirectory(prefix="pic-replay-", ignore_cleanup_errors=True)
    return Path(stack.enter_context(kept))


def _tell(console: Console, outcome: Outcome, *, digest: bool, kept: bool) -> None:
    mark = "[green]passed[/]" if outcome.passed else "[bold red]FAILED[/]"
    steps = f"{outcome.steps_done}/{len(outcome.steps)} steps"
    console.print(f"{mark}  {outcome.name}  {steps}  {outcome.seconds:.2f} s", highlight=False)
    for failure in outcome.failures:
        console.print(f"        {failure}", markup=False, highlight=False, style="red", soft_wrap=True)
        place = f"        in: {outcome.place_of(failure)}"
        console.print(place, markup=False, highlight=False, soft_wrap=True)
    for line in outcome.so_far:
        console.print(f"        {line}", highlight=False, style="dim", soft_wrap=True)
    if kept:
        console.print(f"        world {outcome.world}", highlight=False, style="dim")
    if digest:
        console.print(f"        {outcome.digest}", highlight=False, style="dim")


def _sum_up(console: Console, outcomes: Sequence[Outcome], seconds: float) -> None:
    passed = sum(outcome.passed for outcome in outcomes)
    steps = sum(outcome.steps_done for outcome in outcomes)
    rate = len(outcomes) / seconds if seconds else 0.0
    each = 1000 * seconds / steps if steps else 0.0
    told = f"{passed} of {len(outcomes)} scenarios passed in {seconds:.1f} s"
    console.print(f"{told}: {rate:.1f} a second, {each:.0f} ms a step", highlight=False, style="bold")
    generated = [outcome.seconds for outcome in outcomes if outcome.scenario.of_table]
    if generated:
        # They share the time with the others as they share the work: several are played at once.
        share = seconds * sum(generated) / sum(outcome.seconds for outcome in outcomes)
        told = f"{len(generated)} of them are cases of tables"
        console.print(f"{told}: {len(generated) / share:.1f} cases a second", highlight=False, style="bold")


def report(
    outcomes: list[Outcome],
    *,
    junit: Path | None = None,
    as_json: Path | None = None,
    html: Path | None = None,
    diagrams: Path | None = None,
    record: Path | None = None,
    coverage: Path | None = None,
) -> None:
    """Write what was asked for."""
    writers = ((junit, write_junit), (as_json, write_json), (html, write_html), (diagrams, write_diagrams))
    for path, write in writers:
        if path is not None:
            write(outcomes, path)
    if coverage is not None:
        # Known only here: the state machines are the services'.
        from pic_exchange.touched import told

        write_coverage(outcomes, coverage, told((outcome.name, outcome.events) for outcome in outcomes))
    if record is not None:
        law = outcomes[0].law if outcomes else {}
        write_recording([outcome.told for outcome in outcomes if outcome.told], record, law)


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
