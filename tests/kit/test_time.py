"""Rule 9: time comes from the world's clock; what comes due fires once and says when."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import httpx
import pytest

from pic_kit.activity import activity
from pic_kit.tables import outbox, timers
from pic_kit.timers import Timer
from pic_kit.transaction import Work
from pic_schemas.envelope import Event
from pic_schemas.messages import ClockMoved, GuaranteeReleased
from tests.kit.conftest import LAPTOP
from tests.support.tiny_exchange import services
from tests.support.tiny_exchange.exchange import START, WORLD, TinyExchange, case_id
from tests.support.tiny_exchange.tables import Guarantee, repository

CASE = case_id("time")
DUE = START + services.REVIEW
CLOCK = f"/internal/worlds/{WORLD}/clock"
TIMERS = f"/internal/worlds/{WORLD}/timers"


async def said(exchange: TinyExchange, message: Any = GuaranteeReleased) -> list[Event]:
    events = [Event.model_validate_json(row.event) for row in await exchange.rows(exchange.desk, outbox)]
    return [event for event in events if event.type == message.type]


async def move(client: httpx.AsyncClient, now: datetime, moving: bool = False) -> httpx.Response:
    return await client.put(CLOCK, json={"now": now.isoformat(), "moving": moving})


async def test_a_timer_fires_once_and_its_event_says_when_it_was_due(exchange: TinyExchange) -> None:
    await exchange.lodge(CASE)
    await exchange.deliver()
    assert await exchange.desk.next_due(WORLD) == DUE
    async with exchange.client(exchange.desk, roles=["exchange"], world="") as window:
        assert (await window.post(TIMERS)).json() == {"fired": 0}
        later = DUE + timedelta(days=3)
        assert (await move(window, later)).json()["due"] == 1
        fired = await asyncio.gather(*(window.post(TIMERS) for _ in range(4)))
    assert sum(answer.json()["fired"] for answer in fired) == 1
    [event] = await said(exchange)
    assert event.time == event.recordedtime == DUE
    assert event.data["released_on"] == DUE.date().isoformat()
    assert (await activity(exchange.desk, WORLD)).next_due is None


async def test_a_timer_that_another_process_fired_first_has_no_second_effect(exchange: TinyExchange) -> None:
    timer = Timer(WORLD, CASE, "count", DUE)

    @exchange.desk_deadlines.on("count")
    async def count(work: Work, timer: Timer) -> None:
        guarantee = await work.shelf(repository).get(WORLD, CASE)
        assert guarantee is not None
        guarantee.changes += 1

    async def schedule(work: Work) -> None:
        work.shelf(repository).add(Guarantee(WORLD, CASE, 1))
        work.timers.schedule(timer)

    await exchange.work(exchange.desk, schedule, cause="count")
    fire = partial(exchange.desk._fire, timer=timer)
    assert sorted(await asyncio.gather(*(exchange.desk.write(fire) for _ in range(4)))) == [0, 0, 0, 1]
    guarantee = await services.find(exchange.desk, WORLD, CASE)
    assert guarantee is not None
    assert guarantee.changes == 1


async def test_timers_that_come_due_together_fire_in_a_fixed_order(exchange: TinyExchange) -> None:
    cases = sorted(case_id(f"tie {n}") for n in range(5))
    keys = [(kind, case, authority) for kind in ("a", "b") for case in cases for authority in ("BE1", "BE2")]
    fired: list[tuple[str, str, str]] = []
    for kind in ("a", "b"):

        @exchange.desk_deadlines.on(kind)
        async def note(work: Work, timer: Timer) -> None:
            fired.append((timer.kind, timer.case, timer.authority))

    async def schedule(work: Work) -> None:
        for kind, case, authority in reversed(keys):
            work.timers.schedule(Timer(WORLD, case, kind, DUE, authority))

    await exchange.work(exchange.desk, schedule, cause="ties")
    assert await exchange.desk.fire_due(WORLD, DUE) == 20
    assert fired == sorted(keys)


async def test_what_a_timer_schedules_fires_before_what_is_due_after_it(exchange: TinyExchange) -> None:
    fired: list[datetime] = []

    @exchange.desk_deadlines.on("chain")
    async def chain(work: Work, timer: Timer) -> None:
        fired.append(work.now)
        if not timer.restarts:
            soon = Timer(WORLD, CASE, "chain", timer.due_at + timedelta(days=1), restarts=1)
            work.timers.schedule(soon)

    async def schedule(work: Work) -> None:
        for days, authority in ((0, ""), (3, "later")):
            work.timers.schedule(Timer(WORLD, CASE, "chain", DUE + timedelta(days=days), authority, days))

    await exchange.work(exchange.desk, schedule, cause="chain")
    await exchange.desk.fire_due(WORLD, DUE + timedelta(days=9))
    assert fired == [DUE, DUE + timedelta(days=1), DUE + timedelta(days=3)]


async def test_a_cancelled_timer_does_not_fire_and_a_restarted_one_fires_once(exchange: TinyExchange) -> None:
    first = Timer(WORLD, CASE, "review", DUE, "BE001")
    second = Timer(WORLD, CASE, "review", DUE + timedelta(days=5), "BE001", restarts=1)

    async def schedule(work: Work) -> None:
        work.timers.schedule(first)
        work.timers.schedule(Timer(WORLD, CASE, "review", DUE, "BE002"))

    async def restart(work: Work) -> None:
        await work.timers.cancel(WORLD, CASE, "review", "BE001")
        work.timers.schedule(second)

    for act in (schedule, restart):
        await exchange.work(exchange.desk, act, cause=act.__name__)
    assert await exchange.desk.fire_due(WORLD, DUE + timedelta(days=9)) == 2
    assert [event.time for event in await said(exchange)] == [DUE, second.due_at]
    statuses = {
        (row.authority, row.restarts): row.status for row in await exchange.rows(exchange.desk, timers)
    }
    assert statuses == {("BE001", 0): "cancelled", ("BE001", 1): "fired", ("BE002", 0): "fired"}


async def test_a_timer_that_fails_stays_due_and_stops_no_other(exchange: TinyExchange) -> None:
    async def schedule(work: Work) -> None:
        work.timers.schedule(Timer(WORLD, CASE, "nobody handles this", DUE - timedelta(days=1)))
        work.timers.schedule(Timer(WORLD, CASE, "review", DUE))

    await exchange.work(exchange.desk, schedule, cause="mixed")
    async with exchange.client(exchange.desk, roles=["exchange"], world="") as window:
        await move(window, DUE)
        assert (await window.post(TIMERS)).json() == {"fired": 1}
    assert (await activity(exchange.desk, WORLD)).due == 1


async def test_while_the_clock_is_moving_commands_are_told_to_wait(exchange: TinyExchange) -> None:
    command = {"json": {"amount": 5}, "headers": {"Idempotency-Key": "k"}}
    async with (
        exchange.client(exchange.lodging, roles=["exchange"], world="") as window,
        exchange.client(exchange.lodging) as exporter,
    ):
        await move(window, DUE, moving=True)
        answer = await exporter.post(f"/cases/{CASE}/guarantee", **command)  # type: ignore[arg-type]
        assert answer.status_code == 423
        assert answer.headers["Retry-After"] == "1"
        assert answer.json()["rule"] == "CLOCK_MOVING"
        await move(window, DUE, moving=False)
        answer = await exporter.post(f"/cases/{CASE}/guarantee", **command)  # type: ignore[arg-type]
        assert answer.status_code == 201
    [row] = await exchange.rows(exchange.lodging, outbox)
    assert Event.model_validate_json(row.event).time == DUE


async def test_a_clock_never_goes_back(exchange: TinyExchange) -> None:
    async with exchange.client(exchange.desk, roles=["exchange"], world="") as window:
        await move(window, DUE)
        assert datetime.fromisoformat((await move(window, START)).json()["now"]) == DUE
        moved = exchange.event(
            ClockMoved(now=START + timedelta(days=1)), case=None, source="/single-window/exchange"
        )
        await exchange.hear(exchange.desk, moved)
        assert (await activity(exchange.desk, WORLD)).now == DUE


async def test_a_clock_message_moves_the_clock_of_every_service(exchange: TinyExchange) -> None:
    await exchange.say(exchange.event(ClockMoved(now=DUE), case=None, source="/single-window/exchange"))
    await exchange.deliver()
    for runtime in exchange.runtimes:
        assert (await activity(runtime, WORLD)).now == DUE


async def test_the_clock_of_a_live_world_cannot_be_set(exchange: TinyExchange) -> None:
    await exchange.open_world("live-world", "live")
    async with exchange.client(exchange.desk, roles=["exchange"], world="") as window:
        answer = await window.put(
            "/internal/worlds/live-world/clock", json={"now": DUE.isoformat(), "moving": True}
        )
    assert answer.status_code == 409
    assert answer.json()["rule"] == "LIVE_CLOCK"


@pytest.mark.parametrize("ground", [LAPTOP])
async def test_a_naive_time_is_refused(exchange: TinyExchange) -> None:
    async with exchange.client(exchange.desk, roles=["exchange"], world="") as window:
        answer = await window.put(CLOCK, json={"now": "2026-05-01T08:00:00", "moving": False})
        assert answer.status_code == 422

    async def schedule(work: Work) -> None:
        work.timers.schedule(Timer(WORLD, CASE, "review", datetime(2026, 5, 1)))

    with pytest.raises(Exception, match="naive"):
        await exchange.work(exchange.desk, schedule, cause="naive")
