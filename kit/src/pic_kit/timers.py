"""Deadlines as rows: scheduled, restarted and cancelled in the transaction they belong to."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import Dialect, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.database import insert_for
from pic_kit.prepared import Prepared
from pic_kit.sheaf import Sheaf
from pic_kit.tables import PENDING, timers

if TYPE_CHECKING:
    from pic_kit.transaction import Work


@dataclass(frozen=True, slots=True)
class Timer:
    """Something that comes due. `restarts` tells how often its clock was started again."""

    world: str
    case: str
    kind: str
    due_at: datetime
    authority: str = ""
    restarts: int = 0
    basis: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        """Derived from what it is for, so that a timer fires once however often it is handled."""
        name = f"{self.world}|{self.case}|{self.kind}|{self.authority}|{self.restarts}"
        return uuid5(NAMESPACE_URL, f"pic-timer:{name}")


OnDue = Callable[["Work", Timer], Awaitable[None]]


class Deadlines:
    """What a service does when a kind of timer comes due."""

    def __init__(self) -> None:
        self._handlers: dict[str, OnDue] = {}

    def on(self, kind: str) -> Callable[[OnDue], OnDue]:
        def register(handler: OnDue) -> OnDue:
            self._handlers[kind] = handler
            return handler

        return register

    def handler(self, kind: str) -> OnDue:
        return self._handlers[kind]


class TimerBook:
    """The timers that one transaction schedules or cancels; written at its flush."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._scheduled: dict[UUID, Timer] = {}

    def schedule(self, timer: Timer) -> None:
        """A timer with the same case, kind, authority and number of restarts is the same timer."""
        self._scheduled[timer.id] = timer

    async def cancel(
        self, world: str, case: str, kind: str | None = None, authority: str | None = None
    ) -> None:
        """Cancel what is pending for this case, narrowed by kind and authority."""
        pending = [
            t
            for t in self._scheduled.values()
            if (t.world, t.case) == (world, case)
            and kind in (None, t.kind)
            and authority in (None, t.authority)
        ]
        for timer in pending:
            del self._scheduled[timer.id]
        where: list[Any] = [timers.c.world == world, timers.c.case_id == case, PENDING]
        where += [timers.c.kind == kind] if kind is not None else []
        where += [timers.c.authority == authority] if authority is not None else []
        await self._connection.execute(update(timers).where(*where).values(status="cancelled"))

    async def flush(self, sheaf: Sheaf) -> None:
        rows = [_row(timer) for _, timer in sorted(self._scheduled.items())]
        if len(rows) == 1:
            await sheaf.write(_SCHEDULE, rows[0])
        else:
            await _SCHEDULE.change_many(self._connection, rows)
        self._scheduled.clear()


def _schedule(dialect: Dialect) -> Any:
    # The same timer is scheduled once, whatever became of it since.
    return insert_for(dialect, timers).on_conflict_do_nothing()


_SCHEDULE = Prepared(_schedule, values=[column.name for column in timers.columns])


def _row(timer: Timer) -> dict[str, Any]:
    return {
        "world": timer.world,
        "timer_id": str(timer.id),
        "case_id": timer.case,
        "kind": timer.kind,
        "authority": timer.authority,
        "restarts": timer.restarts,
        "due_at": timer.due_at,
        "status": "pending",
        "basis": json.dumps(timer.basis, sort_keys=True),
    }


def _timer(row: Any) -> Timer:
    return Timer(
        row.world, row.case_id, row.kind, row.due_at, row.authority, row.restarts, json.loads(row.basis)
    )


async def next_due(connection: AsyncConnection, world: str) -> datetime | None:
    """When the next timer of this world comes due."""
    query = select(func.min(timers.c.due_at)).where(timers.c.world == world, PENDING)
    found: datetime | None = (await connection.execute(query)).scalar_one_or_none()
    return found


async def due_timers(
    connection: AsyncConnection, world: str, now: datetime, but: Collection[UUID] = (), limit: int = 200
) -> list[Timer]:
    """What is due first, at or before `now`: one moment's timers, ties in a fixed order.

    Only one moment, because what fires may schedule something that comes due before the next.
    """
    order = (timers.c.due_at, timers.c.kind, timers.c.case_id, timers.c.authority, timers.c.restarts)
    where: list[Any] = [timers.c.world == world, PENDING, timers.c.due_at <= now]
    if but:
        where.append(timers.c.timer_id.not_in([str(identity) for identity in but]))
    query = select(timers).where(*where).order_by(*order).limit(limit)
    due = [_timer(row) for row in await connection.execute(query)]
    return [timer for timer in due if timer.due_at == due[0].due_at]


async def claim(connection: AsyncConnection, timer: Timer) -> bool:
    """Mark as fired; False when another transaction fired or cancelled it first."""
    where = (timers.c.world == timer.world, timers.c.timer_id == str(timer.id), timers.c.status == "pending")
    done = await connection.execute(update(timers).where(*where).values(status="fired"))
    return bool(done.rowcount == 1)
