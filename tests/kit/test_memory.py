"""What a process wrote is remembered as it stands in its row, and the row decides."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import update

from pic_kit.memory import Memory
from pic_kit.runtime import Runtime
from pic_kit.transaction import Work
from tests.support.tiny_exchange import services
from tests.support.tiny_exchange.exchange import WORLD, TinyExchange, case_id
from tests.support.tiny_exchange.services import find
from tests.support.tiny_exchange.tables import Guarantee, guarantees, repository

CASE = case_id("memory")
PLACE = ("cases", ("world", "case"))


class Crash(Exception):
    """The transaction is rolled back."""


def test_what_is_taken_out_is_nobody_elses() -> None:
    memory, aggregate = Memory(100), object()
    memory.keep(PLACE, "written", aggregate, 7)
    assert memory.take(PLACE, "written") is aggregate
    assert memory.take(PLACE, "written") is None


def test_a_row_that_reads_otherwise_is_read() -> None:
    memory = Memory(100)
    memory.keep(PLACE, "written", object(), 7)
    assert memory.take(PLACE, "written by another") is None


def test_the_least_recently_used_is_forgotten_first() -> None:
    memory = Memory(10)
    places = [("cases", (name,)) for name in "abc"]
    for place in places:
        memory.keep(place, "four", place, 4)
    assert [memory.take(place, "four") for place in places] == [None, *places[1:]]
    memory.keep(PLACE, "short, but its parts are long", object(), 11)
    assert memory.take(PLACE, "short, but its parts are long") is None


async def seen_by(exchange: TinyExchange, runtime: Runtime) -> Guarantee:
    """The aggregate that a transaction gets, which changes nothing."""
    got: list[Guarantee] = []

    async def look(work: Work) -> None:
        found = await work.shelf(repository).get(WORLD, CASE)
        assert found is not None
        got.append(found)

    await exchange.work(runtime, look, cause=f"look {id(got)}")
    return got[0]


async def test_a_transaction_gets_what_the_last_one_left(exchange: TinyExchange) -> None:
    await exchange.lodge(CASE)
    first = await seen_by(exchange, exchange.lodging)
    assert await seen_by(exchange, exchange.lodging) is first


async def test_what_was_rolled_back_is_not_remembered(exchange: TinyExchange) -> None:
    await exchange.lodge(CASE)
    first = await seen_by(exchange, exchange.lodging)

    async def change_and_die(work: Work) -> None:
        await services.change(work, case=CASE)
        raise Crash

    with pytest.raises(Crash):
        await exchange.work(exchange.lodging, change_and_die, cause="dies")
    again = await seen_by(exchange, exchange.lodging)
    assert again is not first
    assert again.changes == 0


async def test_what_somebody_else_wrote_is_seen(exchange: TinyExchange) -> None:
    """Another process, or a backup that was restored with the same version."""
    await exchange.lodge(CASE)
    first = await seen_by(exchange, exchange.lodging)
    other = repository.write(Guarantee(WORLD, CASE, first.amount, changes=41))
    async with exchange.lodging.database.writing() as connection:
        await connection.execute(update(guarantees).values(doc=other))
    await exchange.work(exchange.lodging, partial(services.change, case=CASE), cause="one more")
    found = await find(exchange.lodging, WORLD, CASE)
    assert found is not None
    assert found.changes == 42
