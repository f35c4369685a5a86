"""What a store still has to do in a world; the single window adds these up to know when it is quiet."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.database import UtcDateTime
from pic_kit.positions import totals
from pic_kit.runtime import Runtime
from pic_kit.tables import PENDING, outbox, timers, waiting
from pic_kit.worlds import load_worlds

_WORLD: BindParameter[str] = bindparam("world")
_PENDING = (timers.c.world == _WORLD, PENDING)
_UNPUBLISHED = select(func.count()).where(outbox.c.published_at.is_(None), outbox.c.world == _WORLD)
# Nothing is due at no time: a comparison with NULL is never true.
_DUE = select(func.count()).where(*_PENDING, timers.c.due_at <= bindparam("now", type_=UtcDateTime()))
# Built once: putting it together took longer than running it.
_COUNTS = select(
    _UNPUBLISHED.scalar_subquery().label("unpublished"),
    _DUE.scalar_subquery().label("due"),
    select(func.min(timers.c.due_at)).where(*_PENDING).scalar_subquery().label("next_due"),
    select(func.count()).where(waiting.c.world == _WORLD).scalar_subquery().label("waiting"),
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


async def activity(runtime: Runtime, world: str) -> Activity:
    """One consistent look at a store, in three statements while nothing waits: this is asked often."""
    # Before and after the look: what was released meanwhile may still be seen waiting.
    at_rest = runtime.consumer is None or runtime.consumer.at_rest
    async with runtime.database.reading() as connection:
        known = (await load_worlds(connection, [world])).get(world)
        now = known.now if known else None
        found = (await connection.execute(_COUNTS, {"world": world, "now": now})).one()
        produced, applied = await totals(connection, world)
        return Activity(
            service=runtime.name,
            open=known is not None and not known.deleted,
            now=now,
            unpublished=found.unpublished,
            due=found.due,
            next_due=found.next_due,
            listens=runtime.consumer is not None,
            produced=produced,
            heard=applied,
            waiting=await _waiting(connection, runtime.name, world) if found.waiting else [],
            at_rest=at_rest and (runtime.consumer is None or runtime.consumer.at_rest),
        )


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
