"""Rule 3: the relay loses nothing, marks exactly what was acknowledged, and is alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from pic_kit.bus.base import Bus, BusUnavailable, Record
from pic_kit.database import is_unavailable
from pic_kit.relay import LockLost, Relay
from pic_kit.runtime import Runtime
from pic_kit.tables import outbox
from pic_kit.transaction import Transaction, Work
from pic_schemas.envelope import Event, from_binary
from tests.kit.conftest import POSTGRES
from tests.support.tiny_exchange import services
from tests.support.tiny_exchange.exchange import WORLD, TinyExchange, case_id, eventually

FIRST, SECOND = case_id("first"), case_id("second")


class StubbornBus:
    """The real bus, but some records are not acknowledged."""

    def __init__(self, bus: Bus, refuses: Callable[[Event], bool]) -> None:
        self._bus = bus
        self.refuses = refuses

    async def publish(self, records: Sequence[Record]) -> list[Exception | None]:
        results: list[Exception | None] = []
        for record in records:
            if self.refuses(from_binary(record.headers, record.value)):
                results.append(BusUnavailable("not acknowledged"))
            else:
                results += await self._bus.publish([record])
        return results


class PollsAfterLast(Relay):
    """Rule 3 broken on purpose: polls what comes after the last sequence that it has seen."""

    last = 0

    async def _unpublished(
        self, lock: Any, past: Any = (), *, heads: bool = False, held: Any = ()
    ) -> list[Any]:
        query = select(outbox).where(outbox.c.seq > self.last).order_by(outbox.c.seq)
        async with self._database.reading() as connection:
            rows = list((await connection.execute(query)).all())
        self.last = rows[-1].seq if rows else self.last
        return rows


async def published(exchange: TinyExchange) -> list[tuple[str | None, int]]:
    return [
        (row.case_id, row.seq) for row in await exchange.rows(exchange.lodging, outbox) if row.published_at
    ]


def relay_on(exchange: TinyExchange, bus: Any, kind: type[Relay] = Relay) -> Relay:
    return kind("lodging", exchange.lodging.database, bus)


@pytest.mark.parametrize("ground", [POSTGRES])
@pytest.mark.parametrize(("kind", "lost"), [(Relay, 0), (PollsAfterLast, 1)])
async def test_a_commit_that_comes_late_is_not_lost(
    exchange: TinyExchange, kind: type[Relay], lost: int
) -> None:
    relay = relay_on(exchange, exchange.bus, kind)
    async with exchange.lodging.database.writing() as slow:
        transaction = Transaction(slow, "lodging")
        world = await transaction.open_world(WORLD)
        await services.lodge(Work(transaction, world, uuid5(NAMESPACE_URL, "slow")), FIRST, 1)
        await transaction.flush()
        await exchange.lodge(SECOND)
        assert await relay.publish_batch() == 1
    await relay.publish_batch()
    assert 2 - len(await published(exchange)) == lost


async def test_only_what_the_broker_acknowledged_is_marked(exchange: TinyExchange) -> None:
    for number in range(5):
        await exchange.lodge(case_id(f"case {number}"))
    refused = {case_id("case 1"), case_id("case 3")}
    bus = StubbornBus(exchange.bus, lambda event: event.case in refused)
    assert await relay_on(exchange, bus).publish_batch() == 3
    assert {case for case, _ in await published(exchange)} == {case_id(f"case {n}") for n in (0, 2, 4)}
    assert await relay_on(exchange, exchange.bus).publish_batch() == 2
    assert len(await published(exchange)) == 5


async def test_after_a_failed_row_no_later_row_of_its_case_counts(exchange: TinyExchange) -> None:
    await exchange.lodge(FIRST)
    for number in range(3):
        await exchange.work(
            exchange.lodging, lambda work: services.change(work, FIRST), cause=f"change {number}"
        )
    await exchange.lodge(SECOND)
    bus = StubbornBus(exchange.bus, lambda event: event.case == FIRST and event.sequence == 2)
    await relay_on(exchange, bus).publish_batch()
    assert await published(exchange) == [(FIRST, 1), (SECOND, 5)]
    bus.refuses = lambda event: False
    assert await relay_on(exchange, bus).publish_batch() == 3
    await exchange.deliver()
    guarantee = await services.find(exchange.desk, WORLD, FIRST)
    assert guarantee is not None
    assert guarantee.changes == 4


async def test_a_refused_case_with_more_than_a_batch_to_say_keeps_no_other_case_waiting(
    exchange: TinyExchange,
) -> None:
    refused, more = {FIRST, case_id("third")}, 5
    for case in sorted(refused):
        await exchange.lodge(case)
        for number in range(more):
            cause = f"{case} {number}"
            await exchange.work(exchange.lodging, partial(services.change, case=case), cause=cause)
    await exchange.lodge(SECOND)
    bus = StubbornBus(exchange.bus, lambda event: event.case in refused)
    relay = Relay("lodging", exchange.lodging.database, bus, batch=more)  # type: ignore[arg-type]
    assert await relay.publish_batch() == 1
    assert {case for case, _ in await published(exchange)} == {SECOND}


async def test_a_bus_that_is_away_marks_nothing_and_is_told_to_the_caller(exchange: TinyExchange) -> None:
    await exchange.lodge(FIRST)
    with pytest.raises(BusUnavailable):
        await relay_on(exchange, StubbornBus(exchange.bus, lambda event: True)).publish_batch()
    assert await published(exchange) == []


async def test_a_relay_that_died_after_publishing_makes_a_duplicate_that_changes_nothing(
    exchange: TinyExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Dies(Relay):
        async def _mark(self, lock: Any, published: list[int]) -> None:
            raise asyncio.CancelledError

    await exchange.lodge(FIRST)
    with pytest.raises(asyncio.CancelledError):
        await relay_on(exchange, exchange.bus, Dies).publish_batch()
    await exchange.deliver()
    assert len([r for r in await exchange.log() if r.key.decode().endswith(FIRST)]) == 3
    guarantee = await services.find(exchange.desk, WORLD, FIRST)
    assert guarantee is not None
    assert guarantee.changes == 1


@pytest.mark.parametrize("ground", [POSTGRES])
async def test_only_one_relay_is_active_and_it_notices_that_its_lock_is_gone(exchange: TinyExchange) -> None:
    await exchange.lodge(FIRST)
    async with AsyncExitStack() as first, AsyncExitStack() as second:
        relay, standby = relay_on(exchange, exchange.bus), relay_on(exchange, exchange.bus)
        lock = await relay.take_lock(first)
        with pytest.raises(LockLost):
            await standby.take_lock(second)
        await end_the_lock_holder(exchange.lodging)
        with pytest.raises(DBAPIError) as trouble:
            await relay.publish_batch(lock)
        assert is_unavailable(trouble.value)
        assert await exchange.log() == []
        assert await standby.publish_batch(await standby.take_lock(second)) == 1


@pytest.mark.parametrize("ground", [POSTGRES])
async def test_a_running_relay_takes_its_lock_again_and_goes_on(exchange: TinyExchange) -> None:
    await exchange.lodging.start()
    await eventually(lambda: exchange.lodging.relay.active)
    await end_the_lock_holder(exchange.lodging)
    await exchange.lodge(FIRST)

    async def said() -> bool:
        return len(await published(exchange)) == 1

    await eventually(said)


async def end_the_lock_holder(runtime: Runtime) -> None:
    """As a fail-over or an administrator would."""
    query = (
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    async with runtime.database.reading() as connection:
        assert (await connection.execute(text(query))).scalar_one()
