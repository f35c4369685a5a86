"""The bus of servers: Kafka, through aiokafka."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    KafkaError,
    MessageSizeTooLargeError,
    TopicAlreadyExistsError,
    UnsupportedVersionError,
    for_code,
)

from pic_kit.bus.base import BusUnavailable, Record
from pic_kit.bus.kafka_group import (
    CLOSE_TIMEOUT,
    REQUEST_TIMEOUT,
    KafkaSubscription,
    close_quietly,
    milliseconds,
    unavailable,
)

PUBLISH_TIMEOUT = 20.0
LARGEST_RECORD = 1_000_000
# aiokafka keeps one fetch a broker in flight; what arrives for a partition outside it waits for its end.
FETCH_WAIT = 0.1


class KafkaBus:
    """One producer for the process, one consumer for each subscription."""

    def __init__(self, servers: str, *, group_instance: str | None = None) -> None:
        self._servers = servers
        self._group_instance = group_instance or os.environ.get("PIC_GROUP_INSTANCE") or None
        self._session_timeout = int(os.environ.get("PIC_SESSION_TIMEOUT_MS", "10000"))
        self._replication = int(os.environ.get("PIC_KAFKA_REPLICATION", "1"))
        self._producer: AIOKafkaProducer | None = None
        self._gauge: AIOKafkaConsumer | None = None
        self._subscriptions: set[KafkaSubscription] = set()
        self._opening = asyncio.Lock()

    async def start(self) -> None:
        """Raises BusUnavailable; may be called again."""
        await self._open_producer()

    async def stop(self) -> None:
        """Leaves every group. What is not acknowledged by now is published again by the next relay."""
        for subscription in tuple(self._subscriptions):
            await subscription.close()
        await self._close_producer()
        gauge, self._gauge = self._gauge, None
        if gauge is not None:
            await close_quietly(gauge)

    async def _close_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await close_quietly(producer)

    async def ensure_topics(self, topics: Mapping[str, int]) -> None:
        """Kept for ever: the log is the audit trail. A cluster that cannot be asked creates them on use."""
        admin = AIOKafkaAdminClient(
            bootstrap_servers=self._servers, request_timeout_ms=milliseconds(REQUEST_TIMEOUT)
        )
        try:
            with unavailable():
                await admin.start()
                await self._create(admin, topics)
                await asyncio.wait_for(_until_known(admin, list(topics)), REQUEST_TIMEOUT)
        finally:
            with suppress(Exception):
                await asyncio.wait_for(admin.close(), CLOSE_TIMEOUT)

    async def _create(self, admin: AIOKafkaAdminClient, topics: Mapping[str, int]) -> None:
        forever = {"retention.ms": "-1"}
        new = [
            NewTopic(name, count, self._replication, topic_configs=forever) for name, count in topics.items()
        ]
        # A mock cluster names no controller, over which aiokafka stumbles.
        with suppress(AttributeError, UnsupportedVersionError):
            _refuse_failed(await admin.create_topics(new))

    async def publish(self, records: Sequence[Record]) -> list[Exception | None]:
        """Send all, then wait for all. After a failure of unclear outcome the producer is replaced."""
        producer = await self._open_producer()
        sent = await _send_all(producer, records)
        futures = [future for future in sent if isinstance(future, asyncio.Future)]
        if futures:
            await asyncio.wait(futures, timeout=PUBLISH_TIMEOUT)
        outcome = _outcomes(records, sent)
        if any(error is not None and not isinstance(error, MessageSizeTooLargeError) for error in outcome):
            await self._close_producer()
        return outcome

    async def subscribe(self, group: str, topics: Sequence[str]) -> KafkaSubscription:
        """Returns when the group has told this member its partitions. Raises BusUnavailable."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._servers,
            group_id=group,
            group_instance_id=self._group_instance,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=self._session_timeout,
            heartbeat_interval_ms=min(3000, self._session_timeout // 3),
            request_timeout_ms=milliseconds(REQUEST_TIMEOUT) + self._session_timeout,
            fetch_max_wait_ms=milliseconds(FETCH_WAIT),
            max_partition_fetch_bytes=4 * 1024 * 1024,
        )
        subscription = KafkaSubscription(consumer, self.ends, self._subscriptions.discard)
        self._subscriptions.add(subscription)
        try:
            with unavailable():
                consumer.subscribe(list(topics), listener=subscription.partitions)
                await consumer.start()
                await subscription.partitions.wait()
        except BaseException:
            await subscription.close()
            raise
        return subscription

    async def ends(self, places: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Where the log ends now, asked on a connection of its own: a subscription's waits for its fetch."""
        async with self._opening:
            if self._gauge is None:
                gauge = AIOKafkaConsumer(
                    bootstrap_servers=self._servers, request_timeout_ms=milliseconds(REQUEST_TIMEOUT)
                )
                try:
                    await asyncio.wait_for(gauge.start(), REQUEST_TIMEOUT)
                except BaseException:
                    await close_quietly(gauge)
                    raise
                self._gauge = gauge
        return dict(await self._gauge.end_offsets(places))

    async def _open_producer(self) -> AIOKafkaProducer:
        async with self._opening:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._servers,
                    acks="all",
                    enable_idempotence=True,
                    linger_ms=0,
                    max_batch_size=256 * 1024,
                    max_request_size=LARGEST_RECORD,
                    request_timeout_ms=milliseconds(REQUEST_TIMEOUT),
                )
                try:
                    with unavailable():
                        await asyncio.wait_for(producer.start(), REQUEST_TIMEOUT)
                except BaseException:
                    await close_quietly(producer)
                    raise
                self._producer = producer
            return self._producer


async def _send_all(
    producer: AIOKafkaProducer, records: Sequence[Record]
) -> list[asyncio.Future[object] | Exception]:
    """Hand the records to the producer, but none after an earlier one of its key could not be handed over."""
    sent: list[asyncio.Future[object] | Exception] = []
    failed: set[tuple[str, bytes]] = set()
    with suppress(TimeoutError):
        async with asyncio.timeout(PUBLISH_TIMEOUT):
            for record in records:
                sent.append(await _send(producer, record, failed))
    late = BusUnavailable("the broker did not take the record in time")
    return sent + [late] * (len(records) - len(sent))


async def _send(
    producer: AIOKafkaProducer, record: Record, failed: set[tuple[str, bytes]]
) -> asyncio.Future[object] | Exception:
    at = (record.topic, record.key)
    if at in failed:
        return BusUnavailable("an earlier record of this key failed")
    try:
        future: asyncio.Future[object] = await producer.send(
            record.topic, record.value, key=record.key, headers=list(record.headers)
        )
        return future
    except (KafkaError, OSError) as error:
        failed.add(at)
        return error


def _outcomes(
    records: Sequence[Record], sent: Sequence[asyncio.Future[object] | Exception]
) -> list[Exception | None]:
    """None where the broker acknowledged; after a failed record every later one of its key failed too."""
    failed: set[tuple[str, bytes]] = set()
    outcome: list[Exception | None] = []
    for record, result in zip(records, sent, strict=True):
        at = (record.topic, record.key)
        error = _error_of(result)
        if error is None and at in failed:
            error = BusUnavailable("an earlier record of this key failed")
        if error is not None:
            failed.add(at)
        outcome.append(error)
    return outcome


def _error_of(result: asyncio.Future[object] | Exception) -> Exception | None:
    if isinstance(result, Exception):
        return result
    if not result.done():
        return BusUnavailable("the broker did not acknowledge in time")
    if result.cancelled():
        return BusUnavailable("the producer was closed")
    error = result.exception()
    return error if error is None or isinstance(error, Exception) else BusUnavailable(repr(error))


def _refuse_failed(response: object) -> None:
    # aiokafka makes the fields of an answer from its schema; no type knows them.
    for _, code, *_ in response.topic_errors:  # type: ignore[attr-defined]
        if code not in (0, TopicAlreadyExistsError.errno):
            raise for_code(code)


async def _until_known(admin: AIOKafkaAdminClient, topics: list[str]) -> None:
    """The controller has a topic a moment before the broker that serves it."""
    while True:
        codes = {topic["error_code"] for topic in await admin.describe_topics(topics)}
        failures = [for_code(code) for code in codes if code]
        if not failures:
            return
        if not all(failure.retriable for failure in failures):
            raise failures[0]
        await asyncio.sleep(0.05)
