"""The exchange is light enough for a laptop: limits of the design, measured on this machine."""

from __future__ import annotations

from pathlib import Path

from tests.support.exchanges import ExchangeProcess, play


def test_the_second_start_is_ready_in_two_seconds(tmp_path: Path) -> None:
    exchange = ExchangeProcess(tmp_path / "data")
    exchange.start()
    exchange.end()
    seconds = min(_started_and_ended(exchange) for _ in range(3))
    assert seconds <= 2.0


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
