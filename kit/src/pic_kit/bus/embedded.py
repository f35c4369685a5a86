"""The bus of a laptop: a durable log in one append-only SQLite file, read by groups at their own pace."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pic_kit.bus.base import BusUnavailable, Headers, Received, Record, TopicPartition
from pic_kit.bus.folder import FolderLock

SCHEMA = """
CREATE TABLE IF NOT EXISTS log (
  topic TEXT NOT NULL, "offset" INTEGER NOT NULL,
  key BLOB NOT NULL, headers TEXT NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY (topic, "offset"));
CREATE TABLE IF NOT EXISTS offsets (
  grp TEXT NOT NULL, topic TEXT NOT NULL, next_offset INTEGER NOT NULL,
  PRIMARY KEY (grp, topic));
"""
APPEND = "INSERT INTO log VALUES (?, ?, ?, ?, ?)"
READ = """SELECT "offset", key, headers, value FROM log
WHERE topic = ? AND "offset" >= ? ORDER BY "offset" LIMIT ?"""
COMMITTED = "SELECT topic, next_offset FROM offsets WHERE grp = ?"
COMMIT = """INSERT INTO offsets VALUES (?, ?, ?)
ON CONFLICT (grp, topic) DO UPDATE SET next_offset = excluded.next_offset"""


class EmbeddedBus:
    """All services of one process share one of these. SQLite answers in less than a thread hop costs."""

    def __init__(self, path: str | Path, *, lasting: bool = True) -> None:
        self._path = Path(path)
        self._lasting = lasting
        self._lock = FolderLock(self._path.with_name(self._path.name + ".lock"))
        self._log: sqlite3.Connection | None = None
        self._groups: sqlite3.Connection | None = None
        self._ends: dict[str, int] = {}
        self._readers: set[EmbeddedSubscription] = set()

    async def start(self) -> None:
        """Raises FolderInUse when another process has this log open."""
        if self._log is not None:
            return
        self._lock.take()
        try:
            self._log = _connect(self._path, synchronous="FULL" if self._lasting else "OFF")
            # With the power an offset may be lost: its records are read again. A record may not.
            self._groups = _connect(self._path, synchronous="NORMAL" if self._lasting else "OFF")
            self._ends = dict(self._log.execute('SELECT topic, max("offset") + 1 FROM log GROUP BY topic'))
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Readers that still wait get BusUnavailable."""
        for connection in (self._groups, self._log):
            if connection is not None:
                connection.close()
        self._log = self._groups = None
        self._wake(self._ends)
        self._lock.release()

    async def ensure_topics(self, topics: Mapping[str, int]) -> None:
        """A topic is there as soon as somebody writes to it, with one partition."""

    async def publish(self, records: Sequence[Record]) -> list[Exception | None]:
        """All of them or none: one transaction, on disk before this returns."""
        ends = dict(self._ends)
        rows = []
        for record in records:
            offset = ends.get(record.topic, 0)
            rows.append((record.topic, offset, record.key, _write_headers(record.headers), record.value))
            ends[record.topic] = offset + 1
        try:
            with _transaction(self._log) as connection:
                connection.executemany(APPEND, rows)
        except BusUnavailable as error:
            return [error] * len(records)
        self._ends = ends
        self._wake({record.topic for record in records})
        return [None] * len(records)

    async def subscribe(self, group: str, topics: Sequence[str]) -> EmbeddedSubscription:
        """One member a group: a second one would read the same records again."""
        with _transaction(self._groups) as connection:
            committed = dict(connection.execute(COMMITTED, (group,)))
        reader = EmbeddedSubscription(self, group, {topic: committed.get(topic, 0) for topic in topics})
        self._readers.add(reader)
        return reader

    def end(self, topic: str) -> int:
        """The offset that the next record of this topic will have. Raises BusUnavailable."""
        if self._log is None:
            raise BusUnavailable("the bus is stopped")
        return self._ends.get(topic, 0)

    def read(self, topic: str, offset: int, limit: int) -> list[Received]:
        """Records from `offset` on. Raises BusUnavailable."""
        with _transaction(self._groups) as connection:
            rows = connection.execute(READ, (topic, offset, limit)).fetchall()
        return [Received(topic, 0, at, key, read_headers(headers), value) for at, key, headers, value in rows]

    def write_offset(self, group: str, topic: str, next_offset: int) -> None:
        """Raises BusUnavailable."""
        with _transaction(self._groups) as connection:
            connection.execute(COMMIT, (group, topic, next_offset))

    def forget(self, reader: EmbeddedSubscription) -> None:
        self._readers.discard(reader)

    def _wake(self, topics: Iterable[str]) -> None:
        for reader in self._readers:
            reader.wake(topics)


class EmbeddedSubscription:
    """A group's place in each topic; sleeps until a record is appended."""

    def __init__(self, bus: EmbeddedBus, group: str, positions: dict[str, int]) -> None:
        self._bus = bus
        self._group = group
        self._positions = positions
        self._turn = deque(positions)
        self._woken = asyncio.Event()

    def wake(self, topics: Iterable[str]) -> None:
        if not self._positions.keys().isdisjoint(topics):
            self._woken.set()

    async def fetch(self, *, limit: int, wait: float) -> dict[TopicPartition, list[Received]]:
        """At most `limit` records. Raises BusUnavailable once the bus is stopped."""
        await asyncio.sleep(0)  # a reader far behind must not keep the loop to itself
        self._woken.clear()
        if not any((await self.behind()).values()):
            try:
                # Not wait_for: in Python 3.11 it swallows a cancellation that comes together with the wake.
                async with asyncio.timeout(wait):
                    await self._woken.wait()
            except TimeoutError:
                return {}
        return self._take(limit)

    def _take(self, limit: int) -> dict[TopicPartition, list[Received]]:
        found: dict[TopicPartition, list[Received]] = {}
        self._turn.rotate(-1)  # a full topic must not starve the others
        for topic in self._turn:
            records = self._bus.read(topic, self._positions[topic], limit) if limit else []
            if records:
                found[topic, 0] = records
                self._positions[topic] = records[-1].offset + 1
                limit -= len(records)
        return found

    def hurry(self) -> None:
        """What was published is there at once."""

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Where the group resumes after a restart."""
        for (topic, _), next_offset in offsets.items():
            self._bus.write_offset(self._group, topic, next_offset)

    async def seek_back(self, topic: str, partition: int, offset: int) -> None:
        """Read again from `offset`."""
        self._positions[topic] = offset

    async def behind(self) -> dict[TopicPartition, int]:
        """Known in memory, because nobody else can write to this file."""
        return {(topic, 0): self._bus.end(topic) - position for topic, position in self._positions.items()}

    async def behind_last_fetch(self) -> dict[TopicPartition, int]:
        """The same: asking costs nothing here."""
        return await self.behind()

    async def close(self) -> None:
        """Others of the group may subscribe again."""
        self._bus.forget(self)


def _connect(path: Path, *, synchronous: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    connection.executescript(SCHEMA)
    return connection


@contextmanager
def _transaction(connection: sqlite3.Connection | None) -> Iterator[sqlite3.Connection]:
    """Never spans an await, so that no two transactions of this process meet."""
    if connection is None:
        raise BusUnavailable("the bus is not started")
    try:
        connection.execute("BEGIN")
        yield connection
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise BusUnavailable(str(error)) from error


def _write_headers(headers: Headers) -> str:
    return json.dumps([(name, value.decode("latin-1")) for name, value in headers])


def read_headers(text: str) -> Headers:
    """As they stand in the file."""
    return tuple((name, value.encode("latin-1")) for name, value in json.loads(text))
