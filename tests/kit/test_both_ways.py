"""From a command over HTTP to another service and back, on every ground, with everything running."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from pic_kit.runtime import Runtime
from pic_kit.tables import outbox
from tests.kit.conftest import KAFKA, LAPTOP, POSTGRES
from tests.support.kafka import Kafka
from tests.support.tiny_exchange.exchange import WORLD, TinyExchange, case_id, eventually
from tests.support.tiny_exchange.services import desk, find


@pytest.mark.parametrize("ground", [LAPTOP, POSTGRES, KAFKA])
async def test_a_command_is_heard_elsewhere_and_the_answer_comes_back(
    exchange: TinyExchange,
) -> None:
    for runtime in exchange.runtimes:
        await runtime.start()
    case = case_id("there and back")
    async with exchange.client(exchange.lodging) as client:
        answer = await client.post(
            f"/cases/{case}/guarantee", json={"amount": 100}, headers={"Idempotency-Key": "k1"}
        )
        assert answer.status_code == 201, answer.text
        assert answer.headers["Exchange-Position"] == f"{case}=/lodging/CA:1"
        await exchange.until_quiet()
        assert (await client.get(f"/cases/{case}")).json()["state"] == "approved"
    on_the_desk = await find(exchange.desk, WORLD, case)
    assert on_the_desk is not None
    assert on_the_desk.changes == 1


@pytest.mark.parametrize("ground", [KAFKA])
async def test_two_processes_of_a_service_share_the_work_and_each_effect_happens_once(
    exchange: TinyExchange, kafka: Kafka
) -> None:
    if not kafka.real:
        pytest.skip("the mock cluster has no groups with two members")
    second = desk(exchange.settings, exchange.bus)
    for runtime in (*exchange.runtimes, second):
        await runtime.start()
    try:
        assert second.group == exchange.desk.group
        cases = [case_id(f"shared {number}") for number in range(40)]
        await asyncio.gather(*(exchange.lodge(case) for case in cases[:20]))
        await exchange.desk.stop()
        await asyncio.gather(*(exchange.lodge(case) for case in cases[20:]))
        await eventually(partial(all_approved, exchange.lodging, cases), seconds=30)
        assert [(await find(second, WORLD, case)).changes for case in cases] == [1] * 40  # type: ignore[union-attr]
    finally:
        await second.stop()


async def all_approved(lodging: Runtime, cases: list[str]) -> bool:
    found = [await find(lodging, WORLD, case) for case in cases]
    return all(guarantee is not None and guarantee.state == "approved" for guarantee in found)


@pytest.mark.parametrize("ground", [POSTGRES])
async def test_two_processes_that_start_together_agree_on_one_database(
    exchange: TinyExchange, postgres_url: str
) -> None:
    settings = replace(exchange.settings, database_urls={"desk": postgres_url})
    twins = [desk(settings, exchange.bus) for _ in range(3)]
    try:
        await asyncio.gather(*(twin.prepare() for twin in twins))
        assert len({twin.database_id for twin in twins}) == 1
    finally:
        for twin in twins:
            await twin.stop()


@pytest.mark.parametrize("ground", [POSTGRES])
async def test_two_processes_that_read_the_same_records_apply_them_once(exchange: TinyExchange) -> None:
    second = desk(exchange.settings, exchange.bus)
    await second.prepare()
    try:
        cases = [case_id(f"rivals {number}") for number in range(30)]
        for case in cases:
            await exchange.lodge(case)
        await exchange.lodging.relay.publish_batch()
        log = await exchange.log()
        assert exchange.desk.consumer is not None
        assert second.consumer is not None
        await asyncio.gather(exchange.desk.consumer.handle(log), second.consumer.handle(log))
        assert [(await find(second, WORLD, case)).changes for case in cases] == [1] * 30  # type: ignore[union-attr]
        assert len(await exchange.rows(second, outbox)) == 30
    finally:
        await second.stop()
