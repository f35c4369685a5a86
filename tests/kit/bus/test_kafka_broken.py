"""The Kafka bus when the broker dies and comes back, and when members of a group come and go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pic_kit.bus import open_bus
from pic_kit.bus.base import BusUnavailable
from tests.kit.bus.behaviour import commit, numbers, read, record
from tests.support.kafka import Kafka, LocalBroker, apache_kafka_is_possible
from tests.support.required import missing

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[LocalBroker]:
    if not apache_kafka_is_possible():
        missing("kafka", "needs Apache Kafka by Maven and Java, to kill and restart it")
    broker = LocalBroker(tmp_path)
    await asyncio.to_thread(broker.start)
    yield broker
    await asyncio.to_thread(broker.stop)


async def test_a_record_published_while_the_broker_is_dead_arrives_once_after_its_return(
    broker: LocalBroker,
) -> None:
    bus = open_bus(f"kafka://{broker.servers}")
    await bus.start()
    await bus.ensure_topics({"cases": 1})
    subscription = await bus.subscribe("group", ["cases"])
    assert await bus.publish([record("cases", "a", n) for n in range(3)]) == [None] * 3
    await commit(subscription, await read(subscription, 3))
    await asyncio.to_thread(broker.kill)
    publishing = asyncio.create_task(bus.publish([record("cases", "a", n) for n in range(3, 6)]))
    await asyncio.to_thread(broker.start)
    assert await publishing == [None] * 3
    assert numbers(await read(subscription, 3), "a") == [3, 4, 5]
    await subscription.close()
    await bus.stop()


async def test_a_dead_broker_is_reported_and_the_unacknowledged_can_be_sent_again(
    broker: LocalBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pic_kit.bus.kafka.PUBLISH_TIMEOUT", 0.5)
    monkeypatch.setattr("pic_kit.bus.kafka_group.CLOSE_TIMEOUT", 0.5)
    bus = open_bus(f"kafka://{broker.servers}")
    await bus.start()
    await bus.ensure_topics({"cases": 1})
    assert await bus.publish([record("cases", "a", 0)]) == [None]
    await asyncio.to_thread(broker.kill)
    lost = [record("cases", "a", 1), record("cases", "a", 2)]
    assert all(await bus.publish(lost))
    with pytest.raises(BusUnavailable):
        await bus.publish(lost)
    await asyncio.to_thread(broker.start)
    assert await bus.publish(lost) == [None, None]
    subscription = await bus.subscribe("group", ["cases"])
    assert numbers(await read(subscription, 3), "a") == [0, 1, 2]
    await subscription.close()
    await bus.stop()


async def test_a_second_member_shares_the_work_and_nothing_is_left_out(
    kafka: Kafka, topic_prefix: str
) -> None:
    if not kafka.real:
        missing("kafka", f"needs Apache Kafka, this is {kafka.kind}")
    topic = f"{topic_prefix}cases"
    bus = open_bus(kafka.url)
    await bus.start()
    await bus.ensure_topics({topic: 4})
    first = await bus.subscribe(f"{topic}-group", [topic])
    second = await bus.subscribe(f"{topic}-group", [topic])
    await bus.publish([record(topic, f"key-{n}", n) for n in range(200)])
    shares = [await member.behind() for member in (first, second)]
    assert [len(share) for share in shares] == [2, 2]
    assert sum(sum(share.values()) for share in shares) == 200
    got = await read(first, sum(shares[0].values()))
    await commit(first, got)
    await second.close()
    rest = await read(first, 200 - len(got))
    assert sorted(int(one.value) for one in got + rest) == list(range(200))
    await first.close()
    await bus.stop()
