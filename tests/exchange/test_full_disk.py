"""A disk that is full in the middle of a case: refused with a clear word, and nothing accepted is lost."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from pic_replay.exchange import Exchange
from pic_replay.runner import Progress, Runner
from pic_replay.scenario import load_scenario
from tests.support.exchanges import SECRET, ExchangeProcess, exchange_process, play, scenario_path
from tests.support.required import missing
from tests.support.small_disk import CannotMount, SmallDisk, small_disk

pytestmark = pytest.mark.slow

S01, WORLD = "s01-single-shipment", "steady"
MEGABYTES = 24
LONGEST = 3
"""Requests after which space is made although none was refused: then services wait for it, not the client."""


class MakesSpace(httpx.AsyncHTTPTransport):
    """Frees the disk once a request was refused for want of it; remembers the refusals."""

    def __init__(self, disk: SmallDisk) -> None:
        super().__init__()
        self.disk = disk
        self.refusals: list[httpx.Response] = []
        self.sent = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await super().handle_async_request(request)
        if not self.disk.is_full:
            self.sent = 0
            return answer
        self.sent += 1
        if answer.status_code == 503:
            await answer.aread()
            self.refusals.append(answer)
        if answer.status_code == 503 or self.sent > LONGEST:
            self.disk.free()
        return answer


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    try:
        with small_disk(tmp_path / "disk", MEGABYTES) as found:
            yield found
    except CannotMount as error:
        missing("small-disk", f"no small disk can be mounted here: {error}")


@pytest.mark.parametrize("seed", range(2))
async def test_a_case_goes_through_a_full_disk_as_if_it_had_not_been(
    disk: SmallDisk, tmp_path: Path, seed: int
) -> None:
    with exchange_process(tmp_path / "undisturbed") as undisturbed:
        expected = (await play(undisturbed.url, S01, world=WORLD)).digest
    scenario = load_scenario(scenario_path(S01))
    full_after = random.Random(seed).sample(range(1, len(scenario.steps)), 6)
    transport = MakesSpace(disk)

    async def fill(progress: Progress) -> None:
        if progress.step in full_after:
            disk.fill()

    with exchange_process(disk.folder / "data") as exchange:
        async with Exchange(exchange.url, SECRET, transport=transport) as client:
            outcome = await Runner(client, scenario, watch=fill, world=WORLD).play()
    assert outcome.failures == []
    assert outcome.digest == expected
    assert transport.refusals, "the disk was never full when somebody wrote"
    for refusal in transport.refusals:
        assert refusal.json()["rule"] == "STORE_UNAVAILABLE"
        assert "Retry-After" in refusal.headers


def test_a_start_on_a_full_disk_is_refused_with_a_clear_word(disk: SmallDisk) -> None:
    disk.fill()
    exchange = ExchangeProcess(disk.folder / "data")
    with pytest.raises(AssertionError, match=r"cannot be used: .* full. Make room there"):
        exchange.start()
    exchange.end()
    disk.free()
    exchange.start()
    exchange.end()
