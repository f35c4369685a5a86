"""Writes of one transaction that travel together: on PostgreSQL, many in one statement and round trip."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.bulk import insert_rows, inserting, replace_rows, replacing
from pic_kit.prepared import Prepared, Row, Together

Told = Callable[[int], None]
"""Hears how many rows were changed; raises where that was too few."""


class _Write(NamedTuple):
    prepared: Prepared
    values: Mapping[str, Any]
    told: Told | None


class Sheaf:
    """Each write waits for the next one whose answer is needed, and goes to the server with it.

    The writes of one statement see one moment and take their locks in no certain order. That is safe for rows
    which the transaction locked when it read them, and for new ones; no two may change the same row. SQLite
    has no such statement, and no round trip: there each is written at once.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._at_once = connection.dialect.name == "sqlite"
        self._writes: list[_Write] = []

    async def write(self, prepared: Prepared, values: Mapping[str, Any], told: Told | None = None) -> None:
        if not self._at_once:
            self._writes.append(_Write(prepared, values, told))
            return
        changed = await prepared.change(self._connection, **values)
        if told is not None:
            told(changed)

    async def insert(self, table: Table, rows: Sequence[Mapping[str, Any]], *, once: bool = False) -> None:
        """See `insert_rows`."""
        if self._at_once:
            await insert_rows(self._connection, table, rows, once=once)
        elif rows:
            await self.write(*inserting(table, rows, once=once))

    async def replace(
        self,
        table: Table,
        rows: Sequence[Mapping[str, Any]],
        *,
        keys: tuple[str, ...],
        told: Told | None = None,
    ) -> None:
        """See `replace_rows`."""
        if not self._at_once:
            await self.write(*replacing(table, rows, keys), told)
            return
        changed = await replace_rows(self._connection, table, rows, keys=keys)
        if told is not None:
            told(changed)

    async def rows(self, prepared: Prepared, **values: Any) -> list[Row]:
        """The rows of a write whose answer is needed; what waited is written with it."""
        if not self._writes:
            return await prepared.rows(self._connection, **values)
        waited, self._writes = self._writes, []
        together = _together(tuple(each.prepared for each in waited), prepared)
        found, counts = await together.write(self._connection, [each.values for each in waited], values)
        _tell(waited, counts)
        return found

    async def send(self) -> None:
        """Write what still waits."""
        waited, self._writes = self._writes, []
        if len(waited) == 1:
            _tell(waited, [await waited[0].prepared.change(self._connection, **waited[0].values)])
        elif waited:
            together = _together(tuple(each.prepared for each in waited), None)
            _, counts = await together.write(self._connection, [each.values for each in waited], {})
            _tell(waited, counts)


def _tell(waited: Sequence[_Write], counts: Sequence[int]) -> None:
    for each, count in zip(waited, counts, strict=True):
        if each.told is not None:
            each.told(count)


@lru_cache(maxsize=512)
def _together(writes: tuple[Prepared, ...], last: Prepared | None) -> Together:
    return Together(writes, last)
