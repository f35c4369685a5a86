"""Faults on order: whatever goes wrong in a sandbox, the same story is told, and elsewhere nothing does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from pic_replay.acts import Seat
from pic_replay.exchange import Exchange, World
from pic_replay.parts import Fault
from pic_replay.runner import Outcome, Runner
from pic_replay.scenario import Scenario, load_scenario
from pic_replay.shape import Step
from tests.support.exchanges import SECRET, own_exchange, scenario_path

pytestmark = pytest.mark.asyncio(loop_scope="module")
EXPORTER = Seat("exporter", "CA", "CA-PLASTIX")
START = "2026-06-01T00:00:00Z"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def exchange(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Exchange]:
    folder = tmp_path_factory.mktemp("exchange")
    async with own_exchange(folder, secret=SECRET) as url, Exchange(url, SECRET) as exchange:
        yield exchange


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def undisturbed(exchange: Exchange) -> Outcome:
    return await Runner(exchange, story()).play(keep=False)


def story(*faults: Fault) -> Scenario:
    """An objection, from draft to the load that is refused, with these faults behind every step."""
    scenario = load_scenario(scenario_path("s03-objection"))
    steps: list[Step] = []
    for step in scenario.steps:
        steps += [*(Step(fault=fault) for fault in faults), step]
    return scenario.model_copy(update={"steps": steps})


FAULTS = {
    "requests that fail": Fault(seed=3, fail=0.5),
    "answers that are lost": Fault(seed=3, lose=0.5),
    "answers that are slow": Fault(seed=3, slow=0.5, seconds=0.01),
    "messages once more, in another order across cases": Fault(seed=3, repeat=0.5),
    "records that nobody can read": Fault(seed=3, unreadable=2),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", FAULTS)
async def test_a_fault_changes_nothing_in_the_story(
    exchange: Exchange, undisturbed: Outcome, kind: str
) -> None:
    outcome = await Runner(exchange, story(FAULTS[kind])).play(keep=False)
    assert outcome.failures == []
    assert outcome.digest == undisturbed.digest


async def ordered(exchange: Exchange, label: str, **order: Any) -> World:
    world = await World.open(exchange, now=START, label=label, key=label)
    assert (await world.operate("PUT", "/faults", body=order)).status == 200
    return world


async def draft(exchange: Exchange, world: World, key: str, seat: Seat = EXPORTER) -> tuple[int, str]:
    """Asked once, without patience: status and rule of the answer."""
    token = await world.seat(seat.role, seat.state, seat.agency)
    impatient = Exchange(exchange.url, SECRET, patience=0)
    async with impatient:
        path = "/notifier/v1/notifications"
        reply = await impatient.request("POST", path, token=token, key=key, body={})
    return reply.status, reply.body.get("rule", "")


async def drafts(world: World) -> int:
    assert await world.settle() == []
    return len(await world.case_files())


async def test_what_failed_was_not_done_and_what_was_lost_was_and_a_third_attempt_gets_through(
    exchange: Exchange,
) -> None:
    failing, losing = await ordered(exchange, "failing", fail=1), await ordered(exchange, "losing", lose=1)
    assert [await draft(exchange, failing, "k") for _ in range(2)] == [(503, "FAULT_FAILED")] * 2
    assert await drafts(failing) == 0
    assert [await draft(exchange, losing, "k") for _ in range(2)] == [(503, "FAULT_LOST")] * 2
    assert await drafts(losing) == 1
    for world in (failing, losing):
        assert (await draft(exchange, world, "k"))[0] == 201
        assert await drafts(world) == 1


async def test_the_same_seed_fails_alike_and_another_one_otherwise(exchange: Exchange) -> None:
    async def run(label: str, seed: int) -> list[int]:
        world = await ordered(exchange, label, seed=seed, fail=0.5)
        return [(await draft(exchange, world, f"k{n}"))[0] for n in range(8)]

    first = await run("first", 5)
    assert set(first) == {201, 503}
    assert await run("again", 5) == first
    assert await run("other", 6) != first


async def test_a_state_is_offline_until_its_day_and_only_that_state_in_only_that_world(
    exchange: Exchange,
) -> None:
    world = await ordered(exchange, "offline", offline={"CA": "2026-06-11T00:00:00Z"})
    beside = await World.open(exchange, now=START, label="beside", key="beside")
    belgian = Seat("exporter", "BE", "BE-EXPORT")
    assert await draft(exchange, world, "k") == (503, "STATE_OFFLINE")
    assert (await draft(exchange, world, "k", belgian))[0] == 201
    assert (await draft(exchange, beside, "k"))[0] == 201
    await world.move_clock("2026-06-11")
    assert (await draft(exchange, world, "k"))[0] == 201


async def test_an_empty_order_ends_all_faults(exchange: Exchange) -> None:
    world = await ordered(exchange, "ended", fail=1)
    assert (await draft(exchange, world, "k"))[0] == 503
    assert (await world.operate("PUT", "/faults", body={})).status == 200
    assert (await draft(exchange, world, "l"))[0] == 201


async def test_what_leaves_late_is_heard_on_its_day_and_the_world_is_quiet_until_then(
    exchange: Exchange,
) -> None:
    world = await ordered(exchange, "late", delay=1, days=3, only=["pic.notification.drafted.v1"])
    assert (await draft(exchange, world, "k"))[0] == 201
    assert await drafts(world) == 0
    assert world.next_due == "2026-06-03T23:59:59Z"
    await world.move_clock("2026-06-04")
    assert await drafts(world) == 1


async def test_an_empty_order_lets_what_was_held_leave_at_once(exchange: Exchange) -> None:
    world = await ordered(exchange, "let-go", drop=1, days=100)
    assert (await draft(exchange, world, "k"))[0] == 201
    assert await drafts(world) == 0
    assert (await world.operate("PUT", "/faults", body={})).status == 200
    assert await drafts(world) == 1


async def test_a_message_that_there_is_not_cannot_be_late(exchange: Exchange) -> None:
    world = await ordered(exchange, "unheard-of")
    reply = await world.operate("PUT", "/faults", body={"delay": 1, "only": ["pic.decision.taken.v9"]})
    assert (reply.status, reply.body["rule"], reply.body["pointer"]) == (422, "MESSAGE_UNKNOWN", "/only/0")


async def test_nothing_goes_wrong_on_purpose_in_a_live_world(exchange: Exchange) -> None:
    opened = await exchange.operate("POST", "/v1/worlds", {"mode": "live"}, key="live")
    live = World(exchange, opened["world"])
    replies = [
        await live.operate("PUT", "/faults", body={"fail": 1}),
        await live.operate("POST", "/messages/disturbance", key="d", body={"repeat": 1}),
    ]
    assert [(one.status, one.body["rule"]) for one in replies] == [(409, "FAULTS_LIVE")] * 2


async def test_unreadable_records_are_parked_and_stop_nobody(exchange: Exchange) -> None:
    world = await World.open(exchange, now=START, label="unreadable", key="unreadable")
    assert (await draft(exchange, world, "k"))[0] == 201
    reply = await world.operate("POST", "/messages/disturbance", key="d", body={"unreadable": 3, "repeat": 1})
    assert (reply.status, reply.body["unreadable"], reply.body["repeated"]) == (202, 3, 1)
    assert (await draft(exchange, world, "l"))[0] == 201
    assert await drafts(world) == 2
