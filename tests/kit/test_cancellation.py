"""A cancellation that escapes from a library is no order to stop: seen when a broker was away for seconds."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.kit.conftest import LAPTOP
from tests.support.tiny_exchange.exchange import TinyExchange, case_id

pytestmark = pytest.mark.parametrize("ground", [LAPTOP])


@pytest.mark.parametrize("call", ["subscribe", "publish"])
async def test_neither_consumer_nor_relay_is_ended_by_a_cancellation_that_nobody_ordered(
    exchange: TinyExchange, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    right, escaped = getattr(exchange.bus, call), []

    async def cancelled_once(*what: Any) -> Any:
        if not escaped:
            escaped.append(call)
            raise asyncio.CancelledError
        return await right(*what)

    monkeypatch.setattr(exchange.bus, call, cancelled_once)
    for runtime in exchange.runtimes:
        await runtime.start()
    await exchange.lodge(case_id("case"))
    await exchange.until_quiet()
    assert escaped == [call]
