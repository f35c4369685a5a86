"""The exchange is light enough for a laptop: limits of the design, measured on this machine."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.exchanges import ExchangeProcess, play

FLOOR = "import fastapi, uvicorn, pydantic, httpx, sqlalchemy.ext.asyncio, aiosqlite"


@pytest.mark.slow
def test_a_second_start_costs_at_most_four_times_the_libraries_alone(tmp_path: Path) -> None:
    """Two seconds where the libraries are imported in half a second; measured in turn, best of five."""
    exchange = ExchangeProcess(tmp_path / "data")
    exchange.start()
    exchange.end()
    pairs = [(_seconds_of_the_libraries(), _started_and_ended(exchange)) for _ in range(5)]
    assert min(start for _, start in pairs) <= 4 * min(floor for floor, _ in pairs)


def _seconds_of_the_libraries() -> float:
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", FLOOR], check=True)
    return time.monotonic() - began


def _started_and_ended(exchange: ExchangeProcess) -> float:
    seconds = exchange.start()
    exchange.end()
    return seconds


async def test_the_whole_idle_exchange_stays_under_200_megabytes(tmp_path: Path) -> None:
    exchange = ExchangeProcess(tmp_path / "data")
    exchange.start()
    try:
        assert (await play(exchange.url, "s01-single-shipment")).passed
        assert exchange.memory_mb() <= 200
    finally:
        exchange.end()
