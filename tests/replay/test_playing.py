"""What is played at once, what a failure tells, and what an interruption leaves behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pic_replay.exchange import Exchange
from pic_replay.library import Library
from pic_replay.runner import Outcome, Runner
from pic_replay.scenario import Scenario, load_scenario
from tests.support.exchanges import SECRET, own_exchange, scenario_path

NAMES = ("s03-objection", "s20d-non-party", "c672-clean-b3011")


@pytest.fixture
async def exchange(tmp_path: Path) -> AsyncIterator[Exchange]:
    async with own_exchange(tmp_path, secret=SECRET) as url, Exchange(url, SECRET) as exchange:
        yield exchange


def scenarios() -> list[Scenario]:
    return [load_scenario(scenario_path(name)) for name in NAMES]


async def worlds(exchange: Exchange) -> list[str]:
    return [found["world"] for found in await exchange.operate("GET", "/v1/worlds")]


@pytest.mark.slow
async def test_worlds_at_once_end_as_one_after_the_other(exchange: Exchange) -> None:
    told: list[str] = []

    async def play(on: Exchange, scenario: Scenario) -> Outcome:
        return await Runner(on, scenario).play(keep=False)

    alone = [await play(exchange, scenario) for scenario in scenarios()]
    library = Library(scenarios(), play, lambda outcome: told.append(outcome.name))
    together = await library.run([exchange], 3)
    assert all(outcome.passed for outcome in together)
    assert [outcome.digest for outcome in together] == [outcome.digest for outcome in alone]
    assert told == list(NAMES)
    assert await worlds(exchange) == []


async def test_an_interrupted_replay_leaves_no_world(exchange: Exchange) -> None:
    begun = asyncio.Event()

    async def watch(_: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    async def play(on: Exchange, scenario: Scenario) -> Outcome:
        return await Runner(on, scenario, watch=watch).play(keep=False)

    running = asyncio.create_task(Library(scenarios(), play, lambda _: None).run([exchange], 2))
    await begun.wait()
    assert len(await worlds(exchange)) > 0
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await worlds(exchange) == []


def changed(name: str, old: str, new: str, folder: Path) -> Scenario:
    text = scenario_path(name).read_text("utf-8")
    assert text.count(old) >= 1
    file = scenario_path(name).parent / "documents"
    (folder / "documents").symlink_to(file)
    copy = folder / "changed.yaml"
    copy.write_text(text.replace(old, new, 1), "utf-8")
    return load_scenario(copy)


async def test_a_failure_tells_the_nearest_message_and_what_was_said_so_far(
    exchange: Exchange, tmp_path: Path
) -> None:
    folder = tmp_path / "file"
    folder.mkdir()
    scenario = changed(
        "s03-objection", "verdict: objection, grounds: [{letter: j}]}}", "verdict: consent}}", folder
    )
    outcome = await Runner(exchange, scenario).play(keep=False)
    assert "the nearest message differs at $.verdict: expected 'consent', was 'objection'" in str(
        outcome.failures[0]
    )
    assert outcome.so_far[0].startswith("2026-06-01T00:00:00Z  pic.notification.drafted.v1  CA/exporter/")


async def test_the_next_deadline_can_be_expected(exchange: Exchange, tmp_path: Path) -> None:
    folder = tmp_path / "file"
    folder.mkdir()
    expected = "    expect: [{event: pic.notification.acknowledged.v1}, {deadline: 2026-01-01}]"
    scenario = changed(
        "s03-objection", "    expect: [{event: pic.notification.acknowledged.v1}]", expected, folder
    )
    outcome = await Runner(exchange, scenario).play(keep=False)
    assert str(outcome.failures[0]).startswith("step 6: expected deadline 2026-01-01; ")
    assert "the next one is 2026-" in str(outcome.failures[0])
