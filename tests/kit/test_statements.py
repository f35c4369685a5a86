"""What a batch and a command cost, counted in statements rather than in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pic_kit.arrivals import Arrival
from pic_kit.tables import heard, waiting
from pic_kit.transaction import Transaction, Work
from pic_schemas.envelope import Event
from pic_schemas.messages import NotificationDrafted
from pic_schemas.refusal import Refused
from tests.support.tiny_exchange import services
from tests.support.tiny_exchange.exchange import TinyExchange, case_id
from tests.support.tiny_exchange.tables import repository

CASE = case_id("statements")
DRAFTED = NotificationDrafted(exporter="CA-PLASTIX")


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


async def test_a_batch_of_many_cases_costs_as_many_statements_as_one_of_few(exchange: TinyExchange) -> None:
    @exchange.desk_hears.before_batch
    async def load(transaction: Transaction, batch: Sequence[Arrival]) -> None:
        keys = {(arrival.event.world, arrival.event.case or "") for arrival in batch}
        await transaction.shelf(repository).load(sorted(keys))

    await exchange.read_all(exchange.desk)
    counts = []
    for size in (3, 60):
        cases = [case_id(f"{size} {number}") for number in range(size)]
        for round_ in (1, 2):
            # The first makes the rows, the second changes them.
            await exchange.say(*(exchange.event(services.lodged(round_), case=case) for case in cases))
            with exchange.statements(exchange.desk) as seen:
                await exchange.read_all(exchange.desk)
            counts.append(len(seen))
    assert counts[0] == counts[2]
    assert counts[1] == counts[3]


async def test_a_refused_case_leaves_the_batch_and_the_others_stay_in_it(exchange: TinyExchange) -> None:
    await exchange.read_all(exchange.desk)
    refused, others = case_id("refused"), [case_id(f"other {number}") for number in range(40)]

    @exchange.desk_hears.on(NotificationDrafted)
    async def refuse(work: Work, event: Event, message: Any) -> None:
        if event.case == refused:
            raise Refused.conflict(services.refusal("NOT_NOW", "not yet"))

    await exchange.say(
        *(exchange.event(DRAFTED, case=case) for case in (*others[:20], refused, *others[20:]))
    )
    with exchange.statements(exchange.desk) as seen:
        await exchange.read_all(exchange.desk)
    # Message by message it would be one transaction for each of forty-one cases.
    assert sum(statement.startswith("BEGIN") for statement in seen) <= 6
    assert [row.case_id for row in await exchange.rows(exchange.desk, waiting)] == [refused]
    assert len(await exchange.rows(exchange.desk, heard)) == 40


async def test_a_command_costs_few_statements(exchange: TinyExchange) -> None:
    async with exchange.client(exchange.lodging) as client:
        with exchange.statements(exchange.lodging) as seen:
            path = f"/cases/{CASE}/guarantee"
            answer = await client.post(path, json={"amount": 1}, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 201
    told = [statement.split()[0] for statement in seen if not statement.startswith("BEGIN")]
    # World with stored answer, aggregate; then aggregate, stream, outbox, answer: PostgreSQL takes the first
    # two of these in one statement, and the last two.
    writes = ["INSERT"] * 4 if exchange.lodging.database.is_sqlite else ["WITH"] * 2
    assert told == ["SELECT"] * 2 + writes


async def test_what_a_batch_changes_goes_to_postgresql_together(exchange: TinyExchange) -> None:
    await exchange.read_all(exchange.desk)
    cases = [case_id(f"together {number}") for number in range(5)]
    await exchange.say(*(exchange.event(services.lodged(1), case=case) for case in cases))
    with exchange.statements(exchange.desk) as seen:
        await exchange.read_all(exchange.desk)
    writes = [statement for statement in seen if statement.startswith(("INSERT", "UPDATE", "WITH"))]
    # Timers; what was heard and what became of the cases; the streams of all cases; the outbox.
    assert len(writes) == (5 if exchange.desk.database.is_sqlite else 4)


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
