"""Rules 1 and 4: one request or batch is one transaction, and ids follow from the cause."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from pic_kit import consumer as consumer_module
from pic_kit.bus.base import BusUnavailable
from pic_kit.consumer import Consumer
from pic_kit.database import Unavailable
from pic_kit.tables import heard, outbox, streams, timers
from pic_kit.transaction import Work
from pic_schemas.envelope import Event
from pic_schemas.messages import GuaranteeLodged
from tests.support.tiny_exchange import services
from tests.support.tiny_exchange.exchange import START, WORLD, TinyExchange, case_id
from tests.support.tiny_exchange.tables import guarantees

CASE = case_id("one transaction")
EVERYTHING = (guarantees, outbox, streams, heard, timers)


class Crash(Exception):
    """The process dies here."""


def two_events(exchange: TinyExchange) -> list[Event]:
    return [exchange.event(services.lodged(amount), case=CASE) for amount in (1, 2)]


async def test_a_crash_between_command_and_commit_leaves_nothing(exchange: TinyExchange) -> None:
    async def lodge_and_die(work: Work) -> None:
        await services.lodge(work, CASE, 100)
        await work.transaction.flush()
        raise Crash

    with pytest.raises(Crash):
        await exchange.work(exchange.lodging, lodge_and_die, cause="k1")
    assert await exchange.contents(exchange.lodging, *EVERYTHING) == [[], [], [], [], []]


async def test_a_request_that_is_cancelled_before_its_commit_leaves_nothing(exchange: TinyExchange) -> None:
    flushed = asyncio.Event()

    async def lodge_and_wait(work: Work) -> None:
        await services.lodge(work, CASE, 100)
        await work.transaction.flush()
        flushed.set()
        await asyncio.Event().wait()

    request = asyncio.create_task(exchange.work(exchange.lodging, lodge_and_wait, cause="k1"))
    await flushed.wait()
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert await exchange.contents(exchange.lodging, *EVERYTHING) == [[], [], [], [], []]
    await exchange.lodge(CASE)
    assert len(await exchange.rows(exchange.lodging, outbox)) == 1


async def test_requests_cancelled_at_any_moment_are_done_wholly_or_not_at_all(exchange: TinyExchange) -> None:
    await exchange.lodge(CASE)
    for steps in range(80):
        act = partial(services.change, case=CASE)
        request = asyncio.create_task(exchange.work(exchange.lodging, act, cause=f"steps {steps}"))
        for _ in range(steps):
            await asyncio.sleep(0)
        request.cancel()
        await asyncio.gather(request, return_exceptions=True)
    await exchange.work(exchange.lodging, act, cause="last")
    guarantee = await services.find(exchange.lodging, WORLD, CASE)
    rows = await exchange.rows(exchange.lodging, outbox)
    assert guarantee is not None
    assert guarantee.changes == len(rows) - 1
    sequences = [Event.model_validate_json(row.event).sequence for row in rows]
    assert sequences == list(range(1, len(rows) + 1))


async def test_a_batch_that_fails_at_its_end_has_no_effect_and_is_read_again(exchange: TinyExchange) -> None:
    away = [True]

    @exchange.desk_hears.on(GuaranteeLodged)
    async def die_once(work: Work, event: Event, message: GuaranteeLodged) -> None:
        await work.transaction.flush()
        if away.pop() if away else False:
            raise Unavailable("the server shuts down")

    await exchange.say(
        exchange.event(services.lodged(1), case=CASE), exchange.event(services.lodged(2), case=CASE)
    )
    assert exchange.desk.consumer is not None
    with pytest.raises(Unavailable):
        await exchange.desk.consumer.read_once(wait=0)
    assert await exchange.contents(exchange.desk, *EVERYTHING) == [[], [], [], [], []]
    await exchange.desk.consumer.close()
    await exchange.read_all(exchange.desk)
    assert len(await exchange.rows(exchange.desk, outbox)) == 2
    assert (await exchange.rows(exchange.desk, heard))[0].last == 2


class CommitsOffsetFirst(Consumer):
    """Rule 1 broken on purpose: the bus is told before the database."""

    async def read_once(self, wait: float = 1.0) -> int:
        subscription = await self._subscribe()
        for (topic, partition), records in (await subscription.fetch(limit=500, wait=wait)).items():
            await subscription.commit({(topic, partition): records[-1].offset + 1})
            await self.handle(records)
        return 0


@pytest.mark.parametrize(("kind", "survives"), [(Consumer, True), (CommitsOffsetFirst, False)])
async def test_a_crash_before_the_database_commit_loses_no_message(
    exchange: TinyExchange, kind: type[Consumer], survives: bool
) -> None:
    class Dies(kind):  # type: ignore[misc, valid-type]
        async def handle(self, records: Any) -> None:
            raise Crash

    await exchange.say(exchange.event(services.lodged(1), case=CASE))
    dying = Dies(exchange.desk, exchange.desk_hears, ["pic.cases"])
    with pytest.raises(Crash):
        await dying.read_once(wait=0)
    await dying.close()
    await exchange.read_all(exchange.desk)
    assert bool(await exchange.rows(exchange.desk, heard)) is survives


async def test_an_offset_that_could_not_be_committed_only_means_reading_again(
    exchange: TinyExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    await exchange.say(exchange.event(services.lodged(1), case=CASE))
    assert exchange.desk.consumer is not None
    subscription = await exchange.desk.consumer._subscribe()

    async def away(*_: Any) -> None:
        raise BusUnavailable("the broker is gone")

    monkeypatch.setattr(subscription, "commit", away)
    with pytest.raises(BusUnavailable):
        await exchange.desk.consumer.read_once(wait=0)
    await exchange.desk.consumer.close()
    once = await exchange.contents(exchange.desk, *EVERYTHING)
    await exchange.read_all(exchange.desk)
    assert len(once[1]) == 1
    assert await exchange.contents(exchange.desk, *EVERYTHING) == once


async def test_a_busy_reader_commits_now_and_then_an_idle_one_at_once(
    exchange: TinyExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer_module, "COMMIT_EVERY", 3600.0)
    consumer = Consumer(exchange.desk, exchange.desk_hears, ["pic.cases"])
    subscription = await consumer._subscribe()
    commit, told = subscription.commit, list[int]()

    async def noted(offsets: Any) -> None:
        told.append(max(offsets.values()))
        await commit(offsets)

    monkeypatch.setattr(subscription, "commit", noted)
    read = 0
    for number in (1, 2, 3):
        await exchange.say(exchange.event(services.lodged(number), case=CASE))
        while read < number:
            read += await consumer.read_once(wait=1)
    first = told[0]
    assert told == [first]  # it had never committed before; then it was busy
    while await consumer.read_once(wait=0):
        pass
    assert told == [first, first + 2]
    await consumer.close()


async def test_a_reader_that_is_stopped_has_told_how_far_it_was(
    exchange: TinyExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer_module, "COMMIT_EVERY", 3600.0)
    consumer = Consumer(exchange.desk, exchange.desk_hears, ["pic.cases"])
    task = asyncio.create_task(consumer.run())
    for number in (1, 2, 3):
        await exchange.say(exchange.event(services.lodged(number), case=CASE))
        async with consumer.progress:
            await consumer.progress.wait_for(lambda: consumer.read >= number)  # noqa: B023
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    following = Consumer(exchange.desk, exchange.desk_hears, ["pic.cases"])
    assert await following.read_once(wait=0) == 0
    await following.close()


async def test_the_same_cause_handled_by_a_second_store_says_the_same_under_the_same_ids(
    exchange: TinyExchange, settings: Any
) -> None:
    await exchange.say(
        exchange.event(services.lodged(1), case=CASE), exchange.event(services.lodged(2), case=CASE)
    )
    twin = services.desk(settings_of_a_twin(settings), exchange.bus)
    await twin.prepare()
    try:
        await exchange.open_world(only=twin)
        ids = []
        for runtime in (exchange.desk, twin):
            await exchange.read_all(runtime)
            await runtime.fire_due(WORLD, START + timedelta(days=31))
            ids.append([row.event_id for row in await exchange.rows(runtime, outbox)])
        assert len(ids[0]) == 3
        assert ids[0] == ids[1]
    finally:
        await twin.stop()


def settings_of_a_twin(settings: Any) -> Any:
    """Another database of the same service, beside the first."""
    return replace(settings, data=settings.data / "twin", database_urls={})


async def test_a_command_is_the_cause_of_what_it_says(exchange: TinyExchange) -> None:
    ids = []
    for attempt in range(2):
        await exchange.lodging.write(partial(_forget, exchange))
        await exchange.lodge(CASE, key="same")
        ids.append([row.event_id for row in await exchange.rows(exchange.lodging, outbox)])
        assert len(ids[attempt]) == 1
    assert ids[0] == ids[1]


async def _forget(exchange: TinyExchange, transaction: Any) -> None:
    for table in (guarantees, outbox, streams):
        await transaction.connection.execute(table.delete())
