"""What was asked in a sandbox: kept for whoever records it, from when an operator says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.database import insert_or_ignore
from pic_kit.runtime import Runtime
from pic_kit.transaction import Transaction
from pic_schemas.refusal import Refused
from single_window.desk.tables import ACT_BOOKS, ACTS
from single_window.desk.worlds import existing, refusal

MOST_BYTES = 1_000_000
"""Of one request's body; what is longer is kept without it, and a replay says so."""


class ActBook:
    """Which worlds keep their acts, known without asking the database: nothing is done for any other."""

    def __init__(self, desk: Runtime) -> None:
        self._desk = desk
        self._kept: set[str] = set()

    def keeps(self, world: str) -> bool:
        return world in self._kept

    @property
    def idle(self) -> bool:
        """No world keeps its acts."""
        return not self._kept

    async def open_again(self) -> None:
        """After a start: go on with what was being kept."""
        self._kept = await self._desk.read(_books)

    async def begin(self, world: str, *, whole: bool = False) -> datetime:
        """Keep from now on; begun twice, it goes on. Raises Refused for a live world.

        `whole`: nothing has been asked in this world before.
        """
        since = await self._desk.write(lambda transaction: _begin(transaction, world, whole=whole))
        self._kept.add(world)
        return since

    async def whole_since(self, world: str) -> datetime | None:
        """When its clock stood where keeping began; None where something was asked before that."""
        query = select(ACT_BOOKS.c.since).where(ACT_BOOKS.c.world == world, ACT_BOOKS.c.whole.is_(True))

        async def look(connection: AsyncConnection) -> datetime | None:
            found: datetime | None = (await connection.execute(query)).scalar_one_or_none()
            return found

        return await self._desk.read(look)

    async def now(self, world: str) -> datetime:
        """The world's time."""
        return (await self._desk.write(lambda transaction: existing(transaction, world))).now

    async def keep(self, world: str, act: Mapping[str, Any]) -> None:
        row = {"world": world, "doc": json.dumps(act, separators=(",", ":"), ensure_ascii=False)}

        async def add(transaction: Transaction) -> None:
            await transaction.connection.execute(insert(ACTS).values(**row))

        await self._desk.write(add)

    async def forget(self, world: str) -> None:
        """With the world goes what was asked in it."""
        if world in self._kept:
            self._kept.discard(world)
            await self._desk.write(lambda transaction: _forget(transaction, world))

    async def read(self, world: str, after: int, limit: int) -> list[tuple[int, dict[str, Any]]]:
        """In the order of their answers, each with its place."""

        async def query(connection: AsyncConnection) -> list[tuple[int, dict[str, Any]]]:
            found = select(ACTS).where(ACTS.c.world == world, ACTS.c.seq > after).order_by(ACTS.c.seq)
            rows = await connection.execute(found.limit(limit))
            return [(row.seq, json.loads(row.doc)) for row in rows]

        return await self._desk.read(query)


async def _books(connection: AsyncConnection) -> set[str]:
    return set((await connection.execute(select(ACT_BOOKS.c.world))).scalars())


async def _begin(transaction: Transaction, world: str, *, whole: bool) -> datetime:
    found = await existing(transaction, world)
    if found.mode != "sandbox":
        detail = "what is asked in a live world is nobody's to keep; its audit log tells what happened"
        raise Refused.conflict(refusal("ACTS_LIVE", "design rule 9", "", detail))
    row = {"world": world, "since": found.now, "whole": whole}
    await transaction.connection.execute(insert_or_ignore(transaction.connection, ACT_BOOKS), row)
    since = select(ACT_BOOKS.c.since).where(ACT_BOOKS.c.world == world)
    kept: datetime = (await transaction.connection.execute(since)).scalar_one()
    return kept


async def _forget(transaction: Transaction, world: str) -> None:
    for table in (ACTS, ACT_BOOKS):
        await transaction.connection.execute(delete(table).where(table.c.world == world))
