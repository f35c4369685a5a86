"""Shrinking finds the few steps that a failure needs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pic_replay.exchange import Exchange
from pic_replay.playback import Playback
from pic_replay.recording import read_recording, write_recording
from pic_replay.runner import Runner
from pic_replay.scenario import load_scenario
from pic_replay.shrinking import shortest_failing
from pic_replay.shrunk import shrink_recording, shrink_scenario
from pic_replay.writing import write_scenario
from tests.support.exchanges import SECRET, own_exchange, scenario_path


@pytest.fixture
async def exchange(tmp_path: Path) -> AsyncIterator[Exchange]:
    async with own_exchange(tmp_path / "own", secret=SECRET) as url, Exchange(url, SECRET) as exchange:
        yield exchange


@pytest.mark.parametrize("needed", [set(), {3}, {0, 7}, {2, 3, 5}, set(range(9))])
async def test_only_what_the_failure_needs_is_left(needed: set[int]) -> None:
    async def still_fails(steps: Sequence[int]) -> bool:
        return needed <= set(steps)

    assert await shortest_failing(range(10), still_fails) == sorted(needed | {9})


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(needed=st.sets(st.integers(0, 30)), length=st.integers(31, 40))
async def test_however_many_are_needed_none_too_many_is_left(needed: set[int], length: int) -> None:
    async def still_fails(steps: Sequence[int]) -> bool:
        return needed <= set(steps)

    assert await shortest_failing(range(length), still_fails) == sorted(needed | {length - 1})


async def test_a_long_story_with_a_short_cause_costs_few_attempts() -> None:
    attempts = 0

    async def still_fails(steps: Sequence[int]) -> bool:
        nonlocal attempts
        attempts += 1
        return 17 in steps

    assert await shortest_failing(range(256), still_fails) == [17, 255]
    assert attempts < 40


@pytest.mark.slow
async def test_a_failing_scenario_is_left_with_the_steps_that_its_failure_needs(
    exchange: Exchange, tmp_path: Path
) -> None:
    scenario = load_scenario(scenario_path("s03-objection"))
    # The refused ground, on the day itself: it fails because nothing was acknowledged.
    wrong = scenario.steps[6].model_copy(update={"at": "+4d"})
    steps = [*scenario.steps[:4], scenario.steps[4], wrong]
    outcome = await Runner(exchange, scenario.model_copy(update={"steps": steps})).play(keep=False)
    assert "expected status 422; $.status: the answer was 409" in str(outcome.failures[0])
    shrunk = await shrink_scenario(exchange, outcome, lambda _: None)
    write_scenario(shrunk.left, tmp_path / "short.yaml")
    short = load_scenario(tmp_path / "short.yaml")
    # Drafted, submitted, carried out, transmitted: without one of them Belgium knows no notification.
    assert [step.send.path.rsplit("/", 1)[1] for step in short.steps if step.send] == [
        *("notifications", "submission", "carried-out", "transmission", "decisions")
    ]
    again = await Runner(exchange, short).play(keep=False)
    assert "expected status 422; $.status: the answer was 409" in str(again.failures[0])


@pytest.mark.slow
async def test_a_recording_that_drifts_is_left_with_the_acts_that_its_drift_needs(
    exchange: Exchange, tmp_path: Path
) -> None:
    outcome = await Runner(exchange, load_scenario(scenario_path("s03-objection"))).play(keep=False)
    assert outcome.told is not None
    told = outcome.told
    refused = next(n for n, act in enumerate(told.acts, 1) if act.rules == ["STATE_FORBIDS"])
    # As if it had been accepted when it was recorded.
    told.happenings[refused].act = replace(told.acts[refused - 1], status=201, answer={})
    replayed = await Playback(exchange, told).play()
    assert [drift.act for drift in replayed.drifts] == [refused]
    shrunk = await shrink_recording(exchange, replayed, lambda _: None)
    write_recording([shrunk.left], tmp_path / "short.jsonl")
    short = read_recording(tmp_path / "short.jsonl").world("s03-objection")
    assert (shrunk.steps, shrunk.of) == (len(short.acts), len(told.acts))
    assert 2 < len(short.acts) < refused
    assert len((await Playback(exchange, short).play()).drifts) == 1
