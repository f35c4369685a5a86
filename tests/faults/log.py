"""The log itself, read and written past the services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from pic_kit.bus.base import Received, Record
from pic_schemas.envelope import Event, to_binary

CASES = "pic.cases"


def as_record(topic: str, event: Event) -> Record:
    binary = to_binary(event)
    return Record(topic, binary.key, binary.headers, binary.value)


def garbage(key: bytes, mark: str) -> Record:
    """A record that nobody can read and that names no case."""
    return Record(CASES, key, (), mark.encode())


async def publish(brokers: str, records: Iterable[Record]) -> None:
    """One after the other, each acknowledged before the next."""
    async with AIOKafkaProducer(bootstrap_servers=brokers) as producer:
        for record in records:
            await producer.send_and_wait(
                record.topic, record.value, key=record.key, headers=list(record.headers)
            )


async def read_cases(brokers: str) -> list[Received]:
    """All of `pic.cases`, partition by partition."""
    async with AIOKafkaConsumer(bootstrap_servers=brokers, enable_auto_commit=False) as consumer:
        await consumer._client.force_metadata_update()
        places = [TopicPartition(CASES, number) for number in consumer.partitions_for_topic(CASES) or ()]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        await consumer.seek_to_beginning()
        found: list[Received] = []
        while any([await consumer.position(place) < ends[place] for place in places]):
            for place, batch in (await consumer.getmany(timeout_ms=500)).items():
                found += [_received(place, one) for one in batch]
        return found


def _received(place: TopicPartition, one: Any) -> Received:
    headers = tuple(one.headers)
    return Received(place.topic, place.partition, one.offset, one.key or b"", headers, one.value or b"")
