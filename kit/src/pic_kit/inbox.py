"""What arrives: told apart into new, seen, early and not ours, and applied once, in order within its case."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.bus.base import Received
from pic_kit.clock import wall_clock
from pic_kit.tables import heard, parked, waiting
from pic_kit.transaction import NO_CASE, LogPosition, Transaction, Work
from pic_schemas.catalogue import load
from pic_schemas.envelope import Event, UnreadableRecord, from_binary
from pic_schemas.messages import Message

StreamKey = tuple[str, str, str]
CaseKey = tuple[str, str]


class NotYet(Exception):
    """A reaction needs a message that has not come; `waits_for` names the types that may cure it."""

    def __init__(self, detail: str, waits_for: Iterable[str] = (), reason: str = "NOT_YET") -> None:
        super().__init__(detail)
        self.waits_for = tuple(waits_for)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record that could be read."""

    event: Event
    message: Message
    position: LogPosition

    @property
    def stream(self) -> StreamKey:
        return self.event.world, self.event.case or NO_CASE, self.event.source

    @property
    def case(self) -> CaseKey:
        return self.event.world, self.event.case or NO_CASE


class Fate(Enum):
    """What becomes of an arrival."""

    APPLY = "apply"
    SEEN = "seen"
    WAIT = "wait"
    SWALLOW = "swallow"


Reaction = Callable[[Work, Event, Any], Awaitable[None]]


class Reactions:
    """What a service does when it hears a message; types that nobody registered are heard and passed over."""

    def __init__(self) -> None:
        self._by_type: dict[str, list[Reaction]] = {}
        self._always: list[Reaction] = []
        self._prefetch: list[Callable[[Transaction, Sequence[Arrival]], Awaitable[None]]] = []

    def on(self, kind: type[Message]) -> Callable[[Reaction], Reaction]:
        def register(reaction: Reaction) -> Reaction:
            self._by_type.setdefault(kind.type, []).append(reaction)
            return reaction

        return register

    def on_any(self, reaction: Reaction) -> Reaction:
        self._always.append(reaction)
        return reaction

    def before_batch(self, prefetch: Callable[[Transaction, Sequence[Arrival]], Awaitable[None]]) -> None:
        """Load a batch's aggregates in one statement per table instead of one per message."""
        self._prefetch.append(prefetch)

    async def prepare(self, transaction: Transaction, batch: Sequence[Arrival]) -> None:
        for prefetch in self._prefetch:
            await prefetch(transaction, batch)

    async def apply(self, work: Work, event: Event, message: Message) -> None:
        for reaction in (*self._by_type.get(event.type, ()), *self._always):
            await reaction(work, event, message)


def read_record(record: Received) -> Arrival:
    """Raises UnreadableRecord."""
    event = from_binary(record.headers, record.value)
    return Arrival(event, load(event), LogPosition(record.topic, record.partition, record.offset))


class Inbox:
    """The inbox of one transaction: which sequences were applied, which cases are waiting."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection
        self._found: dict[StreamKey, int] = {}
        self._now: dict[StreamKey, int] = {}
        self._blocked: set[CaseKey] = set()

    async def prepare(self, arrivals: Sequence[Arrival]) -> None:
        """Two statements for the whole batch; the rows stay locked so that nobody applies the same twice."""
        streams = {arrival.stream for arrival in arrivals}
        keys = tuple_(heard.c.world, heard.c.case_id, heard.c.source)
        rows = await self._connection.execute(
            select(heard)
            .where(keys.in_(sorted(streams)))
            .order_by(*heard.primary_key.columns)
            .with_for_update()
        )
        self._found = {(row.world, row.case_id, row.source): row.last for row in rows}
        self._now = dict(self._found)
        cases = tuple_(waiting.c.world, waiting.c.case_id)
        blocked = select(waiting.c.world, waiting.c.case_id).where(
            cases.in_(sorted({arrival.case for arrival in arrivals}))
        )
        self._blocked = {
            (row.world, row.case_id) for row in await self._connection.execute(blocked.distinct())
        }
        await self._transaction.worlds({arrival.event.world for arrival in arrivals})

    def last(self, stream: StreamKey) -> int:
        return self._now.get(stream, 0)

    async def fate(self, arrival: Arrival, *, opens_world: bool) -> tuple[Fate, str]:
        """What becomes of it, and why it must wait."""
        if arrival.event.sequence <= self.last(arrival.stream):
            return Fate.SEEN, ""
        world = (await self._transaction.worlds([arrival.event.world])).get(arrival.event.world)
        if world is None and not opens_world:
            return Fate.WAIT, "WORLD_UNKNOWN"
        if world is not None and world.deleted:
            return Fate.SWALLOW, ""
        if arrival.case in self._blocked:
            return Fate.WAIT, "CASE_WAITS"
        if arrival.event.sequence > self.last(arrival.stream) + 1:
            return Fate.WAIT, "GAP"
        return Fate.APPLY, ""

    def applied(self, arrival: Arrival) -> None:
        self._now[arrival.stream] = arrival.event.sequence

    async def wait(self, arrival: Arrival, reason: str, detail: str, waits_for: Iterable[str] = ()) -> None:
        """Set aside, once; its case waits from now on."""
        self._blocked.add(arrival.case)
        await self._connection.execute(
            _insert(self._connection, waiting)
            .values(
                world=arrival.event.world,
                case_id=arrival.event.case or NO_CASE,
                source=arrival.event.source,
                sequence=arrival.event.sequence,
                type=arrival.event.type,
                event=arrival.event.model_dump_json(),
                topic=arrival.position.topic,
                log_partition=arrival.position.partition,
                log_offset=arrival.position.offset,
                reason=reason,
                detail=detail,
                waits_for=",".join(waits_for),
            )
            .on_conflict_do_nothing(index_elements=["world", "case_id", "source", "sequence"])
        )

    async def flush(self) -> None:
        """Remember what was applied. A new stream is a plain INSERT: a rival makes the batch run again."""
        keys = ("world", "case_id", "source")
        new = [
            dict(zip(keys, k, strict=True)) | {"last": n}
            for k, n in self._now.items()
            if k not in self._found
        ]
        if new:
            await self._connection.execute(insert(heard), new)
        for key, last in sorted(self._now.items()):
            if self._found.get(key, last) != last:
                where = (heard.c.world == key[0], heard.c.case_id == key[1], heard.c.source == key[2])
                await self._connection.execute(update(heard).where(*where).values(last=last))


async def park(connection: AsyncConnection, record: Received, error: UnreadableRecord) -> None:
    """Set an unreadable record aside, once, with its reason."""
    headers = {name: value.decode("utf-8", "replace") for name, value in record.headers}
    row = {
        "topic": record.topic,
        "log_partition": record.partition,
        "log_offset": record.offset,
        "world": (headers.get("ce_world") or "")[:40] or None,
        "case_id": (headers.get("ce_case") or "")[:36] or None,
        "event_id": None,
        "reason": str(error),
        "headers": json.dumps(headers, sort_keys=True),
        "body": record.value or b"",
        "parked_at": wall_clock(),
    }
    statement = _insert(connection, parked).values(**row)
    await connection.execute(
        statement.on_conflict_do_nothing(index_elements=["topic", "log_partition", "log_offset"])
    )


def _insert(connection: AsyncConnection, table: Any) -> Any:
    """INSERT of the dialect at hand, for ON CONFLICT."""
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)
