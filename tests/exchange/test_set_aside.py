"""What waits or was parked anywhere, as the operator meets it: by the front door and by `pic parked`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from typer.testing import CliRunner

from pic_exchange.cli import app as pic
from pic_exchange.embedded import EmbeddedExchange
from pic_exchange.places import SECRET_VARIABLE
from pic_exchange.serve import listening_socket, server_for
from pic_kit.bus.base import Record
from pic_kit.settings import Settings
from pic_replay.exchange import Exchange, World
from pic_schemas.envelope import Event, to_binary
from pic_schemas.messages import NotificationDrafted
from tests.support.exchanges import SECRET

WORLD = "set-aside"
NOW = "2026-06-01T08:00:00Z"
SERVICES = ["consent", "customs", "notifier", "window"]
WHY = {"reason": "agreed with Montreal by telephone"}


@dataclass
class House:
    """An exchange in this process, its log within reach, and the operator's client."""

    running: EmbeddedExchange
    client: Exchange

    async def say(self, case: str, sequence: int) -> None:
        """An event of a producer that this exchange has never heard."""
        event = Event(
            id=uuid4(),
            source="/notifier/ZZ",
            type=NotificationDrafted.type,
            time=NOW,  # type: ignore[arg-type]
            world=WORLD,
            case=case,
            sequence=sequence,
            sender="ZZ/exporter/ZZ-1",
            recordedtime=NOW,  # type: ignore[arg-type]
            causationid=UUID(int=sequence),
            data=NotificationDrafted(exporter="ZZ-1").payload(),
        )
        assert await self.running.bus.publish([Record("pic.cases", *to_binary(event))]) == [None]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    settings = Settings.from_environment({"PIC_DATA": str(tmp_path), SECRET_VARIABLE: SECRET})
    with listening_socket("127.0.0.1", 0) as listener:
        async with EmbeddedExchange(settings).running() as running:
            server = server_for(running.app)
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            async with Exchange(url, SECRET, patience=5) as client:
                await World.open(client, now=NOW, label="", key="open", world=WORLD)
                yield House(running, client)
            server.should_exit = True
            await serving


async def until_set_aside(house: House, kind: str, count: int) -> list[dict[str, object]]:
    """Every service sets aside at its own pace."""
    async with asyncio.timeout(20):
        while True:
            found = await house.client.operate("GET", f"/v1/{kind}")
            assert found["away"] == []
            if len(found["messages"]) == count:
                return list(found["messages"])
            await asyncio.sleep(0.02)


async def test_a_gap_is_reported_by_every_service_and_skipped_by_the_operator(house: House) -> None:
    case = str(uuid4())
    await house.say(case, 2)
    found = await until_set_aside(house, "waiting", 4)
    assert sorted(str(one["service"]) for one in found) == SERVICES
    assert {one["reason"] for one in found} == {"GAP"}
    for one in found:
        path = f"/v1/waiting/{one['service']}/{one['id']}"
        assert (await house.client.operate("GET", path))["missing"] == [1]
        assert await house.client.operate("POST", f"{path}/skip", WHY) == {"done": True}
    assert (await house.client.operate("GET", "/v1/waiting"))["messages"] == []
    audit = (await house.client.operate("GET", f"/v1/interventions?world={WORLD}"))["messages"]
    assert {(one["action"], one["reason"], one["who"]) for one in audit} == {
        ("SKIP", WHY["reason"], audit[0]["who"])
    }
    assert len(audit) == 4


async def test_an_unreadable_record_is_parked_once_in_every_service(house: House) -> None:
    for _ in range(2):
        await house.running.bus.publish([Record("pic.cases", b"key", (), b"no event at all")])
    found = await until_set_aside(house, "parked", 8)
    assert sorted({str(one["service"]) for one in found}) == SERVICES
    shown = await house.client.operate("GET", f"/v1/parked/customs/{found[0]['id']}")
    assert shown["body"] == "no event at all"


async def test_what_waits_is_listed_explained_and_given_up_at_the_command_line(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.say(str(uuid4()), 2)
    customs = next(one for one in await until_set_aside(house, "waiting", 4) if one["service"] == "customs")
    message = f"waiting/customs/{customs['id']}"
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    monkeypatch.setenv("COLUMNS", "300")

    async def parked(*arguments: str) -> str:
        against = ["--against", house.client.url]
        done = await asyncio.to_thread(CliRunner().invoke, pic, ["parked", *arguments, *against])
        assert done.exit_code == 0, done.output
        return str(done.output)

    assert message in await parked("list")
    assert '"missing"' in await parked("explain", message)
    assert "done" in await parked("skip", message, "--reason", "the exporter has withdrawn it")
    assert message not in await parked("list")


async def test_only_the_operator_may_look_and_an_unknown_service_is_told(house: House) -> None:
    world = await World.join(house.client, WORLD)
    exporter = await world.seat("exporter", "CA", "CA-PLASTIX")
    reply = await house.client.request("GET", "/v1/waiting", token=exporter)
    assert reply.status == 403
    reply = await house.client.request("GET", "/v1/parked/nobody/1", token=house.client._operator)
    assert (reply.status, reply.body["rule"]) == (404, "SERVICE_UNKNOWN")
