"""What the benchmarks play is the procedure as it is now: what a rule asks for, their load brings."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bench.cases import Case, Load
from bench.ground import START, Harbour, seated
from bench.load import Procession
from bench.wire import Wire
from pic_exchange.demo import own_exchange
from pic_replay.exchange import Exchange, World
from tests.support.exchanges import SECRET

UNDER = {
    "notifier": "/notifier",
    "consent-a": "/consent",
    "consent-b": "/consent",
    "customs": "/customs",
}


@pytest.mark.slow
async def test_every_load_of_the_year_comes_to_its_certificate_with_and_without_transit(
    tmp_path: Path,
) -> None:
    async with own_exchange(tmp_path, secret=SECRET) as url, Exchange(url, SECRET) as exchange:
        world = await World.open(exchange, now=START, label="load", key="load")
        port = urlsplit(url).port or 0
        wires = {service: Wire(port, under=under) for service, under in UNDER.items()}
        cases = [Case(0, [Load(1), Load(2)], False, 8400), Case(1, [Load(1)], True, 8400)]
        procession = Procession(Harbour(exchange, world, await seated(world), wires=wires), cases)
        try:
            await procession.run()
        finally:
            for wire in wires.values():
                wire.close()
        files = await world.case_files()
    assert [file["state"] for file in files] == ["CLOSED", "CLOSED"]
    movements = [movement["state"] for file in files for movement in file["movements"]]
    assert movements == ["COMPLETED"] * 3
    assert procession.sent == procession.expected
