"""A world that others played in is recorded with what they asked, and asked again."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from pic_replay import recorder
from pic_replay.acts import Seat
from pic_replay.exchange import Exchange, ExchangeDown, World
from pic_replay.playback import Playback
from pic_replay.recording import read_recording, write_recording
from pic_replay.runner import Runner
from pic_replay.scenario import load_scenario
from pic_replay.told import Told
from tests.support.exchanges import SECRET, own_exchange, scenario_path

pytestmark = pytest.mark.asyncio(loop_scope="module")
EXPORTER = Seat("exporter", "CA", "CA-PLASTIX")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def exchange(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Exchange]:
    folder = tmp_path_factory.mktemp("exchange")
    async with own_exchange(folder, secret=SECRET) as url, Exchange(url, SECRET) as exchange:
        yield exchange


class Watched(Exchange):
    """An exchange that keeps the acts of every world which is opened through it."""

    async def operate(self, method: str, path: str, *rest: Any, **named: Any) -> Any:
        found = await super().operate(method, path, *rest, **named)
        if (method, path) == ("POST", "/v1/worlds"):
            await recorder.begin(World(self, found["world"]))
        return found


def messages_by_act(told: Told) -> list[list[str]]:
    return [[event["type"] for event in one.said if event.get("case")] for one in told.happenings]


async def test_what_others_asked_is_asked_again_and_leads_to_the_same(
    exchange: Exchange, tmp_path: Path
) -> None:
    async with Watched(exchange.url, SECRET) as watched:
        scenario = load_scenario(scenario_path("s23-duplicates-and-order"))
        outcome = await Runner(watched, scenario).play()
    assert outcome.failures == []
    told = await recorder.record_world(await World.join(exchange, outcome.world), "lived")
    write_recording([told], tmp_path / "lived.jsonl")
    recorded = read_recording(tmp_path / "lived.jsonl").world("lived")
    assert outcome.told is not None
    # The same acts as the one who played knows of, each with the messages that it led to.
    assert [(act.method, act.path, act.status) for act in recorded.acts] == [
        (act.method, act.path, act.status) for act in outcome.told.acts
    ]
    assert messages_by_act(recorded) == messages_by_act(outcome.told)
    replayed = await Playback(exchange, recorded).play()
    assert (replayed.drifts, replayed.stuck) == ([], [])


async def test_a_world_that_kept_no_acts_has_its_messages_put_again(exchange: Exchange) -> None:
    outcome = await Runner(exchange, load_scenario(scenario_path("s03-objection"))).play()
    told = await recorder.record_world(await World.join(exchange, outcome.world), "heard")
    assert told.acts == []
    replayed = await Playback(exchange, told).play()
    assert [case.state for case in replayed.told.cases] == ["OBJECTED"]
    assert replayed.drifts == []


async def draft(exchange: Exchange, world: World, key: str, body: Any) -> None:
    await world.ask(EXPORTER, "POST", "/notifier/v1/notifications", key=key, body=body)


async def test_what_changes_nothing_and_what_is_sent_twice_is_no_act(exchange: Exchange) -> None:
    world = await World.open(exchange, now="2026-06-01T00:00:00Z", label="acts", key="acts")
    await draft(exchange, world, "before", {})
    assert await recorder.begin(world) == "2026-06-01T00:00:00Z"
    other = await World.open(exchange, now="2026-06-01T00:00:00Z", label="other", key="other")
    await draft(exchange, other, "elsewhere", {})
    await draft(exchange, world, "k", {})
    await draft(exchange, world, "k", {})
    await world.ask(EXPORTER, "GET", "/notifier/v1/notifications")
    await exchange.request("POST", "/notifier/v1/notifications", token="nobody's", key="k", body={})
    kept = await recorder.kept_acts(world)
    assert [(act["key"], act["status"], act["seat"]["agency"]) for act in kept] == [("k", 201, "CA-PLASTIX")]
    assert SECRET not in json.dumps(kept)
    await world.delete()
    assert (await exchange.as_operator("GET", f"/v1/worlds/{world.id}/acts")).status in (404, 410)


async def test_the_acts_of_a_live_world_are_not_kept(exchange: Exchange) -> None:
    opened = await exchange.operate("POST", "/v1/worlds", {"mode": "live"}, key="live")
    with pytest.raises(ExchangeDown, match=r"409.*ACTS_LIVE"):
        await recorder.begin(World(exchange, opened["world"]))
