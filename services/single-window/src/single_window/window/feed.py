"""The event feed: pages of the log, in an order that is the same for every reader and after a rebuild."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from pic_kit.clock import monotonic
from pic_kit.runtime import Runtime
from pic_kit.settings import Settings
from pic_kit.topics import topics_of
from pic_schemas.envelope import Event
from single_window.domain.cursor import Cursor, Place
from single_window.window.store import FeedRow, Parties, last_offsets, read_log

FIRST = datetime.min.replace(tzinfo=UTC)
SILENCE = 15.0  # seconds after which those on the way may take a line for dead
LOOK_AGAIN = 1.0  # a message that waited is released without any new record


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An event, and the cursor that goes on behind it."""

    event: Event
    after: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and what of it."""

    world: str
    parties: Parties
    case: str | None = None


class Feed:
    """Reads the window's events in log order."""

    # Longer streams outlive their tokens; the reader comes back with the last id it has seen.
    most_seconds = 600.0

    def __init__(self, window: Runtime, desk: Runtime, settings: Settings) -> None:
        self._window = window
        # The desk begins a new life with each log, and only then; the window whenever it is rebuilt.
        self._desk = desk
        # A laptop's log has one partition for each topic.
        kafka = settings.bus_url.startswith("kafka:")
        counts: Mapping[str, int] = topics_of(settings)
        self._places: list[Place] = [
            (topic, partition)
            for topic, count in counts.items()
            for partition in range(count if kafka else 1)
        ]

    def cursor(self, text: str) -> Cursor:
        """Raises UnreadableCursor, CursorOfALostLog."""
        return Cursor.read(text, self._places, self._desk.database_id)

    async def end(self, world: str) -> Cursor:
        """Behind all that is known now."""
        last = await self._window.read(lambda connection: last_offsets(connection, world))
        return Cursor(self._desk.database_id, dict.fromkeys(self._places, -1) | last)

    async def read(self, reader: Reader, cursor: Cursor, limit: int) -> list[FeedItem]:
        """At most `limit` events; moves the cursor behind them."""
        async with self._window.database.looking() as connection:
            rows = await read_log(
                connection, reader.world, reader.case, reader.parties, cursor.positions, limit
            )
        return list(_merge(rows, cursor, limit))

    async def wait(self, reader: Reader, cursor: Cursor, limit: int, seconds: float) -> list[FeedItem]:
        """Like `read`, but waits for the first event."""
        until = monotonic() + seconds
        while not (items := await self.read(reader, cursor, limit)) and (left := until - monotonic()) > 0:
            await self._progress(min(left, LOOK_AGAIN))
        return items

    async def follow(self, reader: Reader, cursor: Cursor) -> AsyncIterator[FeedItem | None]:
        """Every event as it comes, for ten minutes; None when there was none for a while.

        No database session is open while it yields.
        """
        until = monotonic() + self.most_seconds
        while (left := until - monotonic()) > 0:
            items = await self.wait(reader, cursor, 100, min(left, SILENCE))
            for item in items:
                yield item
            if not items:
                yield None

    async def _progress(self, seconds: float) -> None:
        if (consumer := self._window.consumer) is None:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), consumer.progress:
                await consumer.progress.wait()


def _merge(rows: Iterable[FeedRow], cursor: Cursor, limit: int) -> Iterable[FeedItem]:
    """Partitions side by side by recorded time; within a partition the log's order is never changed."""
    queues: dict[Place, deque[FeedRow]] = {}
    for row in rows:
        queues.setdefault((row.topic, row.partition), deque()).append(row)
    taken = 0
    while taken < limit and queues:
        place = min(queues, key=lambda at: (_recorded_at(queues[at][0]), at))
        row = queues[place].popleft()
        if not queues[place]:
            del queues[place]
        if row.recorded is None:
            cursor.skip(place, row.offset)
            continue
        cursor.take(place, row.offset)
        taken += 1
        yield FeedItem(row.recorded.event, str(cursor))


def _recorded_at(row: FeedRow) -> datetime:
    return row.recorded.event.recordedtime if row.recorded else FIRST
