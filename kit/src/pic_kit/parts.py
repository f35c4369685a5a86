"""Parts of aggregates in rows of their own, by their digests: what did not change is not written again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Column, MetaData, String, Table, Text, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.bulk import among, keys_as
from pic_kit.prepared import Prepared
from pic_kit.sheaf import Sheaf

Key = tuple[str, ...]
DIGEST = "digest"


def parts_table(name: str, metadata: MetaData, key: Sequence[str]) -> Table:
    """A table for parts of the aggregates with this key: the digest of each, and its text."""
    keys = [Column(part, String(80), primary_key=True) for part in key]
    digest = Column(DIGEST, String(64), primary_key=True)
    return Table(name, metadata, *keys, digest, Column("doc", Text, nullable=False))


class Parts:
    """The parts of one kind of aggregate. A part that is no longer named stays."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._keys = [column for column in table.primary_key.columns if column.name != DIGEST]
        wanted = (*self._keys, table.c[DIGEST], table.c.doc)
        self._find = Prepared(lambda dialect: select(*wanted).where(among(dialect, self._keys)))

    async def of(self, connection: AsyncConnection, keys: Collection[Key]) -> Mapping[Key, Mapping[str, str]]:
        """The parts of these aggregates by their digests, in one statement."""
        found: dict[Key, dict[str, str]] = {key: {} for key in keys}
        if found:
            for row in await self._find.rows(connection, **keys_as(connection, self._keys, set(keys))):
                found[tuple(row[: len(self._keys)])][row.digest] = row.doc
        return found

    async def keep(self, sheaf: Sheaf, parts: Sequence[tuple[Key, str, str]]) -> None:
        """Key, digest and text of each. What stands there already is the same."""
        names = [*(column.name for column in self._keys), DIGEST, "doc"]
        rows = [dict(zip(names, (*key, digest, text), strict=True)) for key, digest, text in parts]
        await sheaf.insert(self.table, rows, once=True)
