"""What arrives: told apart into new, seen, early and not ours, and applied once, in order within its case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

from sqlalchemy import Dialect, literal, select, union_all

from pic_kit.arrivals import Arrival, CaseKey, StreamKey, Unreadable
from pic_kit.bulk import among, keys_as
from pic_kit.database import insert_or_ignore
from pic_kit.parking import park, parked_after
from pic_kit.prepared import Prepared
from pic_kit.reactions import NotYet, Reaction, Reactions
from pic_kit.tables import heard, waiting
from pic_kit.transaction import NO_CASE, Transaction

__all__ = ["Arrival", "Fate", "Inbox", "NotYet", "Reaction", "Reactions"]


_STREAM = (heard.c.world, heard.c.case_id, heard.c.source)
_CASE = (waiting.c.world, waiting.c.case_id)


def _standing(dialect: Dialect) -> Any:
    """How far each stream was applied, locked in the order of the keys; then, without a source, who waits."""
    known = select(heard).where(among(dialect, _STREAM)).order_by(*_STREAM).with_for_update().subquery()
    waits = select(*_CASE, literal(""), literal(0)).where(among(dialect, _CASE, "c_")).distinct()
    return union_all(select(known), waits)


_STANDING = Prepared(_standing)


class Fate(Enum):
    """What becomes of an arrival."""

    APPLY = "apply"
    SEEN = "seen"
    WAIT = "wait"
    SWALLOW = "swallow"


class Inbox:
    """The inbox of one transaction: which sequences were applied, which cases are waiting."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection
        self._found: dict[StreamKey, int] = {}
        self._now: dict[StreamKey, int] = {}
        self._blocked: set[CaseKey] = set()

    async def prepare(self, arrivals: Sequence[Arrival | Unreadable]) -> None:
        """Two statements for the whole batch; the rows stay locked so that nobody applies the same twice."""
        streams = {arrival.stream for arrival in arrivals if arrival.stream is not None}
        connection, cases = self._connection, {stream[:2] for stream in streams}
        keys = keys_as(connection, _STREAM, streams) | keys_as(connection, _CASE, cases, "c_")
        rows = await _STANDING.rows(connection, **keys)
        self._found = {(world, case, source): last for world, case, source, last in rows if source}
        self._now = dict(self._found)
        self._blocked = {(world, case) for world, case, source, _ in rows if not source}
        await self._transaction.worlds({stream[0] for stream in streams})

    def last(self, stream: StreamKey) -> int:
        return self._now.get(stream, 0)

    async def fate(self, arrival: Arrival, *, opens_world: bool, released: bool = False) -> tuple[Fate, str]:
        """What becomes of it, and why it must wait. What is `released` does not wait for its case."""
        if arrival.event.sequence <= self.last(arrival.stream):
            return Fate.SEEN, ""
        name = arrival.event.world
        world = self._transaction.known_world(name) or (await self._transaction.worlds([name])).get(name)
        if world is None and not opens_world:
            return Fate.WAIT, "WORLD_UNKNOWN"
        if world is not None and world.deleted:
            return Fate.SWALLOW, ""
        if arrival.case in self._blocked and not released:
            return Fate.WAIT, "CASE_WAITS"
        if not await self.follows(arrival):
            return Fate.WAIT, "GAP"
        return Fate.APPLY, ""

    async def follows(self, arrival: Arrival) -> bool:
        """Whether nothing of its producer is missing before it; what was parked is not missing."""
        if arrival.sequence > self.last(arrival.stream) + 1:
            await self.pass_over_parked(arrival.stream)
        return arrival.sequence <= self.last(arrival.stream) + 1

    def applied(self, arrival: Arrival) -> None:
        self._now[arrival.stream] = arrival.sequence

    def pass_over(self, stream: StreamKey, sequence: int) -> None:
        """An operator gave up what is missing up to here."""
        self._now[stream] = sequence

    async def park(self, item: Unreadable) -> set[CaseKey]:
        """Set aside for good; returns its case, in which something may have waited for it."""
        world = self._transaction.known_world(item.stream[0]) if item.stream else None
        if world is not None and world.deleted:
            return set()
        await park(self._connection, item)
        if item.stream is None:
            return set()
        await self.pass_over_parked(item.stream)
        return {item.stream[:2]} if item.stream[:2] in self._blocked else set()

    async def pass_over_parked(self, stream: StreamKey) -> None:
        """Parked messages leave no gap: they count as heard as soon as all before them is."""
        for sequence in await parked_after(self._connection, stream, self.last(stream)):
            if sequence == self.last(stream) + 1:
                self._now[stream] = sequence

    async def wait(self, arrival: Arrival, reason: str, detail: str, waits_for: Iterable[str] = ()) -> None:
        """Set aside, once; its case waits from now on."""
        self._blocked.add(arrival.case)
        await self._connection.execute(
            insert_or_ignore(self._connection, waiting).values(
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
        )

    async def flush(self) -> None:
        """Remember what was applied, when the transaction is flushed.

        A new stream is a plain INSERT: a rival makes the batch run again.
        """
        sheaf = self._transaction.sheaf
        new = [_heard(key, last) for key, last in self._now.items() if key not in self._found]
        await sheaf.insert(heard, new)
        moved = [
            _heard(key, last) for key, last in sorted(self._now.items()) if self._found.get(key, last) != last
        ]
        if moved:
            await sheaf.replace(heard, moved, keys=("world", "case_id", "source"))


def _heard(stream: StreamKey, last: int) -> dict[str, str | int]:
    return {"world": stream[0], "case_id": stream[1], "source": stream[2], "last": last}
