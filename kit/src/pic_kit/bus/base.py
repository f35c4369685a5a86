"""What every bus can do: append records durably, and let groups read them at their own pace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

Headers = tuple[tuple[str, bytes], ...]
TopicPartition = tuple[str, int]


class BusUnavailable(Exception):
    """The connection is lost or the broker is gone: retry with back-off. Nothing was skipped."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record to publish. Records of one key stay in order."""

    topic: str
    key: bytes
    headers: Headers
    value: bytes


@dataclass(frozen=True, slots=True)
class Received:
    """One record as read back, with its place in the log."""

    topic: str
    partition: int
    offset: int
    key: bytes
    headers: Headers
    value: bytes


class Subscription(Protocol):
    """One member of a group. A group that is new reads from the start of the log."""

    async def fetch(self, *, limit: int, wait: float) -> dict[TopicPartition, list[Received]]:
        """At most `limit` records, per partition in offset order; {} after `wait` seconds.

        Raises BusUnavailable.
        """
        ...

    def hurry(self) -> None:
        """Somebody waits for what comes next; a bus that lets more come first does not now."""
        ...

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Where the group resumes, for each partition: one behind the last record that was applied.

        Harmless for those that a rebalance took. Raises BusUnavailable.
        """
        ...

    async def seek_back(self, topic: str, partition: int, offset: int) -> None:
        """Read again from `offset`, after a batch that failed."""
        ...

    async def behind(self) -> dict[TopicPartition, int]:
        """Records not yet fetched, for each assigned partition. Raises BusUnavailable."""
        ...

    async def behind_last_fetch(self) -> dict[TopicPartition, int]:
        """The same as the last fetch told it, without asking the bus. Raises BusUnavailable."""
        ...

    async def close(self) -> None:
        """Leave the group."""
        ...


class Bus(Protocol):
    """A durable log of topics. Delivery is at least once."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def ensure_topics(self, topics: Mapping[str, int]) -> None:
        """Topic name to number of partitions; topics that exist stay as they are. Raises BusUnavailable."""
        ...

    async def publish(self, records: Sequence[Record]) -> list[Exception | None]:
        """One entry per record, None when the broker acknowledged it.

        After a failed record of a key no later record of that key counts as sent. Raises BusUnavailable.
        """
        ...

    async def subscribe(self, group: str, topics: Sequence[str]) -> Subscription:
        """Join a group. Raises BusUnavailable."""
        ...
