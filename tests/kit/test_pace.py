"""Rounds that follow each other closely wait for company; the first, and the next after a rest, do not."""

from __future__ import annotations

import asyncio

import pytest

from pic_kit import pace as pace_module
from pic_kit.pace import Pace


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that only sleeping moves, and how long was slept."""
    now, naps = [100.0], list[float]()

    async def sleep(seconds: float) -> None:
        naps.append(round(seconds, 6))
        now[0] += seconds

    monkeypatch.setattr(pace_module, "monotonic", lambda: now[0])
    monkeypatch.setattr(asyncio, "sleep", sleep)
    return naps


async def rounds(pace: Pace, count: int) -> None:
    for _ in range(count):
        await pace.wait()
        pace.worked()


async def test_the_first_rounds_wait_for_nothing(slept: list[float]) -> None:
    await rounds(Pace(0.01, 0.03), 2)
    assert slept == []


async def test_under_load_the_wait_grows_up_to_its_limit(slept: list[float]) -> None:
    await rounds(Pace(0.01, 0.03), 7)
    assert slept == [0.01, 0.02, 0.03, 0.03, 0.03]


async def test_after_a_rest_nobody_waits(slept: list[float]) -> None:
    pace = Pace(0.01, 0.03)
    await rounds(pace, 5)
    slept.clear()
    await asyncio.sleep(0.07)
    await rounds(pace, 2)
    assert slept == [0.07]
