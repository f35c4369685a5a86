"""Messages that leave their sender late, on order and in one sandbox: delayed, or lost and sent again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.tables import outbox
from pic_kit.worlds import load_worlds
from pic_schemas.envelope import Event

# Before the day is over: what is due when the day begins is then decided alike in every run.
EARLIER = timedelta(seconds=1)


class HoldOrder(BaseModel):
    """Shares of a world's messages, of the types in `only` or of all, that leave `days` of the world late.

    Behind what is delayed, later messages of its case wait at the sender; behind what was dropped they come
    with a gap before them and wait where they are heard. The same seed holds the same messages.
    """

    seed: int = 1
    delay: float = 0.0
    drop: float = 0.0
    days: int = 1
    only: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.delay or self.drop)

    def drops(self, event: Event) -> bool:
        return self._hits("drop", self.drop, event)

    def delays(self, event: Event) -> bool:
        return self._hits("delay", self.delay, event)

    def until(self, event: Event) -> datetime:
        """When it leaves, in the world's time."""
        return event.recordedtime + timedelta(days=self.days) - EARLIER

    def _hits(self, kind: str, share: float, event: Event) -> bool:
        """By its place in its case and its day, never by an id: another run makes up other ids."""
        if event.case is None or (self.only and event.type not in self.only):
            return False
        place = f"{event.source}|{event.type}|{event.sequence}|{event.recordedtime.isoformat()}"
        drawn = sha256(f"{self.seed}|{kind}|{place}".encode()).digest()
        return int.from_bytes(drawn[:4], "big") < share * 2**32


class Held(BaseModel):
    """A message that has been said and has not left yet."""

    case: str
    source: str
    type: str
    until: datetime


class Holding:
    """Kept in memory: no order outlives the process, and what was held leaves at the next start."""

    def __init__(self) -> None:
        self._orders: dict[str, HoldOrder] = {}

    @property
    def idle(self) -> bool:
        """Nothing is looked at as long as nothing is ordered anywhere."""
        return not self._orders

    def holds_in(self, world: str) -> bool:
        return world in self._orders

    def order(self, world: str, order: HoldOrder) -> None:
        """Instead of what was ordered before; an empty order lets everything leave."""
        self._orders.pop(world, None)
        if not order.is_empty:
            self._orders[world] = order

    async def held(self, connection: AsyncConnection, worlds: Iterable[str] | None = None) -> dict[int, Held]:
        """What does not leave yet, by its place in the outbox; of these worlds, else of all."""
        wanted = sorted(self._orders.keys() if worlds is None else self._orders.keys() & set(worlds))
        if not wanted:
            return {}
        known = await load_worlds(connection, wanted)
        # What a deleted world had still to say is swallowed by its tombstone.
        for name in [name for name, world in known.items() if world.deleted]:
            del self._orders[name], known[name]
        query = select(outbox.c.seq, outbox.c.event).order_by(outbox.c.seq)
        rows = await connection.execute(
            query.where(outbox.c.published_at.is_(None), outbox.c.world.in_(sorted(known)))
        )
        return self._held(rows.all(), {name: world.now for name, world in known.items()})

    def _held(self, rows: Sequence[Any], now: Mapping[str, datetime]) -> dict[int, Held]:
        found: dict[int, Held] = {}
        behind: dict[tuple[str, str], datetime] = {}
        for row in rows:
            event = Event.model_validate_json(row.event)
            order, case = self._orders[event.world], event.case or ""
            until = behind.get((event.world, case))
            if until is None and (order.drops(event) or order.delays(event)):
                until = order.until(event)
                if until <= now.get(event.world, until):
                    continue
                if not order.drops(event):
                    behind[event.world, case] = until
            if until is not None:
                found[row.seq] = Held(case=case, source=event.source, type=event.type, until=until)
        return found
