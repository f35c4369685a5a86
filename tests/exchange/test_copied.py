"""A data folder copied while the exchange works: consistent with `pic copy`, else mended or refused."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pic_exchange.copying import CannotCopy, copy_folder
from pic_replay.exchange import Exchange, World
from pic_replay.runner import Progress, Runner
from pic_replay.scenario import load_scenario
from tests.support.exchanges import SECRET, ExchangeProcess, scenario_path

pytestmark = pytest.mark.slow
WORLD, S03 = "copied", "s03-objection"
Moment = tuple[int, str]  # after which step, and which files


@pytest.fixture
def start() -> Iterator[Callable[[Path], ExchangeProcess]]:
    """Starts `pic up` on a folder; whatever still runs at the end is stopped."""
    started: list[ExchangeProcess] = []

    def begin(folder: Path) -> ExchangeProcess:
        started.append(ExchangeProcess(folder))
        started[-1].start()
        return started[-1]

    yield begin
    for exchange in started:
        exchange.end()


async def play_and_copy(exchange: ExchangeProcess, copies: dict[int, Callable[[], object]]) -> str:
    """Plays S03; after these steps something is copied. Returns the digest."""

    async def copy(progress: Progress) -> None:
        if (act := copies.get(progress.step)) is not None:
            act()

    async with Exchange(exchange.url, SECRET) as client:
        outcome = await Runner(client, load_scenario(scenario_path(S03)), watch=copy, world=WORLD).play()
    assert outcome.failures == []
    return outcome.digest


async def digest(exchange: ExchangeProcess) -> str:
    async with Exchange(exchange.url, SECRET) as client:
        world = await World.join(client, WORLD)
        assert await world.settle() == []
        return str((await world.digest())["digest"])


async def send_again(exchange: ExchangeProcess, *, done: int) -> str:
    """Every command of S03 under its key; the clock moves only after what was done before. Its digest."""
    scenario = load_scenario(scenario_path(S03))
    async with Exchange(exchange.url, SECRET) as client:
        world = await World.join(client, WORLD)
        runner = Runner(client, scenario, world=WORLD)
        for number, step in enumerate(scenario.steps, 1):
            moment = step.moment(scenario.clock)
            if moment is not None and number > done:
                await world.move_clock(moment)
            await runner.send(world, number, step)
            assert await world.settle() == []
        return str((await world.digest())["digest"])


def plainly(folder: Path, to: Path, pattern: str) -> Callable[[], None]:
    """As `cp` would that happened to read whole pages: each file as it is when its turn comes."""

    def copy() -> None:
        to.mkdir(exist_ok=True)
        for file in folder.glob(pattern):
            with closing(sqlite3.connect(file)) as of, closing(sqlite3.connect(to / file.name)) as target:
                of.backup(target)

    return copy


async def test_a_copy_made_while_it_works_starts_and_goes_on_where_it_was_made(
    start: Callable[[Path], ExchangeProcess], tmp_path: Path
) -> None:
    exchange, copy = start(tmp_path / "data"), tmp_path / "copy"
    await play_and_copy(exchange, {4: lambda: copy_folder(tmp_path / "data", copy)})
    assert await send_again(start(copy), done=4) == await digest(exchange)


async def test_a_log_that_is_older_than_the_stores_is_built_again(
    start: Callable[[Path], ExchangeProcess], tmp_path: Path
) -> None:
    exchange, copy = start(tmp_path / "data"), tmp_path / "copy"
    before = await play_and_copy(exchange, {4: plainly(tmp_path / "data", copy, "bus.sqlite3")})
    plainly(tmp_path / "data", copy, "[!b]*.sqlite3")()
    assert await digest(start(copy)) == before


async def test_a_window_that_is_older_than_the_log_reads_it_again(
    start: Callable[[Path], ExchangeProcess], tmp_path: Path
) -> None:
    exchange, copy = start(tmp_path / "data"), tmp_path / "copy"
    before = await play_and_copy(exchange, {4: plainly(tmp_path / "data", copy, "window.sqlite3")})
    plainly(tmp_path / "data", copy, "[!w]*.sqlite3")()
    assert await digest(start(copy)) == before


async def test_a_copy_in_which_somebody_heard_what_nobody_remembers_is_refused_and_says_what_to_do(
    start: Callable[[Path], ExchangeProcess], tmp_path: Path
) -> None:
    exchange, copy = start(tmp_path / "data"), tmp_path / "copy"
    await play_and_copy(exchange, {4: plainly(tmp_path / "data", copy, "notifier.sqlite3")})
    plainly(tmp_path / "data", copy, "[!n]*.sqlite3")()
    with pytest.raises(AssertionError, match=r"consent has heard message .* copy it with `pic copy`"):
        start(copy)


def test_a_damaged_file_is_named(start: Callable[[Path], ExchangeProcess], tmp_path: Path) -> None:
    start(tmp_path / "data").end()
    shutil.copytree(tmp_path / "data", tmp_path / "copy")
    with (tmp_path / "copy" / "consent.sqlite3").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 8192)
    with pytest.raises(AssertionError, match=r"consent\.sqlite3 is damaged"):
        start(tmp_path / "copy")


def test_only_an_exchange_is_copied_and_only_into_a_new_folder(tmp_path: Path) -> None:
    with pytest.raises(CannotCopy, match="no exchange"):
        copy_folder(tmp_path / "nothing", tmp_path / "copy")
    sqlite3.connect(tmp_path / "bus.sqlite3").close()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(CannotCopy, match="is not empty"):
        copy_folder(tmp_path, tmp_path / "full")
