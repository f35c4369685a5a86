"""Rule 10: every row and event belongs to a world; a world opens, is used and leaves a tombstone."""

from __future__ import annotations

from typing import Any

import pytest

from pic_kit.activity import activity
from pic_kit.tables import heard, outbox, parked, waiting
from pic_schemas.address import Address, Role
from pic_schemas.envelope import Event
from pic_schemas.messages import Message, NotificationDrafted, WorldDeleted, WorldOpened
from tests.support.tiny_exchange import services
from tests.support.tiny_exchange.exchange import START, WORLD, TinyExchange, case_id
from tests.support.tiny_exchange.tables import guarantees

CASE = case_id("worlds")
NEW = "new-world"
OPENED = WorldOpened(mode="sandbox", now=START, label="a class")
DRAFTED = NotificationDrafted(exporter="CA-PLASTIX")


def about_world(exchange: TinyExchange, message: Message, world: str = NEW) -> Event:
    sender = Address("exchange", Role.EXCHANGE, "single-window")
    return exchange.event(message, case=None, sender=sender, source="/single-window/exchange", world=world)


async def command(exchange: TinyExchange, world: str) -> Any:
    async with exchange.client(exchange.lodging, world=world) as client:
        path = f"/cases/{CASE}/guarantee"
        return await client.post(path, json={"amount": 1}, headers={"Idempotency-Key": "k"})


async def test_a_command_in_an_unknown_world_is_told_to_ask_again(exchange: TinyExchange) -> None:
    answer = await command(exchange, NEW)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert answer.json()["rule"] == "WORLD_UNKNOWN"


async def test_a_world_opens_by_message_and_opening_it_twice_is_once(exchange: TinyExchange) -> None:
    await exchange.say(about_world(exchange, OPENED), about_world(exchange, OPENED))
    await exchange.deliver()
    assert (await command(exchange, NEW)).status_code == 201
    assert [row.reason for row in await exchange.rows(exchange.desk, waiting)] == []


async def test_a_message_for_a_world_that_is_not_open_waits_until_it_is(
    exchange: TinyExchange,
) -> None:
    events = [exchange.event(services.lodged(n), case=CASE, world=NEW) for n in (1, 2)]
    await exchange.hear(exchange.desk, *events, exchange.event(DRAFTED, case=CASE))
    rows = await exchange.rows(exchange.desk, waiting)
    assert [(row.sequence, row.reason) for row in rows] == [(1, "WORLD_UNKNOWN"), (2, "WORLD_UNKNOWN")]
    assert not (await activity(exchange.desk, NEW)).open
    await exchange.hear(exchange.desk, about_world(exchange, OPENED))
    assert await exchange.rows(exchange.desk, waiting) == []
    found = await services.find(exchange.desk, NEW, CASE)
    assert found is not None
    assert found.changes == 2


async def test_a_world_and_its_first_messages_may_come_in_one_batch(exchange: TinyExchange) -> None:
    await exchange.say(
        exchange.event(services.lodged(1), case=CASE, world=NEW), about_world(exchange, OPENED)
    )
    await exchange.deliver()
    assert await exchange.rows(exchange.desk, waiting) == []
    assert await services.find(exchange.desk, NEW, CASE) is not None


async def test_a_deleted_world_answers_gone_and_swallows_stragglers(exchange: TinyExchange) -> None:
    await exchange.lodge(CASE)
    await exchange.deliver()
    before = await exchange.contents(exchange.desk, guarantees, outbox)
    await exchange.say(about_world(exchange, WorldDeleted(), WORLD))
    await exchange.deliver()
    straggler = exchange.event(services.lodged(1), case=CASE, source="/late/CA")
    await exchange.hear(exchange.desk, straggler)
    assert await exchange.contents(exchange.desk, guarantees, outbox, waiting, parked) == [*before, [], []]
    answer = await command(exchange, WORLD)
    assert answer.status_code == 410
    assert answer.json()["rule"] == "WORLD_DELETED"


async def test_a_deleted_world_cannot_be_opened_again(exchange: TinyExchange) -> None:
    for message in (OPENED, WorldDeleted(), OPENED):
        await exchange.hear(exchange.lodging, about_world(exchange, message))
    assert (await command(exchange, NEW)).status_code == 410


async def test_what_waits_in_a_deleted_world_is_swallowed_too(exchange: TinyExchange) -> None:
    second = exchange.event(services.lodged(2), case=CASE, sequence=2)
    await exchange.hear(exchange.desk, second)
    assert len(await exchange.rows(exchange.desk, waiting)) == 1
    await exchange.hear(exchange.desk, about_world(exchange, WorldDeleted(), WORLD))
    assert await exchange.rows(exchange.desk, waiting) == []
    assert await exchange.rows(exchange.desk, guarantees) == []


async def test_a_timer_of_a_deleted_world_says_nothing(exchange: TinyExchange) -> None:
    await exchange.lodge(CASE)
    await exchange.deliver()
    await exchange.hear(exchange.desk, about_world(exchange, WorldDeleted(), WORLD))
    await exchange.desk.fire_due(WORLD, START + services.REVIEW)
    assert len(await exchange.rows(exchange.desk, outbox)) == 1


async def test_the_same_case_id_in_two_worlds_is_two_cases(exchange: TinyExchange) -> None:
    await exchange.open_world(NEW)
    await exchange.lodge(CASE, 1)
    await exchange.lodge(CASE, 2, world=NEW)
    await exchange.deliver()
    amounts = [(await services.find(exchange.desk, world, CASE)).amount for world in (WORLD, NEW)]  # type: ignore[union-attr]
    assert amounts == [1, 2]
    streams = {(row.world, row.last) for row in await exchange.rows(exchange.desk, heard) if row.case_id}
    assert streams == {(WORLD, 1), (NEW, 1)}


@pytest.mark.parametrize("part", ["activity", "timers"])
async def test_the_inside_of_an_unknown_world_is_told_honestly(exchange: TinyExchange, part: str) -> None:
    async with exchange.client(exchange.desk, roles=["exchange"], world="") as window:
        if part == "activity":
            assert (await window.get(f"/internal/worlds/{NEW}/activity")).json()["open"] is False
        else:
            assert (await window.post(f"/internal/worlds/{NEW}/timers")).status_code == 503
