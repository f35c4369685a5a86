"""The same key and body get the same answer, at once or later; a dry run stores nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from pic_kit.tables import answers, heard, outbox, streams, timers
from tests.support.tiny_exchange.exchange import TinyExchange, case_id
from tests.support.tiny_exchange.tables import guarantees

CASE = case_id("idempotency")
PATH = f"/cases/{CASE}/guarantee"
EVERYTHING = (guarantees, outbox, streams, heard, timers, answers)


async def lodge(client: httpx.AsyncClient, key: str | None, amount: int = 100, **more: Any) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key is not None else {}
    return await client.post(PATH, json={"amount": amount}, headers=headers, **more)


async def test_the_same_key_and_body_get_the_same_answer(exchange: TinyExchange) -> None:
    async with exchange.client(exchange.lodging) as client:
        first, second = await lodge(client, "k"), await lodge(client, "k")
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    for name in ("Location", "Exchange-Position"):
        assert first.headers[name] == second.headers[name]
    assert second.headers["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first.headers
    assert len(await exchange.rows(exchange.lodging, outbox)) == 1


async def test_the_same_key_sent_eight_times_at_once_acts_once(exchange: TinyExchange) -> None:
    async with exchange.client(exchange.lodging) as client:
        found = await asyncio.gather(*(lodge(client, "k") for _ in range(8)))
    assert {answer.status_code for answer in found} == {201}
    assert len({answer.content for answer in found}) == 1
    assert len({answer.headers["Exchange-Position"] for answer in found}) == 1
    assert len(await exchange.rows(exchange.lodging, outbox)) == 1


async def test_a_change_sent_eight_times_at_once_with_one_key_changes_once(exchange: TinyExchange) -> None:
    await exchange.lodge(CASE)
    async with exchange.client(exchange.lodging) as client:
        headers = {"Idempotency-Key": "k"}
        found = await asyncio.gather(
            *(client.post(f"/cases/{CASE}/changes", headers=headers) for _ in range(8))
        )
    assert {answer.json()["changes"] for answer in found} == {1}
    assert len(await exchange.rows(exchange.lodging, outbox)) == 2


async def test_the_same_key_with_another_body_is_refused(exchange: TinyExchange) -> None:
    async with exchange.client(exchange.lodging) as client:
        await lodge(client, "k", 100)
        answer = await lodge(client, "k", 101)
    assert answer.status_code == 422
    assert answer.json()["rule"] == "IDEMPOTENCY_KEY_REUSED"


async def test_a_command_without_a_key_is_refused(exchange: TinyExchange) -> None:
    async with exchange.client(exchange.lodging) as client:
        answer = await lodge(client, None)
    assert answer.status_code == 400
    assert answer.json()["rule"] == "IDEMPOTENCY_KEY_MISSING"
    assert await exchange.contents(exchange.lodging, *EVERYTHING) == [[]] * 6


async def test_keys_of_two_callers_do_not_meet(exchange: TinyExchange) -> None:
    async with (
        exchange.client(exchange.lodging) as one,
        exchange.client(exchange.lodging, agency="CA-OTHER") as other,
    ):
        assert (await lodge(one, "k")).status_code == 201
        answer = await lodge(other, "k")
    assert answer.status_code == 409
    assert answer.json()["rule"] == "ONE_GUARANTEE"


async def test_a_refusal_is_not_stored_so_its_key_works_when_it_is_cured(
    exchange: TinyExchange,
) -> None:
    async with exchange.client(exchange.lodging) as client:
        headers = {"Idempotency-Key": "k"}
        assert (await client.post(f"/cases/{CASE}/changes", headers=headers)).status_code == 404
        await exchange.lodge(CASE)
        assert (await client.post(f"/cases/{CASE}/changes", headers=headers)).status_code == 200


async def test_a_dry_run_checks_everything_and_stores_nothing(exchange: TinyExchange) -> None:
    async with exchange.client(exchange.lodging) as client:
        tried = await lodge(client, "k", params={"dry_run": "true"})
        assert tried.status_code == 201
        assert tried.headers["Pic-Dry-Run"] == "1"
        assert "Exchange-Position" not in tried.headers
        assert await exchange.contents(exchange.lodging, *EVERYTHING) == [[]] * 6
        refused = await lodge(client, "k2", 5000, params={"dry_run": "true"})
        assert refused.status_code == 422
        done = await lodge(client, "k")
        assert done.status_code == 201
        assert done.json() == tried.json()


@pytest.mark.parametrize("key", ["", "x" * 201])
async def test_a_key_of_the_wrong_length_is_malformed(exchange: TinyExchange, key: str) -> None:
    async with exchange.client(exchange.lodging) as client:
        assert (await lodge(client, key)).status_code == 422
