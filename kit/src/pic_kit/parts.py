"""Parts of aggregates in rows of their own, by their digests: what did not change is not written again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Column, Dialect, MetaData, String, Table, Text, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.bulk import among, keys_as
from pic_kit.database import insert_for
from pic_kit.prepared import Prepared
from pic_kit.sheaf import Sheaf

Key = tuple[str, ...]
_NAMES = ("digest", "doc")


def parts_table(name: str, metadata: MetaData, key: Sequence[str]) -> Table:
    """A table for parts of the aggregates with this key: the digest of each, and its text."""
    keys = [Column(part, String(80), primary_key=True) for part in key]
    digest = Column("digest", String(64), primary_key=True)
    return Table(name, metadata, *keys, digest, Column("doc", Text, nullable=False))


class Parts:
    """The parts of one kind of aggregate. A part that is no longer named stays until its case goes."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._keys = [column for column in table.primary_key.columns if column.name not in _NAMES]
        self._columns = [*(column.name for column in self._keys), *_NAMES]
        self._find = Prepared(
            lambda dialect: select(*self._keys, table.c.digest, table.c.doc).where(among(dialect, self._keys))
        )
        self._keep = Prepared(self._kept_once, values=self._columns)
        self._keep_many = Prepared(self._kept_together)

    async def of(self, connection: AsyncConnection, keys: Collection[Key]) -> Mapping[Key, Mapping[str, str]]:
        """The parts of these aggregates by their digests, in one statement."""
        found: dict[Key, dict[str, str]] = {key: {} for key in keys}
        if found:
            for row in await self._find.rows(connection, **keys_as(connection, self._keys, set(keys))):
                found[tuple(row[: len(self._keys)])][row.digest] = row.doc
        return found

    async def keep(self, sheaf: Sheaf, parts: Sequence[tuple[Key, str, str]]) -> None:
        """Key, digest and text of each. What stands there already is the same."""
        rows = [dict(zip(self._columns, (*key, digest, text), strict=True)) for key, digest, text in parts]
        if len(rows) > 1 and not sheaf.at_once:
            columns = {f"b_{name}": [row[name] for row in rows] for name in self._columns}
            await sheaf.write(self._keep_many, columns)
            return
        for row in rows:
            await sheaf.write(self._keep, row)

    def _kept_once(self, dialect: Dialect) -> Any:
        return insert_for(dialect, self.table).on_conflict_do_nothing()

    def _kept_together(self, dialect: Dialect) -> Any:
        arrays = [bindparam(f"b_{n}", type_=ARRAY(self.table.c[n].type)) for n in self._columns]
        rows = func.unnest(*arrays).table_valued(*self._columns).render_derived(name="given")
        chosen = select(*rows.c)
        plain = insert_for(dialect, self.table).from_select(self._columns, chosen, include_defaults=False)
        return plain.on_conflict_do_nothing()
