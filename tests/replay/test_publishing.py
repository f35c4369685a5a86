"""Testers speak as the other side, in sandboxes only; what they say is checked like everything else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from pic_replay.exchange import Exchange, Reply, World
from pic_replay.runner import Runner
from pic_replay.scenario import load_scenario
from tests.support.exchanges import SECRET, own_exchange, scenario_path

ACKNOWLEDGED, DECIDED = "pic.notification.acknowledged.v1", "pic.decision.taken.v1"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def exchange(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Exchange]:
    folder = tmp_path_factory.mktemp("exchange")
    async with own_exchange(folder, secret=SECRET) as url, Exchange(url, SECRET) as exchange:
        yield exchange


async def said(world: World) -> list[str]:
    return [event["type"] for event in (await world.look(f"/v1/events?world={world.id}&limit=500"))["events"]]


def order(**changed: Any) -> dict[str, Any]:
    message = {
        "type": "pic.guarantee.released.v1",
        "sender": "CA/competent-authority/CA001",
        "data": {"guarantee_id": "G-1", "released_on": "2026-06-01"},
    }
    return {"case": "c-1", "messages": [message | changed]}


async def put(exchange: Exchange, world: str, body: dict[str, Any], key: str, query: str = "") -> Reply:
    return await exchange.as_operator("POST", f"/v1/worlds/{world}/messages{query}", key=key, body=body)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_message_that_comes_too_early_waits_and_one_that_comes_twice_counts_once(
    exchange: Exchange,
) -> None:
    scenario = load_scenario(scenario_path("s23-duplicates-and-order"))
    outcome = await Runner(exchange, scenario).play()
    assert outcome.failures == []
    types = await said(await World.join(exchange, outcome.world))
    # On the log the decision stands first; the objection, which follows from it, only behind both.
    assert types.index(DECIDED) < types.index(ACKNOWLEDGED) < types.index("pic.notification.objected.v1")
    assert types.count(DECIDED) == 1


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("changed", "rule", "pointer"),
    [
        ({"type": "pic.guarantee.eaten.v1"}, "MESSAGE_UNKNOWN", "/messages/0/type"),
        ({"type": "pic.world.deleted.v1"}, "MESSAGE_UNKNOWN", "/messages/0/type"),
        ({"sender": "CA/customs/CAMTR001"}, "SENDER_SEAT", "/messages/0/sender"),
        ({"sender": "Canada"}, "ADDRESS_UNREADABLE", "/messages/0/sender"),
        ({"data": {}}, "MESSAGE_SHAPE", "/messages/0/data/"),
    ],
)
async def test_what_the_contract_does_not_know_is_refused_and_nothing_is_said(
    exchange: Exchange, changed: dict[str, Any], rule: str, pointer: str
) -> None:
    world = await World.open(exchange, now="2026-06-01T00:00:00Z", label="x", key=f"{rule}{changed}")
    reply = await put(exchange, world.id, order(**changed), "k")
    assert reply.status == 422
    assert reply.body["errors"][0]["rule"] == rule
    assert reply.body["errors"][0]["pointer"].startswith(pointer)
    assert await said(world) == ["pic.world.opened.v1"]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_dry_run_says_nothing(exchange: Exchange) -> None:
    world = await World.open(exchange, now="2026-06-01T00:00:00Z", label="x", key="dry")
    assert (await put(exchange, world.id, order(), "k", "?dry_run=true")).status == 201
    assert await world.settle() == []
    assert await said(world) == ["pic.world.opened.v1"]


@pytest.mark.asyncio(loop_scope="module")
async def test_nothing_is_made_up_in_a_live_world(exchange: Exchange) -> None:
    opened = await exchange.operate("POST", "/v1/worlds", {"mode": "live"}, key="live")
    reply = await put(exchange, opened["world"], order(), "k")
    assert (reply.status, reply.body["errors"][0]["rule"]) == (409, "INJECTION_LIVE")
    unheard = f"/v1/worlds/{opened['world']}/messages/00000000-0000-0000-0000-000000000000/repetition"
    assert (await exchange.as_operator("POST", unheard, key="r")).status == 409


@pytest.mark.asyncio(loop_scope="module")
async def test_what_was_never_said_cannot_be_repeated(exchange: Exchange) -> None:
    world = await World.open(exchange, now="2026-06-01T00:00:00Z", label="x", key="never")
    unheard = "/messages/00000000-0000-0000-0000-000000000000/repetition"
    assert (await world.operate("POST", unheard, key="r")).status == 404


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_said_in_the_name_of_another_authority_changes_nothing_and_stops_nobody(
    exchange: Exchange,
) -> None:
    scenario = load_scenario(scenario_path("s23-duplicates-and-order"))
    outcome = await Runner(exchange, scenario, steps=4).play()
    world = await World.join(exchange, outcome.world)
    forged = {
        "type": ACKNOWLEDGED,
        "sender": "NL/competent-authority/NL001",
        "data": {
            "number": outcome.cases[0]["number"],
            "authority": "BE001",
            "role": "import",
            "received_on": "2026-06-05",
            "ack_sent_on": "2026-06-08",
            "decision_due_at": "2026-07-08T00:00:00Z",
            "profile": "EU_2024",
            "rule": "EU_2024.CA-TACIT",
            "article": "Article 9(1)",
        },
    }
    body = {"case": outcome.cases[0]["case"], "messages": [forged]}
    assert (await put(exchange, world.id, body, "forged")).status == 201
    assert await world.settle() == []
