"""After a round its job rests a while; whoever was idle, or is far behind, waits for nothing."""

from __future__ import annotations

import asyncio

import pytest

from pic_kit import pace as pace_module
from pic_kit.pace import Pace


class Time:
    """A clock that moves only by work and by sleep, and how long was slept."""

    def __init__(self) -> None:
        self.now = 100.0
        self.naps: list[float] = []

    async def nap(self, seconds: float, until: asyncio.Event) -> None:
        self.naps.append(round(seconds, 6))
        self.now += seconds


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(pace_module, "monotonic", lambda: time.now)
    monkeypatch.setattr(pace_module, "nap", time.nap)
    return time


async def a_round(pace: Pace, time: Time, took: float) -> None:
    await pace.rest()
    pace.begin()
    time.now += took


async def test_the_first_rounds_wait_for_nothing(time: Time) -> None:
    pace = Pace(3, 0.03)
    await a_round(pace, time, took=0.01)
    await a_round(pace, time, took=0.01)
    assert time.naps == []


async def test_of_rounds_that_follow_each_other_the_rest_is_as_long_as_they_took(time: Time) -> None:
    pace = Pace(3, 0.03)
    await a_round(pace, time, took=0.01)
    for took in (0.001, 0.004, 0.01, 0.02):
        await a_round(pace, time, took)
    await pace.rest()
    assert time.naps == [0.002, 0.008, 0.02, 0.01]


async def test_who_waited_for_something_to_do_has_rested_already(time: Time) -> None:
    pace = Pace(3, 0.03)
    await a_round(pace, time, took=0.01)
    for waited in (0.02, 0.05):
        await pace.rest()
        time.now += waited  # until something comes
        await a_round(pace, time, took=0.01)
    assert time.naps == []
    await pace.rest()
    time.now += 0.005
    await a_round(pace, time, took=0.01)
    await pace.rest()
    assert time.naps == [0.015]


async def test_who_is_far_behind_does_not_rest(time: Time) -> None:
    pace = Pace(3, 0.03)
    for _ in range(3):
        await a_round(pace, time, took=0.4)
    assert time.naps == []


async def test_a_hurry_cuts_a_rest_short_and_lasts_until_the_next_round() -> None:
    pace = Pace(30, 60)
    pace.begin()
    await pace.rest()
    for hurried in (True, False):
        pace.begin()
        await asyncio.sleep(0.05)
        if hurried:
            pace.hurry()
        resting = asyncio.create_task(pace.rest())
        done, _ = await asyncio.wait([resting], timeout=0.5)
        assert bool(done) == hurried
        resting.cancel()
