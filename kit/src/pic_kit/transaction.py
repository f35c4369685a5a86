"""One transaction: aggregates first, then timers and streams, the outbox last. Handlers never commit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.memory import Memory
from pic_kit.outgoing import NO_CASE, Outgoing
from pic_kit.repository import Repository
from pic_kit.sheaf import Sheaf
from pic_kit.shelf import Shelf
from pic_kit.timers import TimerBook
from pic_kit.worlds import ClockMoving, World, WorldGone, WorldUnknown, load_worlds
from pic_schemas.address import Address
from pic_schemas.envelope import Event, event_id
from pic_schemas.messages import Message

__all__ = ["NO_CASE", "LogPosition", "Transaction", "Work"]
A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class LogPosition:
    """Where a record stands on the bus."""

    topic: str
    partition: int
    offset: int


class Transaction:
    """Everything that is read and written together. Made by `Runtime.write`; flushed and committed there."""

    def __init__(
        self,
        connection: AsyncConnection,
        service: str,
        *,
        again: bool = False,
        memory: Memory | None = None,
    ) -> None:
        self.connection = connection
        self.service = service
        self._memory = memory or Memory(0)
        self.sheaf = Sheaf(connection)
        self.timers = TimerBook(connection)
        self.outgoing = Outgoing(connection)
        self._again = again
        self.done = False
        """Its last row is written: to look for more would put every aggregate into JSON once more."""
        self._shelves: dict[int, Shelf[Any]] = {}
        self._worlds: dict[str, World] = {}
        self._rows: dict[Table, list[dict[str, Any]]] = {}

    def shelf(self, repository: Repository[A]) -> Shelf[A]:
        """The aggregates of this repository that the transaction holds."""
        if (shelf := self._shelves.get(id(repository))) is None:
            shelf = self._shelves[id(repository)] = Shelf(repository, self.connection, self._memory)
        return cast("Shelf[A]", shelf)

    def add_row(self, table: Table, row: dict[str, Any]) -> None:
        """A plain new row, written at the flush together with its like."""
        self._rows.setdefault(table, []).append(row)

    async def worlds(self, ids: Iterable[str]) -> dict[str, World]:
        """The worlds known here, locked against a change of their clock."""
        missing = set(ids) - self._worlds.keys()
        if missing:
            self._worlds |= await load_worlds(self.connection, missing, share=True)
        return self._worlds

    async def open_world(self, world: str) -> World:
        """The world for a command. Raises WorldUnknown, WorldGone, ClockMoving."""
        found = (await self.worlds([world])).get(world)
        if found is None:
            raise WorldUnknown(world)
        if found.deleted:
            raise WorldGone(world)
        if found.moving:
            raise ClockMoving(world)
        return found

    def known_world(self, world: str) -> World | None:
        """What `worlds` has found before."""
        return self._worlds.get(world)

    def note_world(self, world: World) -> None:
        """Read and locked by somebody else's statement."""
        self._worlds[world.id] = world

    def forget_world(self, world: str) -> None:
        self._worlds.pop(world, None)

    @property
    def sent(self) -> list[Event]:
        """What was said, once it was flushed."""
        return self.outgoing.sent

    def committed(self) -> None:
        """To be called once, when what it held is nobody's any more."""
        for shelf in self._shelves.values():
            shelf.committed()

    async def flush(self) -> None:
        """Write everything that is not written yet."""
        if not self.done:
            await self.say()
            await self.sheaf.send()

    async def say(self) -> None:
        """Write all but the outbox row, which the sheaf holds for what is written last of all.

        The order keeps a case's messages in order: aggregate row, stream row, outbox row. An aggregate's row
        was locked when it was read, so that it may be written in one statement with the stream's.
        """
        if self._again:
            await self.outgoing.refuse_what_was_said()
        for shelf in self._shelves.values():
            await shelf.flush(self.sheaf)
        for table, rows in self._rows.items():
            await self.sheaf.insert(table, rows)
        self._rows.clear()
        await self.timers.flush(self.sheaf)
        await self.outgoing.flush(self.sheaf)


@dataclass(slots=True)
class Work:
    """One cause being handled inside a transaction: a command, an event heard, or a timer that came due."""

    transaction: Transaction
    world: World
    cause: UUID
    position: LogPosition | None = None
    trace: str | None = None
    happened: datetime | None = None
    _emitted: int = field(default=0)

    @property
    def now(self) -> datetime:
        """The world's time, or the due time of the timer that is being handled."""
        return self.happened or self.world.now

    @property
    def connection(self) -> AsyncConnection:
        return self.transaction.connection

    @property
    def timers(self) -> TimerBook:
        return self.transaction.timers

    def shelf(self, repository: Repository[A]) -> Shelf[A]:
        return self.transaction.shelf(repository)

    def emit(
        self,
        message: Message,
        *,
        case: str | None,
        sender: Address,
        recipients: Iterable[Address] = (),
        happened: datetime | None = None,
        channel: str = "electronic",
        state: str | None = None,
    ) -> UUID:
        """Say that something happened. The id follows from the cause: handled twice, said the same.

        `state` is the State whose service speaks; the sender's own unless a foreign party acts at its desk.
        `happened` (aware UTC) defaults to the world's time; a paper step happened before it was recorded.
        """
        source = f"/{self.transaction.service}/{state or sender.state}"
        identity = event_id(self.world.id, source, self.cause, message.type, self._emitted)
        self._emitted += 1
        self.transaction.outgoing.draft(
            message.topic,
            {
                "id": identity,
                "source": source,
                "type": message.type,
                "time": happened or self.now,
                "world": self.world.id,
                "case": case,
                "sender": str(sender),
                "recipients": tuple(sorted({str(recipient) for recipient in recipients})),
                "channel": channel,
                "recordedtime": self.now,
                "causationid": self.cause,
                "traceparent": self.trace,
                "data": message.model_dump(mode="json", by_alias=True),
            },
        )
        return identity
