"""One member of a Kafka consumer group, and what aiokafka says when the broker is away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import (
    CommitFailedError,
    ConsumerStoppedError,
    IllegalStateError,
    KafkaError,
)

from pic_kit.bus.base import BusUnavailable, Received
from pic_kit.bus.base import TopicPartition as Place
from pic_kit.cancellation import asked_to_stop
from pic_kit.pace import Pace
from pic_schemas.messages.base import WORLDS

REQUEST_TIMEOUT = 10.0
CLOSE_TIMEOUT = 3.0
Ends = Callable[[Collection[TopicPartition]], Awaitable[dict[TopicPartition, int]]]


# aiokafka has no types: its classes are `Any`.
class Partitions(ConsumerRebalanceListener):  # type: ignore[misc]
    """Whether the group is settled: between two assignments nobody can say how far behind it is."""

    def __init__(self) -> None:
        self._assigned = asyncio.Event()

    async def wait(self) -> None:
        await asyncio.wait_for(self._assigned.wait(), 3 * REQUEST_TIMEOUT)

    async def on_partitions_revoked(self, revoked: object) -> None:
        self._assigned.clear()

    async def on_partitions_assigned(self, assigned: object) -> None:
        self._assigned.set()


class KafkaSubscription:
    """One member of a consumer group."""

    def __init__(
        self, consumer: AIOKafkaConsumer, ends: Ends, left: Callable[[KafkaSubscription], None]
    ) -> None:
        self._consumer = consumer
        self._ends = ends
        self._left = left
        self.partitions = Partitions()
        self._pace = Pace(3, 0.15)

    async def fetch(self, *, limit: int, wait: float) -> dict[Place, list[Received]]:
        """At most `limit` records, and what came of worlds. A broker that is away shows in `commit`."""
        await self._pace.rest()
        with unavailable():
            batches = await self._consumer.getmany(timeout_ms=milliseconds(wait), max_records=limit)
            worlds = [at for at in self._consumer.assignment() if at.topic == WORLDS and at not in batches]
            if batches and worlds:
                # A long log of cases must not be read before the worlds that it belongs to.
                batches |= await self._consumer.getmany(*worlds, timeout_ms=0, max_records=limit)
        if batches:
            self._pace.begin()
        return {(at.topic, at.partition): [_received(one) for one in batch] for at, batch in batches.items()}

    def hurry(self) -> None:
        """Somebody waits: what comes next is handed on as it comes."""
        self._pace.hurry()

    async def commit(self, offsets: Mapping[Place, int]) -> None:
        """A partition that was lost in a rebalance is committed by its new owner."""
        mine = self._consumer.assignment()
        here = {at: then for place, then in offsets.items() if (at := TopicPartition(*place)) in mine}
        with unavailable(), suppress(CommitFailedError, IllegalStateError):
            if here:
                await asyncio.wait_for(self._consumer.commit(here), REQUEST_TIMEOUT)

    async def seek_back(self, topic: str, partition: int, offset: int) -> None:
        """Nothing happens if the partition was lost: its new owner reads from the committed offset."""
        with suppress(IllegalStateError):
            self._consumer.seek(TopicPartition(topic, partition), offset)

    async def behind(self) -> dict[Place, int]:
        """One round trip to the broker. Waits while the group is being rebalanced."""
        with unavailable():
            await self.partitions.wait()
            assigned = self._consumer.assignment()
            ends = await self._ends(assigned) if assigned else {}
            async with asyncio.timeout(REQUEST_TIMEOUT):
                return {
                    (at.topic, at.partition): end - int(await self._consumer.position(at))
                    for at, end in ends.items()
                    if at in self._consumer.assignment()
                }

    async def behind_last_fetch(self) -> dict[Place, int]:
        """By the ends that the broker sent along with the records; what it did not tell counts as read."""
        with unavailable():
            ends = {at: self._consumer.highwater(at) for at in self._consumer.assignment()}
            async with asyncio.timeout(REQUEST_TIMEOUT):
                return {
                    (at.topic, at.partition): max(0, end - int(await self._consumer.position(at)))
                    for at, end in ends.items()
                    if end is not None and at in self._consumer.assignment()
                }

    async def close(self) -> None:
        """Leaves the group at once, so that others take over without waiting for the session to end."""
        self._left(self)
        await close_quietly(self._consumer)


def _received(record: object) -> Received:
    # `object`, because aiokafka has no type for a record.
    headers = tuple((name, value or b"") for name, value in record.headers)  # type: ignore[attr-defined]
    fields = (record.topic, record.partition, record.offset)  # type: ignore[attr-defined]
    return Received(*fields, record.key or b"", headers, record.value or b"")  # type: ignore[attr-defined]


@contextmanager
def unavailable() -> Iterator[None]:
    """Every way in which aiokafka says that the broker is away, as one."""
    try:
        yield
    except (KafkaError, ConsumerStoppedError, OSError, TimeoutError) as error:
        raise BusUnavailable(f"{type(error).__name__}: {error}") from error
    except asyncio.CancelledError as error:
        if asked_to_stop():
            raise
        raise BusUnavailable("the client gave up an answer of the broker") from error


async def close_quietly(part: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    """Close, but never hang on a broker that is away."""
    try:
        await asyncio.wait_for(part.stop(), CLOSE_TIMEOUT)
    except (Exception, asyncio.CancelledError) as error:
        if isinstance(error, asyncio.CancelledError) and asked_to_stop():
            raise
        if isinstance(part, AIOKafkaProducer):
            await _abandon(part)


async def _abandon(producer: AIOKafkaProducer) -> None:
    """An idempotent producer that was cut off tries for ever, also behind the back of its successor."""
    with suppress(Exception):
        await producer._sender.close()
    with suppress(Exception):
        await producer.client.close()


def milliseconds(seconds: float) -> int:
    """What Kafka calls its time-outs in."""
    return int(seconds * 1000)
