"""Rule 8: a service waits until it has read what the caller knows, and knows when it is out of touch."""

from __future__ import annotations

import asyncio

import pytest

from pic_kit import consumer as consumer_module
from pic_kit.bus.base import BusUnavailable
from pic_kit.positions import knowledge, position_of
from pic_kit.runtime import LOOKS
from tests.kit.conftest import LAPTOP
from tests.support.tiny_exchange import services
from tests.support.tiny_exchange.exchange import WORLD, TinyExchange, case_id, eventually

CASE = case_id("positions")


async def test_a_reader_waits_until_the_service_has_read_that_far(exchange: TinyExchange) -> None:
    headers = {"Exchange-Position": f"{CASE}=/lodging/CA:1"}
    async with exchange.client(exchange.desk) as client:
        reader = asyncio.create_task(client.get(f"/cases/{CASE}", headers=headers))
        await exchange.lodge(CASE)
        assert not reader.done()
        await exchange.deliver()
        answer = await reader
    assert answer.status_code == 200


async def test_the_position_of_a_write_lets_the_other_service_answer(exchange: TinyExchange) -> None:
    for runtime in exchange.runtimes:
        await runtime.start()
    async with exchange.client(exchange.lodging) as here, exchange.client(exchange.desk) as there:
        path = f"/cases/{CASE}/guarantee"
        written = await here.post(path, json={"amount": 7}, headers={"Idempotency-Key": "k"})
        headers = {"Exchange-Position": written.headers["Exchange-Position"]}
        assert (await there.get(f"/cases/{CASE}", headers=headers)).json()["amount"] == 7


@pytest.mark.parametrize("ground", [LAPTOP])
async def test_who_waits_in_vain_is_told_to_ask_again(
    exchange: TinyExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pic_kit.positions.PATIENCE", 0.1)
    await exchange.lodge(CASE)
    headers = {"Exchange-Position": f"{CASE}=/lodging/CA:1"}
    async with exchange.client(exchange.desk) as client:
        answer = await client.get(f"/cases/{CASE}", headers=headers)
        assert answer.status_code == 409
        assert answer.json()["rule"] == "NOT_YET_KNOWN"
        assert answer.headers["Retry-After"] == "1"
        change = await client.post(f"/cases/{CASE}/changes", headers=headers | {"Idempotency-Key": "k"})
        assert change.status_code == 409
    async with exchange.client(exchange.lodging) as writer:
        assert (await writer.get(f"/cases/{CASE}", headers=headers)).status_code == 200


async def test_those_who_wait_leave_the_pool_to_the_one_they_wait_for(exchange: TinyExchange) -> None:
    """Sixty-four clients who looked again and again kept the consumer out until they were told 409."""
    headers = {"Exchange-Position": f"{CASE}=/lodging/CA:1"}
    database = exchange.desk.database
    async with exchange.client(exchange.desk) as client:
        many = [asyncio.create_task(client.get(f"/cases/{CASE}", headers=headers)) for _ in range(64)]
        in_use = set[int]()
        for _ in range(300):
            await asyncio.sleep(0)
            in_use.add(database.connections_in_use())
        await exchange.lodge(CASE)
        await exchange.deliver()
        answers = await asyncio.gather(*many)
    assert {answer.status_code for answer in answers} == {200}
    assert max(in_use) <= LOOKS


@pytest.mark.parametrize("ground", [LAPTOP])
@pytest.mark.parametrize("position", ["tomorrow", "a=b", "a=/b/CA:\u00b2", "a=/b/CA:" + "9" * 19, ","])
async def test_what_is_no_position_of_ours_is_refused_at_once(exchange: TinyExchange, position: str) -> None:
    async with exchange.client(exchange.desk) as client:
        headers = {"Exchange-Position": position.encode("latin-1")}
        answer = await client.get(f"/cases/{CASE}", headers=headers)
    assert answer.status_code == 422
    assert answer.json()["rule"] == "POSITION_UNREADABLE"


def test_a_position_names_the_last_sequence_of_each_producer_of_a_case(exchange: TinyExchange) -> None:
    events = [exchange.event(services.lodged(n), case=CASE) for n in (1, 2)]
    assert position_of(events) == f"{CASE}=/outside/CA:2"


async def test_a_decision_can_name_the_knowledge_it_rests_on(exchange: TinyExchange) -> None:
    events = [exchange.event(services.lodged(n), case=CASE) for n in (1, 2)]
    await exchange.hear(
        exchange.desk, *events, exchange.event(services.lodged(1), case=CASE, source="/other/BE")
    )
    known, waits = await exchange.desk.read(lambda connection: knowledge(connection, WORLD, CASE))
    assert known == {"/outside/CA": 2, "/other/BE": 1}
    assert not waits


@pytest.mark.parametrize("ground", [LAPTOP])
async def test_contact_grows_stale_while_the_bus_is_away(
    exchange: TinyExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(consumer_module, "monotonic", lambda: now[0])
    reader = exchange.desk.consumer
    assert reader is not None
    assert reader.seconds_since_contact() == float("inf")
    await reader.read_once(wait=0)
    assert reader.seconds_since_contact() == 0
    await exchange.bus.stop()
    now[0] += 40
    with pytest.raises(BusUnavailable):
        await reader.read_once(wait=0)
    assert reader.seconds_since_contact() == 40
    async with exchange.client(exchange.desk) as client:
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["bus"]) == (503, False)
        await exchange.bus.start()
        await reader.close()
        await reader.read_once(wait=0)
        assert reader.seconds_since_contact() == 0
        assert (await client.get("/readyz")).status_code == 200


@pytest.mark.parametrize("ground", [LAPTOP])
async def test_a_running_service_survives_a_bus_that_goes_and_comes_back(exchange: TinyExchange) -> None:
    for runtime in exchange.runtimes:
        await runtime.start()
    await exchange.bus.stop()
    await exchange.lodge(CASE)
    await exchange.bus.start()
    await exchange.until_quiet()
    await eventually(lambda: all(runtime.relay.active for runtime in exchange.runtimes))
    guarantee = await services.find(exchange.lodging, WORLD, CASE)
    assert guarantee is not None
    assert guarantee.state == "approved"
