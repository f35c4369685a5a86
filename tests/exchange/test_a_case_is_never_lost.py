"""What was accepted is neither lost nor doubled: rebuilds, redeliveries and killed processes, embedded."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pic_replay.exchange import Exchange, World
from pic_replay.runner import Progress, Runner
from pic_replay.scenario import load_scenario
from tests.support.exchanges import SECRET, ExchangeProcess, play, scenario_path

pytestmark = pytest.mark.slow

Start = Callable[[Path], ExchangeProcess]

WORLD = "steady"
SERVICE_STORES = ("notifier", "consent", "customs-gateway")


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts `pic up` on a folder; whatever still runs at the end is stopped."""
    started: list[ExchangeProcess] = []

    def begin(folder: Path) -> ExchangeProcess:
        exchange = ExchangeProcess(folder)
        started.append(exchange)
        exchange.start()
        return exchange

    yield begin
    for exchange in started:
        exchange.end()


async def case_files(url: str, world: str) -> list[dict[str, Any]]:
    async with Exchange(url, SECRET) as exchange:
        seen = await World.join(exchange, world)
        assert await seen.settle() == []
        listed = await seen.look(f"/v1/cases?world={world}")
        return [await seen.look(f"/v1/cases/{case['case']}") for case in listed["cases"]]


async def digest(url: str, world: str) -> str:
    async with Exchange(url, SECRET) as exchange:
        seen = await World.join(exchange, world)
        assert await seen.settle() == []
        return str((await seen.digest())["digest"])


async def test_a_deleted_projection_rebuilds_the_same_case_files_from_the_log(
    start: Start, tmp_path: Path
) -> None:
    exchange = start(tmp_path / "data")
    assert (await play(exchange.url, "s01-single-shipment", world=WORLD)).passed
    before = await case_files(exchange.url, WORLD)
    exchange.end()
    for file in (tmp_path / "data").glob("window.sqlite3*"):
        file.unlink()
    exchange.start()
    assert await case_files(exchange.url, WORLD) == before


@pytest.mark.parametrize("inboxes", ["kept", "emptied"])
async def test_the_whole_log_delivered_again_changes_nothing(
    start: Start, tmp_path: Path, inboxes: str
) -> None:
    exchange = start(tmp_path / "data")
    await _two_interleaved_cases(exchange.url)
    before = await digest(exchange.url, WORLD)
    exchange.end()
    aggregates = {store: _rows(tmp_path / "data" / f"{store}.sqlite3") for store in SERVICE_STORES}
    _forget_offsets(tmp_path / "data" / "bus.sqlite3")
    if inboxes == "emptied":
        for store in SERVICE_STORES:
            _execute(tmp_path / "data" / f"{store}.sqlite3", "DELETE FROM heard")
    exchange.start()
    assert await digest(exchange.url, WORLD) == before
    exchange.end()
    assert {store: _rows(tmp_path / "data" / f"{store}.sqlite3") for store in SERVICE_STORES} == aggregates


async def test_a_kill_in_the_middle_of_a_case_ends_in_the_same_digest(start: Start, tmp_path: Path) -> None:
    undisturbed = start(tmp_path / "undisturbed")
    expected = (await play(undisturbed.url, "s01-single-shipment", world=WORLD)).digest
    undisturbed.end()
    exchange = start(tmp_path / "data")

    async def kill_at_some_steps(progress: Progress) -> None:
        if progress.step in (2, 9, 12, 17):
            exchange.end(signal.SIGKILL)
            exchange.start()

    async with Exchange(exchange.url, SECRET) as client:
        scenario = load_scenario(scenario_path("s01-single-shipment"))
        outcome = await Runner(client, scenario, watch=kill_at_some_steps, world=WORLD).play()
    exchange.end()
    assert outcome.failures == []
    assert outcome.digest == expected


async def test_a_second_process_on_the_same_folder_is_refused_with_a_clear_word(
    start: Start, tmp_path: Path
) -> None:
    exchange = start(tmp_path / "data")
    with pytest.raises(AssertionError, match="is in use"):
        start(tmp_path / "data")
    assert exchange.ready()


async def _two_interleaved_cases(url: str) -> None:
    """Two shipments in one world, step by step in turn."""
    async with Exchange(url, SECRET) as exchange:
        objected = load_scenario(scenario_path("s03-objection"))
        other = Runner(exchange, objected)
        steps = iter(enumerate(objected.steps, 1))

        async def one_step_of_the_other(progress: Progress) -> None:
            if progress.step >= 2 and (following := next(steps, None)) is not None:
                await other.send(await World.join(exchange, WORLD), *following)

        consented = load_scenario(scenario_path("s01-single-shipment"))
        outcome = await Runner(exchange, consented, watch=one_step_of_the_other, world=WORLD).play()
    # The other case's refusal is no surprise here: S01 alone expects that customs refuses nothing.
    assert [failure for failure in outcome.failures if not failure.expected.startswith("no_event")] == []
    assert len(outcome.cases) == 2


def _rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every aggregate row and every message said; wall-clock columns left out."""
    with sqlite3.connect(path) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        kept = [t for t in sorted(tables) if t not in _NOT_STATE and not t.startswith("sqlite_")]
        state = {table: sorted(connection.execute(f"SELECT * FROM {table}"), key=repr) for table in kept}
        state["outbox"] = list(connection.execute("SELECT seq, event_id, event FROM outbox ORDER BY seq"))
    connection.close()
    return state


_NOT_STATE = {
    "about",
    "alembic_version",
    "answers",
    "heard",
    "outbox",
    "parked",
    "waiting",
    "interventions",
    "worlds",
}


def _forget_offsets(path: Path) -> None:
    _execute(path, "DELETE FROM offsets")


def _execute(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(statement)
    connection.close()
