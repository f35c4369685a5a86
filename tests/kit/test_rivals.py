"""Two transactions that meet on PostgreSQL: each lock of the kit, held while the other one tries."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from fastapi import Response
from sqlalchemy import insert

from pic_kit.access import Caller
from pic_kit.commands import Answer, Command
from pic_kit.tables import interventions, outbox
from pic_kit.transaction import Work
from pic_kit.worlds import set_clock
from pic_schemas.envelope import Event
from pic_schemas.messages import NotificationDrafted
from tests.kit.conftest import POSTGRES
from tests.support.tiny_exchange import services
from tests.support.tiny_exchange.exchange import START, WORLD, TinyExchange, case_id

CASE = case_id("rivals")
A_MOMENT = 0.3
pytestmark = pytest.mark.parametrize("ground", [POSTGRES])


async def waits(task: asyncio.Task[Any]) -> bool:
    """Whether it is still held up after a moment in which it could have been done."""
    done, _ = await asyncio.wait([task], timeout=A_MOMENT)
    return not done


async def test_a_command_refused_because_it_was_just_done_gets_its_answer(
    exchange: TinyExchange,
) -> None:
    caller = Caller("CA-PLASTIX", "CA", frozenset({"exporter"}), WORLD)
    command = Command(caller, exchange.lodging, "k", "fingerprint", dry_run=False, trace=None)

    async def act(work: Work) -> Answer:
        return Answer(services.seen(await services.lodge(work, CASE, 100)), 201)

    first: list[Response] = []

    async def act_after_the_first(work: Work) -> Answer:
        if not first:
            first.append(await command.run(act))
        return await act(work)

    second = await command.run(act_after_the_first)
    assert second.status_code == first[0].status_code == 201
    assert second.body == first[0].body
    other = replace(command, fingerprint="another")
    with pytest.raises(Exception, match="another request"):
        await other.run(act)


async def test_a_message_that_a_rival_is_applying_is_not_applied_twice(
    exchange: TinyExchange,
) -> None:
    second = services.desk(exchange.settings, exchange.bus, exchange.desk_hears)
    await second.prepare()
    entered, go = asyncio.Semaphore(0), asyncio.Event()

    @exchange.desk_hears.on(NotificationDrafted)
    async def slowly(work: Work, event: Event, message: Any) -> None:
        row = {"action": "applied", "reason": "", "who": event.source, "message": str(event.sequence)}
        await work.connection.execute(insert(interventions).values(**row, at=START))
        if event.sequence == 2:
            entered.release()
            await go.wait()

    first, again = (exchange.event(NotificationDrafted(exporter="CA-PLASTIX"), case=CASE) for _ in range(2))
    await exchange.hear(exchange.desk, first)
    await exchange.say(again)
    log = await exchange.log()
    assert exchange.desk.consumer is not None
    assert second.consumer is not None
    try:
        one = asyncio.create_task(exchange.desk.consumer.handle(log))
        await entered.acquire()
        two = asyncio.create_task(second.consumer.handle(log))
        assert await waits(two)
        go.set()
        await asyncio.gather(one, two)
    finally:
        await second.stop()
    applied = [row.message for row in await exchange.rows(exchange.desk, interventions)]
    assert applied == ["1", "2"]


async def test_the_clock_waits_for_the_commands_that_are_under_way(exchange: TinyExchange) -> None:
    entered, go = asyncio.Event(), asyncio.Event()
    later = START + services.REVIEW

    async def slowly(work: Work) -> None:
        entered.set()
        await go.wait()
        await services.lodge(work, CASE, 1)

    command = asyncio.create_task(exchange.work(exchange.lodging, slowly, cause="slow"))
    await entered.wait()
    clock = asyncio.create_task(
        exchange.lodging.write(lambda t: set_clock(t.connection, WORLD, later, moving=True))
    )
    assert await waits(clock)
    go.set()
    await asyncio.gather(command, clock)
    [row] = await exchange.rows(exchange.lodging, outbox)
    assert Event.model_validate_json(row.event).time == START
