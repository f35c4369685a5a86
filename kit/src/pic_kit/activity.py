"""What a store still has to do in a world; the single window adds these up to know when it is quiet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import BindParameter, bindparam, case, func, literal, select, true, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.clock import wall_clock
from pic_kit.database import UtcDateTime
from pic_kit.holding import Held, HoldOrder
from pic_kit.prepared import Prepared
from pic_kit.runtime import Runtime
from pic_kit.tables import PENDING, heard, outbox, streams, timers, waiting, worlds
from pic_kit.transaction import Transaction
from pic_kit.worlds import WorldUnknown, read_world, set_clock

_WORLD: BindParameter[str] = bindparam("world")
_PENDING = (timers.c.world == _WORLD, PENDING)
_CLOCK = case((worlds.c.mode == "sandbox", worlds.c.now))
_NOW = func.coalesce(_CLOCK, bindparam("now", type_=UtcDateTime()))
_NOW_HERE = select(_NOW).where(worlds.c.world == _WORLD).scalar_subquery()
_COUNTS = {
    "unpublished": select(func.count()).where(outbox.c.published_at.is_(None), outbox.c.world == _WORLD),
    # Nothing is due at no time: a comparison with NULL is never true.
    "due": select(func.count()).where(*_PENDING, timers.c.due_at <= _NOW_HERE),
    "next_due": select(func.min(timers.c.due_at)).where(*_PENDING),
    "aside": select(func.count()).where(waiting.c.world == _WORLD),
}
_TOTALS = union_all(
    *(
        select(literal(what).label("what"), table.c.source, func.sum(table.c.last).label("messages"))
        .where(table.c.world == _WORLD)
        .group_by(table.c.source)
        for what, table in (("said", streams), ("applied", heard))
    )
).subquery()
_HERE = select(literal(1)).subquery().outerjoin(worlds, worlds.c.world == _WORLD).outerjoin(_TOTALS, true())
# One statement is one moment. A row for each producer, or one where nothing was said yet.
_LOOK = Prepared(
    select(
        worlds,
        *(query.scalar_subquery().label(name) for name, query in _COUNTS.items()),
        _TOTALS.c.what,
        _TOTALS.c.source,
        _TOTALS.c.messages,
    ).select_from(_HERE)
)


class WaitingMessage(BaseModel):
    """A message that cannot be applied yet, and why."""

    id: int
    service: str
    case: str
    type: str
    source: str
    sequence: int
    reason: str
    detail: str
    waits_for: list[str]
    attempts: int


class Activity(BaseModel):
    """`produced` and `heard` count messages by producer: quiet means that all that was said was heard."""

    service: str
    open: bool
    now: datetime | None
    unpublished: int
    due: int
    next_due: datetime | None
    listens: bool
    produced: dict[str, int]
    heard: dict[str, int]
    waiting: list[WaitingMessage]
    # Whether what waits may be taken to wait for good: the reader is not in the middle of releasing it.
    at_rest: bool = True
    # Said, and kept back on order: not unpublished, for it leaves on its day, which is among `next_due`.
    held: list[Held] = []


async def activity(runtime: Runtime, world: str) -> Activity:
    """One consistent look at a store, in one statement while nothing waits: this is asked often."""
    # Before and after the look: what was released meanwhile may still be seen waiting.
    at_rest = runtime.consumer is None or runtime.consumer.at_rest
    if runtime.consumer is not None:
        # Who asks this waits until everything is done.
        runtime.consumer.hurry()
    async with runtime.database.looking() as connection:
        rows = await _LOOK.rows(connection, world=world, now=wall_clock())
    if rows[0].aside:
        # Counts and messages from the same moment.
        async with runtime.database.reading() as connection:
            rows = await _LOOK.rows(connection, world=world, now=wall_clock())
            aside = await _waiting(connection, runtime.name, world)
    else:
        aside = []
    found = rows[0]
    known = read_world(found) if found.world is not None else None
    held = await _held(runtime, world)
    leaving = [one.until for one in held]
    return Activity(
        service=runtime.name,
        open=known is not None and not known.deleted,
        now=known.now if known else None,
        unpublished=found.unpublished - len(held),
        due=found.due,
        next_due=min([*leaving, *([found.next_due] if found.next_due else [])], default=None),
        held=held,
        listens=runtime.consumer is not None,
        produced=_messages(rows, "said"),
        heard=_messages(rows, "applied"),
        waiting=aside,
        at_rest=at_rest and (runtime.consumer is None or runtime.consumer.at_rest),
    )


async def heard_of(runtime: Runtime, named: Sequence[str]) -> dict[str, int]:
    """How many messages of each of these worlds were applied here; it only grows."""
    count = func.sum(heard.c.last).label("messages")
    query = select(heard.c.world, count).where(heard.c.world.in_(named)).group_by(heard.c.world)
    async with runtime.database.looking() as connection:
        return {row.world: int(row.messages) for row in await connection.execute(query)}


async def _held(runtime: Runtime, world: str) -> list[Held]:
    if not runtime.relay.holding.holds_in(world):
        return []
    async with runtime.database.reading() as connection:
        return list((await runtime.relay.holding.held(connection, [world])).values())


async def holds_ordered(runtime: Runtime, world: str, order: HoldOrder) -> Activity:
    """From now on these messages leave late, and those that no order holds any more at once."""
    runtime.relay.holding.order(world, order)
    runtime.relay.wake()
    return await activity(runtime, world)


async def clock_set(runtime: Runtime, world: str, now: datetime | None, *, moving: bool) -> Activity:
    """Set a sandbox clock here, and look. Raises WorldUnknown, Refused for a live world."""

    async def move(transaction: Transaction) -> None:
        await set_clock(transaction.connection, world, now, moving=moving)

    await runtime.write(move)
    if runtime.relay.holding.holds_in(world):
        runtime.relay.wake()
    return await activity(runtime, world)


async def timers_fired(runtime: Runtime, world: str) -> int:
    """Fire what is due here at the world's time; returns how many. Raises WorldUnknown."""
    now = (await activity(runtime, world)).now
    if now is None:
        raise WorldUnknown(world)
    return await runtime.fire_due(world, now)


def _messages(rows: Sequence[Any], what: str) -> dict[str, int]:
    return {row.source: int(row.messages) for row in rows if row.what == what}


async def _waiting(connection: AsyncConnection, service: str, world: str) -> list[WaitingMessage]:
    rows = await connection.execute(
        select(waiting).where(waiting.c.world == world).order_by(waiting.c.id).limit(100)
    )
    return [
        WaitingMessage(
            id=row.id,
            service=service,
            case=row.case_id,
            type=row.type,
            source=row.source,
            sequence=row.sequence,
            reason=row.reason,
            detail=row.detail,
            waits_for=[kind for kind in row.waits_for.split(",") if kind],
            attempts=row.attempts,
        )
        for row in rows
    ]
