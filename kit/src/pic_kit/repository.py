"""Aggregates as one row each: key columns, a version, the document, and columns derived for queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
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

from pic_kit.bulk import WAS, among, keys_as
from pic_kit.database import Conflict
from pic_kit.memory import Memory, Place
from pic_kit.parts import Parts
from pic_kit.prepared import Prepared
from pic_kit.sheaf import Sheaf
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


@dataclass(slots=True)
class _Held(Generic[A]):
    """One row: read when somebody asks for it, and written again only then."""

    version: int
    written: str
    aggregate: A | None = None
    parts: Mapping[str, str] | None = None
    size: int = 0


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


class Shelf(Generic[A]):
    """What one transaction has loaded of one repository; flushed before anything is put in the outbox."""

    def __init__(self, repository: Repository[A], connection: AsyncConnection, memory: Memory) -> None:
        self._repository = repository
        self._connection = connection
        self._memory = memory
        self._held: dict[Key, _Held[A] | None] = {}
        self._seen: dict[Key, bool] = {}

    async def load(self, keys: Iterable[Key]) -> None:
        """Load and lock in one statement, in key order so that two transactions cannot deadlock."""
        missing = [key for key in keys if key not in self._held]
        if not missing:
            return
        for key in missing:
            self._held[key] = None
        await self._hold(await self._rows(missing))

    async def _hold(self, rows: Sequence[tuple[Key, Any]]) -> None:
        """With their parts, where nobody remembers them, in one more statement."""
        for key, row in rows:
            self._held[key] = _Held(row.version, row.doc)
        if (kept := self._repository.parts) is not None:
            unknown = [key for key, row in rows if not self._memory.holds(self._place(key), row.doc)]
            for key, parts in (await kept.of(self._connection, unknown)).items():
                if (held := self._held[key]) is not None:
                    held.parts = parts

    async def find(self, where: Prepared, **values: Any) -> A | None:
        """Load and lock in one statement what is known by something else than its key; see `locking`."""
        row = await where.one(self._connection, **values)
        if row is None:
            return None
        key = self._repository.key_of(row)
        if self._held.get(key) is None:
            await self._hold([(key, row)])
        return await self.get(*key)

    async def _rows(self, keys: Sequence[Key]) -> Sequence[tuple[Key, Any]]:
        repository = self._repository
        if len(keys) == 1:
            found = await repository.find.rows(self._connection, **repository.named(keys[0]))
            return [(keys[0], row) for row in found]
        wanted = repository.keys_as(self._connection, keys)
        found = await repository.find_many.rows(self._connection, **wanted)
        return [(repository.key_of(row), row) for row in found]

    async def get(self, *key: str) -> A | None:
        if key not in self._held:
            await self.load([key])
        held = self._held[key]
        if held is None:
            return None
        if held.aggregate is None:
            known: A | None = self._memory.take(self._place(key), held.written)
            held.aggregate = self._repository.read(held.written, held.parts) if known is None else known
        return held.aggregate

    def _place(self, key: Key) -> Place:
        return self._repository.table.name, key

    def committed(self) -> None:
        """What was read or written is remembered as it stands in its row now."""
        for key, held in self._held.items():
            if held is not None and held.aggregate is not None:
                self._memory.keep(self._place(key), held.written, held.aggregate, held.size)

    async def look(self, keys: Iterable[Key]) -> None:
        """Only whether they exist, in one statement; nothing is read or locked."""
        missing = [key for key in keys if key not in self._seen and key not in self._held]
        if missing:
            wanted = self._repository.keys_as(self._connection, missing)
            rows = await self._repository.look_many.rows(self._connection, **wanted)
            self._seen |= dict.fromkeys(missing, False) | {tuple(row): True for row in rows}

    async def exists(self, *key: str) -> bool:
        if key in self._held:
            return self._held[key] is not None
        await self.look([key])
        return self._seen[key]

    def version(self, aggregate: A) -> int:
        """The version that the transaction found; 0 for a new aggregate."""
        held = self._held.get(self._repository.key(aggregate))
        return held.version if held else 0

    def add(self, aggregate: A) -> A:
        """A new aggregate; somebody else's row with the same key makes the transaction run again."""
        self._held[self._repository.key(aggregate)] = _Held(0, "", aggregate)
        return aggregate

    async def flush(self, sheaf: Sheaf | None = None) -> None:
        """Write what changed, with the sheaf if there is one.

        New rows by INSERT, others by UPDATE that names the version it read.
        """
        together = sheaf or Sheaf(self._connection)
        new: list[tuple[Key, _Held[A], str]] = []
        changed: list[tuple[Key, _Held[A], str]] = []
        fresh: list[tuple[Key, OnDemand[Any]]] = []
        for key in sorted(self._held):
            held = self._held[key]
            if held is None or held.aggregate is None:
                continue
            apart: dict[str, OnDemand[Any]] = {}
            document = self._repository.write(held.aggregate, apart)
            held.size = len(document) + sum(len(part.text) for part in apart.values())
            if document != held.written:
                (changed if held.version else new).append((key, held, document))
                fresh += [(key, part) for part in apart.values() if not part.kept]
        await together.insert(self._repository.table, [self._row(*item) for item in new])
        if len(changed) == 1:
            await self._replace(together, *changed[0])
        elif changed:
            await self._replace_all(together, changed)
        if self._repository.parts is not None and fresh:
            await self._repository.parts.keep(together, [(key, p.digest, p.text) for key, p in fresh])
        if sheaf is None:
            await together.send()
        for _, part in fresh:
            part.kept = True
        for _, held, document in new + changed:
            held.version, held.written = held.version + 1, document

    def _row(self, key: Key, held: _Held[A], document: str) -> dict[str, Any]:
        derived = self._repository.columns(held.aggregate) if held.aggregate is not None else {}
        return {
            **dict(zip(self._repository.key_names, key, strict=True)),
            "version": held.version + 1,
            "doc": document,
            **derived,
        }

    async def _replace(self, sheaf: Sheaf, key: Key, held: _Held[A], document: str) -> None:
        repository = self._repository
        row = {**self._row(key, held, document), **repository.named(key), "found_version": held.version}
        await sheaf.write(repository.replace, row, _all_of(repository.table.name, [key]))

    async def _replace_all(self, sheaf: Sheaf, changed: Sequence[tuple[Key, _Held[A], str]]) -> None:
        """The same in one statement, however many there are."""
        table, keys = self._repository.table, tuple(self._repository.key_names)
        rows = [self._row(*item) | {WAS: item[1].version} for item in changed]
        told = _all_of(table.name, [key for key, _, _ in changed])
        await sheaf.replace(table, rows, keys=keys, told=told)


def _all_of(table: str, keys: Sequence[Key]) -> Callable[[int], None]:
    """Raises Conflict where fewer rows were changed than were read."""

    def told(changed: int) -> None:
        if changed != len(keys):
            raise Conflict(f"{table}: of {len(keys)} rows, {keys[0]} first, {changed} are as they were read")

    return told
