"""What may be forgotten is forgotten in small pieces, so that nobody waits for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, tuple_

from pic_kit.clock import wall_clock
from pic_kit.tables import answers, outbox

if TYPE_CHECKING:
    from pic_kit.runtime import Runtime
    from pic_kit.transaction import Transaction

PIECE = 500  # rows a transaction: some milliseconds
# Deletes one piece of what is older than a moment; returns how many rows, 0 when there is no more.
Forget = Callable[["Transaction", datetime], Awaitable[int]]


async def forget_answers(transaction: Transaction, before: datetime) -> int:
    """Stored answers to commands: who repeats a command so much later is told that it was done before."""
    key = (answers.c.world, answers.c.caller, answers.c.key)
    old = select(*key).where(answers.c.stored_at < before).limit(PIECE).with_for_update(skip_locked=True)
    found = [tuple(row) for row in await transaction.connection.execute(old)]
    if found:
        await transaction.connection.execute(delete(answers).where(tuple_(*key).in_(found)))
    return len(found)


async def forget_outbox(transaction: Transaction, before: datetime) -> int:
    """What was published and is as old as that: only from the oldest end, and never what is unpublished."""
    oldest = select(outbox.c.seq, outbox.c.published_at).order_by(outbox.c.seq).limit(PIECE)
    rows = (await transaction.connection.execute(oldest)).all()
    old = [row.seq for row in rows if row.published_at is not None and row.published_at < before]
    if old:
        await transaction.connection.execute(delete(outbox).where(outbox.c.seq.in_(old)))
    return len(old)


async def keep_house(runtime: Runtime, now: datetime | None = None) -> dict[str, int]:
    """One round over everything that this store may forget; returns how many rows of each kind."""
    moment = now or wall_clock()
    kept = runtime.settings.keep_days
    rounds: Sequence[tuple[str, Any]] = (
        ("answers", forget_answers),
        ("outbox", forget_outbox),
        *runtime.forgets.items(),
    )
    return {
        what: await _all_of(runtime, forget, moment - timedelta(days=kept[what])) for what, forget in rounds
    }


async def _all_of(runtime: Runtime, forget: Forget, before: datetime) -> int:
    forgotten = 0
    while piece := await runtime.write(lambda transaction: forget(transaction, before)):
        forgotten += piece
    return forgotten
