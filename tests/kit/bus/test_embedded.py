"""The embedded bus: the common behaviour, one process per folder, nothing lost by kill -9."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pic_kit.bus import open_bus
from pic_kit.bus.base import Bus, BusUnavailable
from pic_kit.bus.folder import FolderInUse
from tests.kit.bus.behaviour import BusBehaviour, OpenBus, numbers, read, record

WRITER = """
import asyncio, sys
from pic_kit.bus import open_bus
from pic_kit.bus.base import Record

async def write():
    bus = open_bus(sys.argv[1])
    await bus.start()
    for n in range(1_000_000):
        assert await bus.publish([Record("cases", b"case", (), str(n).encode())]) == [None]
        print(n, flush=True)

asyncio.run(write())
"""


def write_until_killed(url: str) -> int:
    """The last number that the writer knew to be acknowledged."""
    with subprocess.Popen([sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for line in writer.stdout:
            if int(line) == 200:
                break
        writer.kill()
        *complete, _ = f"200\n{writer.stdout.read()}".split("\n")
    return int(complete[-1])


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"embedded:///{tmp_path / 'bus.sqlite3'}"


@pytest.fixture
def reopen(url: str) -> OpenBus:
    return lambda: open_bus(url)


@pytest.fixture
async def bus(url: str) -> AsyncIterator[Bus]:
    bus = open_bus(url)
    await bus.start()
    yield bus
    await bus.stop()


@pytest.fixture
def topic() -> str:
    return "pic.cases"


class TestEmbeddedBus(BusBehaviour):
    async def test_a_second_process_is_refused_with_the_folder_named(
        self, bus: Bus, reopen: OpenBus, tmp_path: Path
    ) -> None:
        with pytest.raises(FolderInUse, match=str(tmp_path)):
            await reopen().start()

    async def test_a_full_topic_does_not_starve_the_others(self, bus: Bus) -> None:
        await bus.publish([record("full", "case", n) for n in range(100)] + [record("other", "case", 1)])
        subscription = await bus.subscribe("group", ["full", "other"])
        first, second = [await subscription.fetch(limit=10, wait=0) for _ in range(2)]
        assert {topic for topic, _ in first} | {topic for topic, _ in second} == {"full", "other"}

    async def test_a_stopped_bus_is_unavailable_to_its_readers(self, bus: Bus) -> None:
        subscription = await bus.subscribe("group", ["pic.cases"])
        await bus.stop()
        with pytest.raises(BusUnavailable):
            await subscription.fetch(limit=1, wait=0)
        [failure] = await bus.publish([record("pic.cases", "case", 1)])
        assert isinstance(failure, BusUnavailable)

    async def test_every_acknowledged_record_survives_kill_9_of_the_writer(
        self, url: str, reopen: OpenBus
    ) -> None:
        acknowledged = write_until_killed(url)
        bus = reopen()
        await bus.start()
        subscription = await bus.subscribe("group", ["cases"])
        got = numbers(await read(subscription, acknowledged + 1, limit=10_000), "case")
        assert got == list(range(len(got)))
        await bus.stop()


@pytest.mark.parametrize("url", ["", "sqlite:///bus", "kafka://", "embedded://bus"])
def test_an_address_that_is_no_bus_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not a bus"):
        open_bus(url)
