"""`pic replay --shrink`: the first failure of a replay as the shortest file that still fails."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console

from pic_exchange.here import exchange_here
from pic_exchange.places import operator_secret
from pic_exchange.replaying import progress_bar
from pic_replay.exchange import Exchange
from pic_replay.playback import Replayed
from pic_replay.recording import write_recording
from pic_replay.runner import Outcome
from pic_replay.shrunk import shrink_recording, shrink_scenario
from pic_replay.writing import write_scenario


async def shrink_first_drift(
    found: Sequence[Replayed], against: str | None, path: Path, console: Console
) -> None:
    """Nothing is written where nothing drifts. Raises ExchangeDown."""
    drifted = next((replayed for replayed in found if replayed.drifts), None)
    if drifted is None:
        return
    async with _exchange(against) as exchange:
        with progress_bar(console) as bar:
            task = bar.add_task(f"shrinking {drifted.name}", total=None)
            shrunk = await shrink_recording(exchange, drifted, lambda made: bar.update(task, completed=made))
        write_recording([shrunk.left], path, await exchange.law())
    _tell(console, drifted.name, f"{shrunk.steps} of {shrunk.of} acts", shrunk.attempts, path)


async def shrink_first_failure(
    outcomes: Sequence[Outcome], against: str | None, path: Path, console: Console
) -> None:
    """Nothing is written where everything passes. Raises ExchangeDown."""
    failed = next((outcome for outcome in outcomes if outcome.failures), None)
    if failed is None:
        return
    async with _exchange(against) as exchange:
        with progress_bar(console) as bar:
            task = bar.add_task(f"shrinking {failed.name}", total=None)
            shrunk = await shrink_scenario(exchange, failed, lambda made: bar.update(task, completed=made))
    write_scenario(shrunk.left, path)
    _tell(console, failed.name, f"{shrunk.steps} of {shrunk.of} steps", shrunk.attempts, path)


@asynccontextmanager
async def _exchange(against: str | None) -> AsyncIterator[Exchange]:
    if against is not None:
        async with Exchange(against, operator_secret()) as exchange:
            yield exchange
        return
    with tempfile.TemporaryDirectory(prefix="pic-shrink-", ignore_cleanup_errors=True) as folder:
        async with exchange_here(Path(folder)) as exchange:
            yield exchange


def _tell(console: Console, name: str, left: str, attempts: int, path: Path) -> None:
    said = f"shrunk  {name}: {left} fail in the same way, after {attempts} attempts; in {path}"
    console.print(said, highlight=False, soft_wrap=True)
