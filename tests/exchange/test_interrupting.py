"""Ctrl-C, pressed until something happens, ends a replay in order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator

import pytest

from pic_exchange.interrupting import run_in_order


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


def test_pressed_three_times_it_cancels_once_and_what_is_deleted_is_deleted() -> None:
    deleted = []

    async def play() -> None:
        signal.raise_signal(signal.SIGINT)
        try:
            await asyncio.Event().wait()
        finally:
            for world in ("one", "two"):
                signal.raise_signal(signal.SIGINT)
                await asyncio.sleep(0)
                deleted.append(world)

    with pytest.raises(KeyboardInterrupt):
        run_in_order(play())
    assert deleted == ["one", "two"]
    signal.raise_signal(signal.SIGINT)  # nothing is left to stop


def test_what_ends_by_itself_leaves_ctrl_c_as_it_was() -> None:
    before = signal.getsignal(signal.SIGINT)

    async def play() -> str:
        return "played"

    assert run_in_order(play()) == "played"
    assert signal.getsignal(signal.SIGINT) == before
