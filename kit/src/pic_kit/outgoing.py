"""What a transaction says: events get their sequences, then their place in the outbox, last of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.clock import wall_clock
from pic_kit.database import insert_for
from pic_kit.prepared import Prepared
from pic_kit.sheaf import Sheaf
from pic_kit.tables import outbox, streams
from pic_schemas.envelope import Event

NO_CASE = ""
Stream = tuple[str, str, str]


def _advance(dialect: Dialect, rows: list[dict[str, Any]] | None = None) -> Any:
    added = insert_for(dialect, streams)
    added = added if rows is None else added.values(rows)
    moved = {"last": streams.c.last + added.excluded.last}
    stands = added.on_conflict_do_update(index_elements=["world", "case_id", "source"], set_=moved)
    return stands.returning(*streams.c)


_ADVANCE = Prepared(_advance, values=("world", "case_id", "source", "last"))
_SAY = Prepared(
    insert(outbox).inline(), values=("event_id", "world", "case_id", "topic", "event", "stored_at")
)


class AlreadySaid(Exception):
    """The cause was handled before: an event of it stands in the outbox, and so do all its effects."""


LARGEST_EVENT = 900_000
"""Bytes. A broker takes a record of a million, headers included; what it refused would hold up its case."""


class TooMuchSaid(Exception):
    """What a command says would be larger than any broker takes: nothing of it is kept."""


@dataclass(slots=True)
class _Draft:
    """An event that still lacks its sequence, which is given at the flush, under the stream's row lock."""

    topic: str
    fields: dict[str, Any]

    @property
    def stream(self) -> Stream:
        return self.fields["world"], self.fields["case"] or NO_CASE, self.fields["source"]


class Outgoing:
    """The events of one transaction, in the order in which they were said."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._drafts: list[_Draft] = []
        self.sent: list[Event] = []

    def draft(self, topic: str, fields: dict[str, Any]) -> None:
        self._drafts.append(_Draft(topic, fields))

    async def refuse_what_was_said(self) -> None:
        """Raises AlreadySaid. One transaction keeps event and effects, so one event proves them all."""
        ids = [str(draft.fields["id"]) for draft in self._drafts]
        known = select(outbox.c.event_id).where(outbox.c.event_id.in_(ids)).limit(1)
        if ids and (found := (await self._connection.execute(known)).scalar_one_or_none()):
            raise AlreadySaid(f"event {found} was said before")

    async def flush(self, sheaf: Sheaf | None = None) -> None:
        """Write what was said; with a sheaf a single row waits for what is written after it."""
        if self._drafts:
            drafts, self._drafts = self._drafts, []
            together = sheaf or Sheaf(self._connection)
            await self._write(together, await self._with_sequences(together, drafts))
            if sheaf is None:
                await together.send()

    async def _with_sequences(self, sheaf: Sheaf, drafts: list[_Draft]) -> list[tuple[str, Event]]:
        counts: dict[Stream, int] = {}
        for draft in drafts:
            counts[draft.stream] = counts.get(draft.stream, 0) + 1
        last = await self._advance(sheaf, counts)
        events = []
        for draft in drafts:
            last[draft.stream] += 1
            events.append((draft.topic, Event(sequence=last[draft.stream], **draft.fields)))
        return events

    async def _advance(self, sheaf: Sheaf, counts: dict[Stream, int]) -> dict[Stream, int]:
        """Move each stream on by its count, all in one statement; returns where they stood.

        Their rows stay locked until the commit, which orders the outbox; locked in their own order, so that
        two transactions do not wait for each other.
        """
        names = ("world", "case_id", "source")
        rows = [dict(zip(names, stream, strict=True)) | {"last": n} for stream, n in sorted(counts.items())]
        if len(rows) == 1:
            found = await sheaf.rows(_ADVANCE, **rows[0])
        else:
            await sheaf.send()
            moved = _advance(self._connection.dialect, rows)
            found = list(await self._connection.execute(moved))
        now = {(row.world, row.case_id, row.source): int(row.last) for row in found}
        return {stream: now[stream] - count for stream, count in counts.items()}

    async def _write(self, sheaf: Sheaf, events: list[tuple[str, Event]]) -> None:
        stored_at = wall_clock()
        rows = [
            {
                "event_id": str(event.id),
                "world": event.world,
                "case_id": event.case or NO_CASE,
                "topic": topic,
                "event": event.model_dump_json(),
                "stored_at": stored_at,
            }
            for topic, event in events
        ]
        for row in rows:
            if (size := len(str(row["event"]).encode())) > LARGEST_EVENT:
                raise TooMuchSaid(f"the message would have {size} bytes, at most {LARGEST_EVENT} are carried")
        if len(rows) == 1:
            await sheaf.write(_SAY, rows[0])
        else:
            await _SAY.change_many(self._connection, rows)
        self.sent += [event for _, event in events]
