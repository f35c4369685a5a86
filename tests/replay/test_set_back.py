"""Snapshots: a world is set back to one, or another begins with it; a live world and half a record never."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from pic_replay.acts import Seat
from pic_replay.exchange import Exchange, Reply, World
from pic_replay.scenario import load_scenario
from tests.support.exchanges import SECRET, own_exchange, scenario_path

pytestmark = pytest.mark.asyncio(loop_scope="module")
START = "2026-06-01T00:00:00Z"
EXPORTER = Seat("exporter", "CA", "CA-PLASTIX")
NOTIFICATIONS = "/notifier/v1/notifications"
DRAFT = load_scenario(scenario_path("preludes/canada-to-belgium")).steps[0].send


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def exchange(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Exchange]:
    folder = tmp_path_factory.mktemp("exchange")
    async with own_exchange(folder, secret=SECRET) as url, Exchange(url, SECRET) as exchange:
        yield exchange


async def opened(exchange: Exchange, name: str, **order: Any) -> World:
    wanted = {"world": name, "now": START, "keep_acts": True} | order
    found = await exchange.operate("POST", "/v1/worlds", wanted, key=f"open:{name}")
    return await World.join(exchange, name, found["now"])


async def submitted(world: World, key: str = "1") -> str:
    """A draft, submitted three days later; its case."""
    assert DRAFT is not None
    drafted = await world.ask(EXPORTER, "POST", NOTIFICATIONS, key=f"draft {key}", body=DRAFT.body)
    await world.move_clock("+3d")
    path = f"{NOTIFICATIONS}/{drafted.body['case']}/submission"
    reply = await world.ask(EXPORTER, "POST", path, key=f"submit {key}", body={})
    assert (drafted.status, reply.status) == (201, 200)
    return str(drafted.body["case"])


async def taken(world: World, name: str = "base") -> Reply:
    return await world.operate("PUT", f"/snapshots/{name}")


async def set_back(world: World, snapshot: str | None, key: str = "r") -> Reply:
    return await world.operate("POST", "/reset", key=key, body={"snapshot": snapshot})


async def numbers(world: World) -> list[str | None]:
    assert await world.settle() == []
    return [case["number"] for case in await world.case_files()]


async def test_a_world_that_is_set_back_goes_on_where_the_snapshot_was_taken(exchange: Exchange) -> None:
    world = await opened(exchange, "lane")
    client = await exchange.operate(
        "POST",
        "/v1/worlds/lane/clients",
        {"agency": "BE001", "state": "BE", "roles": ["competent-authority"]},
        key="client",
    )
    await submitted(world)
    snapshot = await taken(world)
    assert (snapshot.status, snapshot.body["acts"], snapshot.body["now"]) == (200, 2, "2026-06-04T00:00:00Z")
    await submitted(world, "2")
    assert await numbers(world) == ["CA 0000 000001", "CA 0000 000002"]

    reply = await set_back(world, "base")
    assert (reply.status, reply.body["world"], reply.body["succeeds"]) == (201, "lane-2", "lane")
    assert reply.body["now"] == "2026-06-04T00:00:00Z"
    again = await World.join(exchange, "lane-2")
    assert await numbers(again) == ["CA 0000 000001"]
    assert (await again.digest())["digest"] == snapshot.body["digest"]
    assert [one["name"] for one in await again.look("/v1/worlds/lane-2/snapshots")] == ["base"]

    gone = await exchange.as_operator("GET", "/v1/worlds/lane")
    assert (gone.status, gone.body["rule"]) == (410, "WORLD_DELETED")
    assert "goes on as 'lane-2'" in gone.body["detail"]
    token = await exchange.token(client["client_id"], client["client_secret"])
    assert (await exchange.request("GET", "/v1/worlds/lane-2", token=token)).status == 200


@pytest.mark.slow
async def test_set_back_again_and_again_it_is_the_same_and_the_same_request_sets_it_back_once(
    exchange: Exchange,
) -> None:
    world = await opened(exchange, "often")
    await submitted(world)
    digest = (await taken(world)).body["digest"]
    first = await set_back(world, "base")
    assert (await set_back(world, "base")).body == first.body
    second = await set_back(World(exchange, "often-2"), "base")
    assert second.body["world"] == "often-3"
    assert (await (await World.join(exchange, "often-3")).digest())["digest"] == digest
    assert "often-2" not in {one["world"] for one in await exchange.operate("GET", "/v1/worlds")}


async def test_without_a_snapshot_it_goes_on_empty_where_its_clock_began(exchange: Exchange) -> None:
    world = await opened(exchange, "emptied")
    await submitted(world)
    reply = await set_back(world, None)
    assert (reply.body["world"], reply.body["now"]) == ("emptied-2", START)
    fresh = await World.join(exchange, "emptied-2", START)
    assert await numbers(fresh) == []
    await submitted(fresh)
    assert (await taken(fresh)).status == 200


async def test_a_world_begins_with_the_snapshot_of_another_and_each_goes_its_own_way(
    exchange: Exchange,
) -> None:
    world = await opened(exchange, "mother")
    await submitted(world)
    digest = (await taken(world)).body["digest"]
    seed = {"world": "mother", "snapshot": "base"}
    born = await exchange.operate("POST", "/v1/worlds", {"world": "child", "seed": seed}, key="child")
    assert born["now"] == "2026-06-04T00:00:00Z"
    child = await World.join(exchange, "child")
    assert (await child.digest())["digest"] == digest
    await submitted(child, "2")
    assert await numbers(child) == ["CA 0000 000001", "CA 0000 000002"]
    assert await numbers(world) == ["CA 0000 000001"]


@pytest.mark.slow
async def test_what_was_said_once_more_is_said_once_more_by_its_new_name(exchange: Exchange) -> None:
    world = await opened(exchange, "echo")
    await submitted(world)
    assert await world.settle() == []
    said = [one["id"] for one in await world.new_events() if one.get("case")]
    assert (await world.operate("POST", f"/messages/{said[0]}/repetition", key="e", body={})).status == 202
    assert (await taken(world)).body["acts"] == 3
    assert (await set_back(world, "base")).status == 201


@pytest.mark.parametrize("what", ["snapshot", "reset"])
async def test_a_live_world_is_refused_by_name(exchange: Exchange, what: str) -> None:
    opened = await exchange.operate("POST", "/v1/worlds", {"mode": "live"}, key=f"live {what}")
    live = World(exchange, opened["world"])
    reply = await (taken(live) if what == "snapshot" else set_back(live, None))
    assert (reply.status, reply.body["rule"]) == (409, "SNAPSHOT_LIVE")
    seeded = {"mode": "live", "keep_acts": True}
    assert (await exchange.as_operator("POST", "/v1/worlds", key="k", body=seeded)).status == 422


async def test_no_snapshot_where_something_was_asked_before_keeping_began(exchange: Exchange) -> None:
    world = await opened(exchange, "late", keep_acts=False)
    assert (await taken(world)).body["rule"] == "SNAPSHOT_ACTS_MISSING"
    await submitted(world)
    assert (await world.operate("PUT", "/acts")).status == 200
    assert (await taken(world)).body["rule"] == "SNAPSHOT_ACTS_MISSING"
    untouched = await opened(exchange, "in-time", keep_acts=False)
    assert (await untouched.operate("PUT", "/acts")).status == 200
    assert (await taken(untouched)).status == 200


async def test_a_snapshot_that_there_is_not_is_told_beside_those_that_there_are(exchange: Exchange) -> None:
    world = await opened(exchange, "named")
    await taken(world, "consented")
    reply = await set_back(world, "consentd")
    assert (reply.status, reply.body["rule"]) == (404, "SNAPSHOT_UNKNOWN")
    assert "it has consented" in reply.body["detail"]
    assert (await world.operate("DELETE", "/snapshots/consented")).status == 204
    assert (await world.operate("DELETE", "/snapshots/consented")).status == 404


async def test_a_world_that_would_come_out_otherwise_is_refused_and_the_old_one_stands(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a change of the law between the snapshot and the reset."""
    world = await opened(exchange, "drifting")
    await submitted(world)
    await taken(world)
    monkeypatch.setattr(
        "notifier.domain.numbering.format_number", lambda state, year, last: f"{state} 0001 00000{last}"
    )
    reply = await set_back(world, "base")
    assert (reply.status, reply.body["rule"]) == (409, "SNAPSHOT_DRIFTS")
    standing = {one["world"] for one in await exchange.operate("GET", "/v1/worlds")}
    assert "drifting" in standing
    assert "drifting-2" not in standing
    monkeypatch.undo()
    assert (await set_back(world, "base", key="again")).body["world"] == "drifting-3"
