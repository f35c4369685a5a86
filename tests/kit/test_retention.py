"""What is old is forgotten in small pieces, what is unpublished or young never."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from pic_kit import retention
from pic_kit.clock import wall_clock
from pic_kit.retention import keep_house
from pic_kit.tables import answers, heard, outbox
from tests.support.tiny_exchange.exchange import TinyExchange, case_id
from tests.support.tiny_exchange.tables import guarantees

IN_SIX_YEARS = timedelta(days=6 * 366)


async def post(exchange: TinyExchange, *names: str) -> None:
    async with exchange.client(exchange.lodging) as client:
        for name in names:
            path, headers = f"/cases/{case_id(name)}/guarantee", {"Idempotency-Key": name}
            assert (await client.post(path, json={"amount": 1}, headers=headers)).status_code == 201


async def test_young_rows_stay(exchange: TinyExchange) -> None:
    await post(exchange, "a", "b")
    await exchange.deliver()
    assert await keep_house(exchange.lodging) == {"answers": 0, "outbox": 0}


async def test_old_answers_go_piece_by_piece_until_none_is_left(
    exchange: TinyExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "PIECE", 2)
    await post(exchange, "a", "b", "c", "d", "e")
    forgotten = await keep_house(exchange.lodging, wall_clock() + timedelta(days=31))
    assert forgotten["answers"] == 5
    assert await exchange.rows(exchange.lodging, answers) == []


async def test_what_was_never_published_is_never_forgotten(
    exchange: TinyExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "PIECE", 1)
    await post(exchange, "a")
    await exchange.deliver()
    await post(exchange, "b")
    assert (await keep_house(exchange.lodging, wall_clock() + IN_SIX_YEARS))["outbox"] == 1
    (left,) = await exchange.rows(exchange.lodging, outbox)
    assert (left.case_id, left.published_at) == (case_id("b"), None)


async def test_what_is_sent_again_after_its_ids_were_forgotten_still_has_no_effect(
    exchange: TinyExchange,
) -> None:
    await exchange.lodge(case_id("a"))
    await exchange.deliver()
    before = await exchange.contents(exchange.desk, guarantees, heard)
    await keep_house(exchange.desk, wall_clock() + IN_SIX_YEARS)
    assert await exchange.rows(exchange.desk, outbox) == []
    again = update(outbox).values(published_at=None)
    await exchange.lodging.write(lambda transaction: transaction.connection.execute(again))
    await exchange.deliver()
    assert await exchange.contents(exchange.desk, guarantees, heard) == before
    assert await exchange.rows(exchange.desk, outbox) == []
