"""What an operator sees at three in the morning is what is so."""

from __future__ import annotations

from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pic_kit.metrics import MEASURES, measure
from pic_schemas.messages import NotificationDrafted
from tests.support.tiny_exchange.exchange import TinyExchange, case_id

CASE = case_id("metrics")


async def values(exchange: TinyExchange, runtime: Any) -> dict[str, float]:
    measured = await measure(runtime)
    return {name: measured.of(name) for name in MEASURES}


async def test_what_was_said_but_not_published_is_counted_with_its_age(exchange: TinyExchange) -> None:
    assert (await values(exchange, exchange.lodging))["pic_outbox_unpublished"] == 0
    await exchange.lodge(CASE)
    found = await values(exchange, exchange.lodging)
    assert found["pic_outbox_unpublished"] == 1
    assert 0 < found["pic_outbox_oldest_seconds"] < 60
    await exchange.deliver()
    found = await values(exchange, exchange.lodging)
    assert (found["pic_outbox_unpublished"], found["pic_outbox_oldest_seconds"]) == (0, 0)
    assert found["pic_published_total"] >= 1


async def test_a_gap_and_an_unreadable_record_show_as_waiting_and_parked(exchange: TinyExchange) -> None:
    early = exchange.event(NotificationDrafted(exporter="CA-PLASTIX"), case=CASE, sequence=2)
    await exchange.hear(exchange.desk, early)
    measured = await measure(exchange.desk)
    waiting = {labels: value for (name, labels), value in measured.values.items() if name == "pic_waiting"}
    assert waiting == {(("store", "desk"), ("reason", "GAP")): 1}
    assert measured.of("pic_read_total") >= 1
    assert measured.of("pic_consumer_lag") == 0


async def test_a_store_that_has_never_heard_the_log_is_stale(exchange: TinyExchange) -> None:
    assert (await values(exchange, exchange.desk))["pic_stale"] == 1
    await exchange.read_all(exchange.desk)
    assert (await values(exchange, exchange.desk))["pic_stale"] == 0


async def test_a_database_that_is_away_is_a_measure_and_no_error(
    exchange: TinyExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any) -> None:
        raise OSError("no route")

    monkeypatch.setattr(exchange.lodging, "read", away)
    assert (await values(exchange, exchange.lodging))["pic_store_up"] == 0


async def test_metrics_are_told_to_a_scraper_without_a_seat_and_name_nobody(exchange: TinyExchange) -> None:
    async with exchange.client(exchange.lodging) as client:
        path = f"/cases/{CASE}/guarantee"
        await client.post(path, json={"amount": 1}, headers={"Idempotency-Key": "k"})
        answer = await client.get("/metrics", headers={"Authorization": ""})
    told = {family.name: family for family in text_string_to_metric_families(answer.text)}
    assert {name.removesuffix("_total") for name in MEASURES} <= told.keys()
    counted = {
        s.labels["route"]: s.value for s in told["pic_request_seconds"].samples if s.name.endswith("_count")
    }
    assert counted == {"/cases/{case}/guarantee": 1}
    assert CASE not in answer.text
    assert "harbour" not in answer.text
