"""From a command over HTTP to another service and back, on every ground, with everything running."""

from __future__ import annotations

import pytest

from tests.kit.conftest import KAFKA, LAPTOP, POSTGRES
from tests.support.tiny_exchange.exchange import WORLD, TinyExchange, case_id
from tests.support.tiny_exchange.services import find


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
