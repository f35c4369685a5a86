"""What was said is said again: the outboxes are the source from which a lost log is rebuilt."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.database import Database, new_database_id
from pic_kit.relay import LOCK
from pic_kit.tables import about, outbox, parked

# Beyond every offset: what was parked at a place of the lost log must not stand for a place of the new one.
LOST = 10**12


class StillRunning(Exception):
    """The store's service runs; stop it first."""


async def republish(database: Database) -> int:
    """Let the relay send the whole outbox again; hearers know what they applied. Returns how many."""
    async with database.writing() as connection:
        return await _unmark(connection)


async def start_over(database: Database, projections: Sequence[Table] = ()) -> int:
    """After the log was lost: send all again, and read the new log from its start.

    `projections` are emptied and built again from the log. Raises StillRunning: a relay that works would
    publish into the old life of the store.
    """
    async with database.writing() as connection:
        await _refuse_if_running(connection)
        for table in projections:
            await connection.execute(delete(table))
        await connection.execute(update(parked).values(log_offset=parked.c.log_offset - LOST))
        fresh = update(about).where(about.c.name == "database_id").values(value=new_database_id())
        await connection.execute(fresh)
        return await _unmark(connection)


async def _refuse_if_running(connection: AsyncConnection) -> None:
    if connection.dialect.name == "sqlite":
        return
    free = await connection.execute(text(f"SELECT pg_try_advisory_xact_lock({LOCK})"))
    if not free.scalar_one():
        raise StillRunning("its relay is at work; stop the service first")


async def _unmark(connection: AsyncConnection) -> int:
    await connection.execute(update(outbox).values(published_at=None))
    return int((await connection.execute(select(func.count()).select_from(outbox))).scalar_one())
