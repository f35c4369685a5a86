"""Reads the log of a cluster from its beginning to where it ends now, as a reader that is in no group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from pic_replay.exchange import ExchangeDown
from pic_schemas.catalogue import TOPICS
from pic_schemas.envelope import UnreadableRecord, from_binary, to_structured

Progress = Callable[[int, int], None]


async def read_log(brokers: str, prefix: str, progress: Progress) -> list[dict[str, Any]]:
    """Every event, partition by partition; what is no event of this contract is left out.

    A repeated record is one event. Raises ExchangeDown.
    """
    consumer = AIOKafkaConsumer(bootstrap_servers=brokers, enable_auto_commit=False, group_id=None)
    try:
        await consumer.start()
        return await _read(consumer, prefix, progress)
    except KafkaError as error:
        raise ExchangeDown(f"{brokers} does not answer: {error}") from error
    finally:
        await consumer.stop()


async def _read(consumer: AIOKafkaConsumer, prefix: str, progress: Progress) -> list[dict[str, Any]]:
    wanted = [prefix + topic for topic in TOPICS]
    there = set(wanted) & await consumer.topics()
    if not there:
        raise ExchangeDown(f"the cluster has none of {', '.join(wanted)}")
    # In no group, a subscription is every partition of these topics.
    consumer.subscribe(sorted(there))
    while not (places := sorted(consumer.assignment())):
        await consumer.getmany(timeout_ms=50)
    await consumer.seek_to_beginning(*places)
    begins, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
    found: dict[str, dict[str, Any]] = {}
    total = sum(ends[place] - begins[place] for place in places)
    while any([await consumer.position(place) < ends[place] for place in places]):
        for place, batch in (await consumer.getmany(timeout_ms=1000, max_records=1000)).items():
            for record in batch:
                if record.offset < ends[place]:
                    _hear(found, record)
        progress(sum([await consumer.position(place) - begins[place] for place in places]), total)
    return list(found.values())


def _hear(found: dict[str, dict[str, Any]], record: Any) -> None:
    try:
        event = from_binary(record.headers, record.value)
    except UnreadableRecord:
        return
    found.setdefault(str(event.id), to_structured(event))
