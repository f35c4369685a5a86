"""The waiting room: messages of a case that came too early, released in order when their cure arrives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from pic_kit.database import is_unavailable, worth_retrying
from pic_kit.inbox import Arrival, Inbox, NotYet
from pic_kit.tables import waiting
from pic_kit.transaction import LogPosition, Transaction
from pic_schemas.catalogue import load
from pic_schemas.envelope import Event
from pic_schemas.refusal import Refused

if TYPE_CHECKING:
    from pic_kit.runtime import Runtime

React = Callable[[Transaction, Arrival], Awaitable[None]]


def explain(error: BaseException) -> tuple[str, str, tuple[str, ...]]:
    """Reason, detail and the types that may cure it, for the one who looks at the waiting message."""
    if isinstance(error, NotYet):
        return error.reason, str(error), error.waits_for
    if isinstance(error, Refused):
        first = error.findings[0]
        return first.rule, f"{first.detail} ({first.article})", ()
    return "REACTION_FAILED", f"{type(error).__name__}: {error}"[:500], ()


class WaitingRoom:
    """Releases what waits, each message in its own transaction."""

    def __init__(self, runtime: Runtime, react: React) -> None:
        self._runtime = runtime
        self._react = react

    async def release(self, world: str, case: str) -> int:
        """Apply what waits for this case, as far as it can go; returns how many were applied."""
        applied = 0
        while (candidate := await self._next(world, case)) is not None and await self._try(*candidate):
            applied += 1
        return applied

    async def _next(self, world: str, case: str) -> tuple[int, Arrival] | None:
        """The message that the head of the queue waits for, else the head itself."""
        async with self._runtime.database.reading() as connection:
            where = (waiting.c.world == world, waiting.c.case_id == case)
            rows = (await connection.execute(select(waiting).where(*where).order_by(waiting.c.id))).all()
        if not rows:
            return None
        cures = [row for row in rows[1:] if _may_cure(rows[0], row)]
        chosen = min(cures, key=lambda row: row.sequence) if cures else rows[0]
        event = Event.model_validate_json(chosen.event)
        position = LogPosition(chosen.topic, chosen.log_partition, chosen.log_offset)
        return chosen.id, Arrival(event, load(event), position)

    async def _try(self, row_id: int, arrival: Arrival) -> bool:
        async def apply(transaction: Transaction) -> bool:
            inbox = Inbox(transaction)
            await inbox.prepare([arrival])
            if arrival.event.sequence > inbox.last(arrival.stream) + 1:
                return False
            world = (await transaction.worlds([arrival.event.world])).get(arrival.event.world)
            if world is None:
                return False
            if arrival.event.sequence > inbox.last(arrival.stream) and not world.deleted:
                await self._react(transaction, arrival)
                inbox.applied(arrival)
            await transaction.connection.execute(delete(waiting).where(waiting.c.id == row_id))
            await inbox.flush()
            return True

        try:
            return await self._runtime.write(apply)
        except Exception as error:
            if is_unavailable(error) or worth_retrying(error):
                raise
            await self._note(row_id, error)
            return False

    async def _note(self, row_id: int, error: BaseException) -> None:
        reason, detail, waits_for = explain(error)

        async def note(transaction: Transaction) -> None:
            change = {"reason": reason, "detail": detail, "waits_for": ",".join(waits_for)}
            statement = update(waiting).where(waiting.c.id == row_id)
            await transaction.connection.execute(statement.values(attempts=waiting.c.attempts + 1, **change))

        await self._runtime.write(note)


def _may_cure(head: Any, row: Any) -> bool:
    """A gap is cured by an earlier sequence of the same producer; a refusal by the types that it named."""
    earlier = row.source == head.source and row.sequence < head.sequence
    return earlier or row.type in head.waits_for.split(",")
