"""Rule 2: aggregate row first, outbox row last, keeps the order of a case with eight writers at once."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, text

from pic_kit.database import Conflict
from pic_kit.outgoing import AlreadySaid
from pic_kit.runtime import Runtime
from pic_kit.tables import outbox
from pic_kit.transaction import Transaction
from pic_schemas.envelope import Event
from tests.kit.conftest import LAPTOP, POSTGRES
from tests.support.tiny_exchange import services
from tests.support.tiny_exchange.exchange import WORLD, TinyExchange, case_id
from tests.support.tiny_exchange.services import find
from tests.support.tiny_exchange.tables import repository

CASE = case_id("order")
WRITERS, ROUNDS = 8, 12


class OutboxFirst(Runtime):
    """Rule 2 broken on purpose: the place in the outbox is taken before the aggregate is locked."""

    async def _write_once(self, work: Any, *, again: bool = False) -> Any:
        async with self.database.writing() as connection:
            transaction = Transaction(connection, self.service)
            place = (await connection.execute(text("SELECT nextval('outbox_seq_seq')"))).scalar_one()
            result = await work(transaction)
            await transaction.flush()
            [event] = transaction.sent
            where = outbox.c.event_id == str(event.id)
            await connection.execute(outbox.update().where(where).values(seq=place))
        return result


async def eight_writers(exchange: TinyExchange, runtime: Runtime) -> list[int]:
    """Sequences of one case in the order of the outbox."""

    async def writer(number: int) -> None:
        for turn in range(ROUNDS):
            act = partial(services.change, case=CASE)
            await exchange.work(runtime, act, cause=f"writer {number} turn {turn}")

    await asyncio.gather(*(writer(number) for number in range(WRITERS)))
    rows = await exchange.rows(exchange.lodging, outbox)
    return [Event.model_validate_json(row.event).sequence for row in rows]


async def test_eight_writers_at_once_keep_the_order_of_their_case(exchange: TinyExchange) -> None:
    await exchange.lodge(CASE)
    sequences = await eight_writers(exchange, exchange.lodging)
    assert sequences == list(range(1, WRITERS * ROUNDS + 2))
    guarantee = await find(exchange.lodging, WORLD, CASE)
    assert guarantee is not None
    assert guarantee.changes == WRITERS * ROUNDS


@pytest.mark.parametrize("ground", [POSTGRES])
async def test_without_rule_two_the_order_breaks(exchange: TinyExchange) -> None:
    await exchange.lodge(CASE)
    broken = OutboxFirst("lodging", exchange.settings, exchange.bus, migrations=services.MIGRATIONS)
    try:
        sequences = await eight_writers(exchange, broken)
        assert sorted(sequences) == list(range(1, WRITERS * ROUNDS + 2))
        assert sequences != sorted(sequences)
    finally:
        await broken.stop()


async def test_writers_of_a_case_without_an_aggregate_keep_its_order_too(exchange: TinyExchange) -> None:
    async def say(work: Any) -> None:
        work.emit(services.lodged(1), case=CASE, sender=services.EXPORTER)

    await asyncio.gather(
        *(exchange.work(exchange.lodging, say, cause=f"cause {number}") for number in range(40))
    )
    rows = await exchange.rows(exchange.lodging, outbox)
    assert [Event.model_validate_json(row.event).sequence for row in rows] == list(range(1, 41))


async def test_two_who_open_the_same_case_at_once_make_one_guarantee(exchange: TinyExchange) -> None:
    outcomes = await asyncio.gather(
        *(exchange.lodge(CASE, key=f"caller {number}") for number in range(8)), return_exceptions=True
    )
    assert [outcome for outcome in outcomes if outcome is None] == [None]
    assert {type(outcome).__name__ for outcome in outcomes if outcome is not None} == {"Refused"}
    assert len(await exchange.rows(exchange.lodging, outbox)) == 1


@pytest.mark.parametrize("ground", [LAPTOP])
async def test_an_aggregate_that_changed_behind_the_transaction_is_a_conflict(exchange: TinyExchange) -> None:
    await exchange.lodge(CASE)
    attempts = []

    async def change_behind(work: Any) -> None:
        attempts.append(1)
        await services.change(work, CASE)
        table = repository.table
        await work.connection.execute(table.update().values(version=table.c.version + 1))

    with pytest.raises(Conflict):
        await exchange.work(exchange.lodging, change_behind, cause="k")
    assert len(attempts) == 8
    assert len(await exchange.rows(exchange.lodging, outbox)) == 1


async def test_a_cause_that_was_handled_before_is_told_so_and_changes_nothing(exchange: TinyExchange) -> None:
    await exchange.lodge(CASE)
    act = partial(services.change, case=CASE)
    await exchange.work(exchange.lodging, act, cause="once")
    with pytest.raises(AlreadySaid):
        await exchange.work(exchange.lodging, act, cause="once")
    guarantee = await find(exchange.lodging, WORLD, CASE)
    assert guarantee is not None
    assert guarantee.changes == 1


async def test_the_outbox_refuses_to_say_the_same_twice(exchange: TinyExchange) -> None:
    await exchange.lodge(CASE)
    [row] = await exchange.rows(exchange.lodging, outbox)

    async def again(transaction: Any) -> None:
        values = {name: value for name, value in row._mapping.items() if name != "seq"}
        await transaction.connection.execute(insert(outbox).values(values))

    with pytest.raises(Exception, match=r"(?i)unique"):
        await exchange.lodging.write(again)
