"""Aggregates as one row each: key columns, a version, the document, and columns derived for queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    and_,
    bindparam,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.bulk import among, keys_as
from pic_kit.parts import Parts
from pic_kit.prepared import Prepared
from pic_schemas.on_demand import APART, OnDemand

A = TypeVar("A")
Key = tuple[str, ...]
EVERY_ROW = 2**31 - 1


def aggregate_table(name: str, metadata: MetaData, key: Sequence[str], *columns: Any) -> Table:
    """A table for aggregates: `key` columns, `version`, `doc` (JSON), then derived columns and indexes."""
    keys = [Column(part, String(80), primary_key=True) for part in key]
    return Table(
        name,
        metadata,
        *keys,
        Column("version", Integer, nullable=False),
        Column("doc", Text, nullable=False),
        *columns,
    )


class Repository(Generic[A]):
    """Where one kind of aggregate lives. Stateless; what a transaction has loaded is in its `Shelf`."""

    def __init__(
        self,
        table: Table,
        kind: type[A],
        key: Callable[[A], Key],
        columns: Callable[[A], Mapping[str, Any]],
        parts: Table | None = None,
    ) -> None:
        self.table = table
        self.parts = Parts(parts) if parts is not None else None
        """Where what is `OnDemand` stands, in rows of its own."""
        self.key = key
        self.columns = columns
        self._kind = kind
        self._key_columns = list(table.primary_key.columns)
        self.key_names = [column.name for column in self._key_columns]
        this = and_(*(column == bindparam(f"key_{column.name}") for column in self._key_columns))
        self.find = Prepared(select(table.c.doc, table.c.version).where(this).with_for_update())
        ordered = (*self._key_columns, table.c.doc, table.c.version)
        self.find_many = Prepared(
            lambda dialect: (
                select(*ordered)
                .where(among(dialect, self._key_columns))
                .order_by(*self._key_columns)
                .with_for_update()
            )
        )
        self.look_many = Prepared(
            lambda dialect: select(*self._key_columns).where(among(dialect, self._key_columns))
        )
        names = [column.name for column in table.columns]
        stands = table.c.version == bindparam("found_version")
        new: dict[str, Any] = {name: bindparam(name) for name in names if name not in self.key_names}
        self.replace = Prepared(update(table).where(this, stands).values(new))

    def locking(self, where: Any) -> Prepared:
        """For `Shelf.find`: the row that another column names, by parameters."""
        columns = (*self._key_columns, self.table.c.doc, self.table.c.version)
        return Prepared(select(*columns).where(where).limit(1).with_for_update())

    def key_of(self, row: Any) -> Key:
        """Of a row that begins with the key columns."""
        return tuple(row[: len(self.key_names)])

    def named(self, key: Key) -> dict[str, str]:
        """A key as the parameters of `find` and `replace`."""
        return {f"key_{name}": part for name, part in zip(self.key_names, key, strict=True)}

    def keys_as(self, connection: AsyncConnection, keys: Iterable[Key]) -> dict[str, Any]:
        """Keys as the parameters of `find_many` and `look_many`."""
        return keys_as(connection, self._key_columns, set(keys))

    @cached_property
    def _codec(self) -> TypeAdapter[A]:
        # Built when it is first used, as the models in it are.
        return TypeAdapter(self._kind)

    def write(self, aggregate: A, apart: MutableMapping[str, OnDemand[Any]] | None = None) -> str:
        """Its row's text; `apart` takes the parts by their digests, where they have rows of their own."""
        if self.parts is None:
            return self._codec.dump_json(aggregate).decode()
        context = {APART: {} if apart is None else apart}
        return self._codec.dump_json(aggregate, context=context).decode()

    def read(self, document: str, parts: Mapping[str, str] | None = None) -> A:
        return self._codec.validate_json(document, context={APART: parts or {}})

    async def _read_rows(self, connection: AsyncConnection, rows: Sequence[Any]) -> list[tuple[A, int]]:
        """Rows that begin with the key columns, with the version of each."""
        if self.parts is None:
            return [(self.read(row.doc), row.version) for row in rows]
        parts = await self.parts.of(connection, [self.key_of(row) for row in rows])
        return [(self.read(row.doc, parts[self.key_of(row)]), row.version) for row in rows]

    def matches(self, keys: Iterable[Key]) -> Any:
        """A WHERE clause that is true for these keys."""
        return tuple_(*self._key_columns).in_(sorted(set(keys)))

    async def fetch(
        self, connection: AsyncConnection, where: Any, *, limit: int | None = None
    ) -> list[tuple[A, int]]:
        """Aggregates with their versions for a query side; nothing is locked. Ordered by key."""
        query = self._question(where)
        rows = await connection.execute(query.limit(limit) if limit else query)
        return await self._read_rows(connection, rows.all())

    def _question(self, where: Any) -> Any:
        columns = (*self._key_columns, self.table.c.doc, self.table.c.version)
        return select(*columns).where(where).order_by(*self._key_columns)

    def reading(self, where: Any) -> Prepared:
        """For `fetch_by`: a question that is asked often, with its parameters and `most` rows at most."""
        return Prepared(self._question(where).limit(bindparam("most", type_=Integer)))

    async def fetch_by(
        self,
        connection: AsyncConnection,
        question: Prepared,
        values: Mapping[str, str],
        *,
        limit: int | None = None,
    ) -> list[tuple[A, int]]:
        """As `fetch`."""
        rows = await question.rows(connection, most=EVERY_ROW if limit is None else limit, **values)
        return await self._read_rows(connection, rows)
