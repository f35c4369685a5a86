"""A bus of its own on a broker that others use too: whoever asks gets topics and groups of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pic_kit.bus.base import Bus, Received, Record, Subscription, TopicPartition


@dataclass(frozen=True)
class OwnTopics:
    """Topics and groups carry the prefix on the broker and nowhere else."""

    bus: Bus
    prefix: str

    async def start(self) -> None:
        await self.bus.start()

    async def stop(self) -> None:
        await self.bus.stop()

    async def ensure_topics(self, topics: Mapping[str, int]) -> None:
        await self.bus.ensure_topics({self.prefix + topic: number for topic, number in topics.items()})

    async def publish(self, records: Sequence[Record]) -> list[Exception | None]:
        return await self.bus.publish([replace(one, topic=self.prefix + one.topic) for one in records])

    async def subscribe(self, group: str, topics: Sequence[str]) -> Subscription:
        theirs = await self.bus.subscribe(self.prefix + group, [self.prefix + topic for topic in topics])
        return _OwnSubscription(theirs, self.prefix)


@dataclass(frozen=True)
class _OwnSubscription:
    theirs: Subscription
    prefix: str

    async def fetch(self, *, limit: int, wait: float) -> dict[TopicPartition, list[Received]]:
        found = await self.theirs.fetch(limit=limit, wait=wait)
        return {
            self._ours(place): [replace(one, topic=self._ours(place)[0]) for one in records]
            for place, records in found.items()
        }

    def hurry(self) -> None:
        self.theirs.hurry()

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        await self.theirs.commit(
            {(self.prefix + topic, partition): at for (topic, partition), at in offsets.items()}
        )

    async def seek_back(self, topic: str, partition: int, offset: int) -> None:
        await self.theirs.seek_back(self.prefix + topic, partition, offset)

    async def behind(self) -> dict[TopicPartition, int]:
        return {self._ours(place): number for place, number in (await self.theirs.behind()).items()}

    async def behind_last_fetch(self) -> dict[TopicPartition, int]:
        found = await self.theirs.behind_last_fetch()
        return {self._ours(place): number for place, number in found.items()}

    async def close(self) -> None:
        await self.theirs.close()

    def _ours(self, place: TopicPartition) -> TopicPartition:
        return place[0].removeprefix(self.prefix), place[1]
