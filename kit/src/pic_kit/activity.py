"""What a store still has to do in a world; the single window adds these up to know when it is quiet."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import func, select

from pic_kit.positions import totals
from pic_kit.runtime import Runtime
from pic_kit.tables import outbox, timers, waiting
from pic_kit.worlds import load_worlds


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


async def activity(runtime: Runtime, world: str) -> Activity:
    """One consistent look at a store."""
    async with runtime.database.reading() as connection:
        found = (await load_worlds(connection, [world])).get(world)
        produced, applied = await totals(connection, world)
        unpublished = select(func.count()).where(outbox.c.published_at.is_(None), outbox.c.world == world)
        pending = (timers.c.world == world, timers.c.status == "pending")
        now = found.now if found else None
        due = (
            select(func.count()).select_from(timers).where(*pending, timers.c.due_at <= now) if now else None
        )
        queue = select(waiting).where(waiting.c.world == world).order_by(waiting.c.id).limit(100)
        return Activity(
            service=runtime.name,
            open=found is not None and not found.deleted,
            now=now,
            unpublished=(await connection.execute(unpublished)).scalar_one(),
            due=(await connection.execute(due)).scalar_one() if due is not None else 0,
            next_due=(
                await connection.execute(select(func.min(timers.c.due_at)).where(*pending))
            ).scalar_one(),
            listens=runtime.consumer is not None,
            produced=produced,
            heard=applied,
            waiting=[
                WaitingMessage(
                    id=row.id,
                    service=runtime.name,
                    case=row.case_id,
                    type=row.type,
                    source=row.source,
                    sequence=row.sequence,
                    reason=row.reason,
                    detail=row.detail,
                    waits_for=[kind for kind in row.waits_for.split(",") if kind],
                    attempts=row.attempts,
                )
                for row in await connection.execute(queue)
            ],
        )
