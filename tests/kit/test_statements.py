"""What a batch and a command cost, counted in statements rather than in seconds."""

from __future__ import annotations

from pic_kit.tables import waiting
from pic_schemas.messages import NotificationDrafted
from tests.support.tiny_exchange.exchange import TinyExchange, case_id

CASE = case_id("statements")


async def test_what_nobody_reacts_to_costs_the_same_however_much_it_is(exchange: TinyExchange) -> None:
    await exchange.read_all(exchange.desk)  # subscribed, as in daily life
    counts = []
    for size in (10, 200):
        drafted = NotificationDrafted(exporter="CA-PLASTIX")
        await exchange.say(*(exchange.event(drafted, case=CASE) for _ in range(size)))
        with exchange.statements(exchange.desk) as seen:
            await exchange.read_all(exchange.desk)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


async def test_a_command_costs_few_statements(exchange: TinyExchange) -> None:
    async with exchange.client(exchange.lodging) as client:
        with exchange.statements(exchange.lodging) as seen:
            path = f"/cases/{CASE}/guarantee"
            answer = await client.post(path, json={"amount": 1}, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 201
    told = [statement.split()[0] for statement in seen if not statement.startswith("BEGIN")]
    # World with stored answer, aggregate; then aggregate, stream, outbox, answer.
    assert told == ["SELECT"] * 2 + ["INSERT"] * 4


async def test_what_waited_for_its_world_is_released_case_by_case(exchange: TinyExchange) -> None:
    """A projection that is built again may hear thousands of messages before it hears of their world."""
    await exchange.read_all(exchange.desk)
    counts = []
    for size in (10, 100):
        world = f"late-{size}"
        drafted = NotificationDrafted(exporter="CA-PLASTIX")
        await exchange.say(*(exchange.event(drafted, case=CASE, world=world) for _ in range(size)))
        await exchange.read_all(exchange.desk)
        assert len(await exchange.rows(exchange.desk, waiting)) == size
        await exchange.open_world(world, only=exchange.desk)
        assert exchange.desk.consumer is not None
        with exchange.statements(exchange.desk) as seen:
            assert await exchange.desk.consumer.waiting_room.release(world, CASE) == size
        counts.append(len(seen))
        assert await exchange.rows(exchange.desk, waiting) == []
    assert counts[0] == counts[1] <= 12
