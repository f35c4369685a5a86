"""The ground: what we take for granted of Kafka, tried against the broker that the tests have."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tests.support.kafka import Kafka, LocalBroker, apache_kafka_is_possible
from tests.support.required import missing

pytestmark = pytest.mark.kafka
PATIENCE = 30


@pytest.fixture
def real_kafka(kafka: Kafka) -> Kafka:
    if not kafka.real:
        missing("kafka", f"needs Apache Kafka, this is {kafka.kind}")
    return kafka


@pytest.fixture
async def local_broker(tmp_path: Path) -> AsyncIterator[LocalBroker]:
    if not apache_kafka_is_possible():
        missing("kafka", "needs Apache Kafka by Maven and Java, to stop and start it")
    broker = LocalBroker(tmp_path)
    await asyncio.to_thread(broker.start)
    yield broker
    await asyncio.to_thread(broker.stop)


async def create(servers: str, topic: str, partitions: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    await admin.create_topics([NewTopic(topic, partitions, 1)])
    await admin.close()


async def produce(servers: str, topic: str, values: range) -> None:
    async with AIOKafkaProducer(bootstrap_servers=servers, enable_idempotence=True) as producer:
        sent = [await producer.send(topic, b"%d" % value, key=b"case") for value in values]
        await asyncio.gather(*sent)


def member(servers: str, group: str, topic: str, **options: object) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        topic,
        bootstrap_servers=servers,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        session_timeout_ms=6000,
        heartbeat_interval_ms=500,
        **options,
    )


async def consume(consumer: AIOKafkaConsumer, wanted: int) -> list[int]:
    async with asyncio.timeout(PATIENCE):
        return [int((await consumer.getone()).value) for _ in range(wanted)]


async def test_a_group_reads_what_was_produced_in_order(kafka: Kafka, topic_prefix: str) -> None:
    topic = f"{topic_prefix}cases"
    if kafka.real:
        await create(kafka.servers, topic, 1)
    await produce(kafka.servers, topic, range(100))
    async with member(kafka.servers, f"{topic_prefix}group", topic) as consumer:
        assert await consume(consumer, 100) == list(range(100))
        await consumer.commit()
    await produce(kafka.servers, topic, range(100, 110))
    async with member(kafka.servers, f"{topic_prefix}group", topic) as consumer:
        assert await consume(consumer, 10) == list(range(100, 110))


class Settled(ConsumerRebalanceListener):
    """Says when a member holds exactly so many partitions."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self.reached = asyncio.Event()

    async def on_partitions_revoked(self, revoked: object) -> None:
        self.reached.clear()

    async def on_partitions_assigned(self, assigned: frozenset[object]) -> None:
        if len(assigned) == self._wanted:
            self.reached.set()


async def test_two_members_share_the_partitions_and_one_takes_over(
    real_kafka: Kafka, topic_prefix: str
) -> None:
    topic, group = f"{topic_prefix}cases", f"{topic_prefix}group"
    await create(real_kafka.servers, topic, 4)
    half, all_again = Settled(2), Settled(4)
    first, second = (member(real_kafka.servers, group, topic) for _ in range(2))
    async with asyncio.timeout(PATIENCE):
        first.subscribe([topic], listener=half)
        await first.start()
        await second.start()
        await half.reached.wait()
        assert not first.assignment() & second.assignment()
        first.subscribe([topic], listener=all_again)
        await second.stop()
        await all_again.reached.wait()
        await first.stop()


@pytest.mark.slow
async def test_a_killed_broker_comes_back_with_every_acknowledged_record(local_broker: LocalBroker) -> None:
    await create(local_broker.servers, "cases", 1)
    await produce(local_broker.servers, "cases", range(500))
    await asyncio.to_thread(local_broker.kill)
    await asyncio.to_thread(local_broker.start)
    await produce(local_broker.servers, "cases", range(500, 510))
    await asyncio.to_thread(local_broker.stop)
    await asyncio.to_thread(local_broker.start)
    async with member(local_broker.servers, "group", "cases") as consumer:
        assert await consume(consumer, 510) == list(range(510))
