"""What a transaction holds of one kind of aggregate: loaded once, written once, remembered when committed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.bulk import WAS
from pic_kit.database import Conflict
from pic_kit.memory import Memory, Place
from pic_kit.prepared import Prepared
from pic_kit.repository import A, Key, Repository
from pic_kit.sheaf import Sheaf
from pic_schemas.on_demand import OnDemand


@dataclass(slots=True)
class _Held(Generic[A]):
    """One row: read when somebody asks for it, and written again only then."""

    version: int
    written: str
    aggregate: A | None = None
    parts: Mapping[str, str] | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class _Change(Generic[A]):
    """What a flush writes of one aggregate."""

    key: Key
    held: _Held[A]
    document: str
    parts: tuple[OnDemand[Any], ...]

    def done(self) -> None:
        """Its row reads like this now."""
        self.held.version, self.held.written = self.held.version + 1, self.document
        for part in self.parts:
            part.kept = True


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
        changes = self._changes()
        new = [change for change in changes if not change.held.version]
        await together.insert(self._repository.table, [self._row(change) for change in new])
        await self._replace(together, [change for change in changes if change.held.version])
        if self._repository.parts is not None:
            fresh = [(each.key, part) for each in changes for part in each.parts if not part.kept]
            await self._repository.parts.keep(together, [(key, p.digest, p.text) for key, p in fresh])
        if sheaf is None:
            await together.send()
        for change in changes:
            change.done()

    def _changes(self) -> list[_Change[A]]:
        """Whatever reads otherwise than its row, by key; of everything its size is noted for the memory."""
        found = []
        for key in sorted(self._held):
            held = self._held[key]
            if held is None or held.aggregate is None:
                continue
            apart: dict[str, OnDemand[Any]] = {}
            document = self._repository.write(held.aggregate, apart)
            held.size = len(document) + sum(len(part.text) for part in apart.values())
            if document != held.written:
                found.append(_Change(key, held, document, tuple(apart.values())))
        return found

    def _row(self, change: _Change[A]) -> dict[str, Any]:
        held = change.held
        derived = self._repository.columns(held.aggregate) if held.aggregate is not None else {}
        return {
            **dict(zip(self._repository.key_names, change.key, strict=True)),
            "version": held.version + 1,
            "doc": change.document,
            **derived,
        }

    async def _replace(self, sheaf: Sheaf, changed: Sequence[_Change[A]]) -> None:
        """In one statement, however many there are."""
        repository = self._repository
        told = _all_of(repository.table.name, [change.key for change in changed])
        if len(changed) == 1:
            [one] = changed
            row = self._row(one) | repository.named(one.key) | {"found_version": one.held.version}
            await sheaf.write(repository.replace, row, told)
        elif changed:
            rows = [self._row(change) | {WAS: change.held.version} for change in changed]
            await sheaf.replace(repository.table, rows, keys=tuple(repository.key_names), told=told)


def _all_of(table: str, keys: Sequence[Key]) -> Callable[[int], None]:
    """Raises Conflict where fewer rows were changed than were read."""

    def told(changed: int) -> None:
        if changed != len(keys):
            raise Conflict(f"{table}: of {len(keys)} rows, {keys[0]} first, {changed} are as they were read")

    return told
