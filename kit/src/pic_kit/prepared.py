"""Statements of the hot paths: put together and compiled once, then handed to the driver as they are."""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.util import greenlet_spawn

from pic_kit.kept_connections import tell

Process = Callable[[Any], Any]
Row = Any


class _Compiled(NamedTuple):
    """For one dialect: the text, its parameters in order with what each becomes, and how a row is read."""

    text: str
    names: tuple[str, ...]
    defaults: Mapping[str, Any]
    binds: tuple[Process | None, ...]
    row: Callable[[Iterable[Any]], Row]

    def values(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        found = {**self.defaults, **given}
        return tuple(
            found[name] if process is None else process(found[name])
            for name, process in zip(self.names, self.binds, strict=True)
        )


class Prepared:
    """One statement for both databases, written with the expression language.

    What the library does at each execution, from the cache key of the expression to the metadata of the
    result, costs several times what SQLite does meanwhile, and as much as a round trip to PostgreSQL. Values
    are given by name (of a `bindparam`, or of a column in `values`), many as arrays: see `bulk`. Where the
    two databases differ, a function of the dialect makes the statement. Raises what the library raises.
    """

    def __init__(
        self, statement: Callable[[Dialect], Any] | Any, *, values: Sequence[str] | None = None
    ) -> None:
        self._statement = statement
        self._columns = None if values is None else list(values)
        self._compiled: dict[str, _Compiled] = {}

    async def rows(self, connection: AsyncConnection, **values: Any) -> list[Row]:
        """Its rows, as named tuples."""
        compiled = self._for(connection)
        found, _ = await _send(connection, compiled.text, compiled.values(values))
        return [compiled.row(row) for row in found]

    async def one(self, connection: AsyncConnection, **values: Any) -> Row | None:
        """Its first row."""
        found = await self.rows(connection, **values)
        return found[0] if found else None

    async def change(self, connection: AsyncConnection, **values: Any) -> int:
        """How many rows it changed."""
        compiled = self._for(connection)
        return (await _send(connection, compiled.text, compiled.values(values)))[1]

    async def change_many(self, connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Once for each of several rows, in their order, in one round trip."""
        if len(rows) == 1:
            await self.change(connection, **rows[0])
        elif rows:
            compiled = self._for(connection)
            await _send(connection, compiled.text, [compiled.values(row) for row in rows], many=True)

    def _for(self, connection: AsyncConnection) -> _Compiled:
        dialect = connection.dialect
        if (found := self._compiled.get(dialect.name)) is None:
            found = self._compiled[dialect.name] = self._compile(dialect)
        return found

    def _compile(self, dialect: Dialect) -> _Compiled:
        statement = self._statement(dialect) if callable(self._statement) else self._statement
        compiled = statement.compile(dialect=dialect, column_keys=self._columns)
        names = tuple(compiled.positiontup or ())
        binds = tuple(compiled._bind_processors.get(name) for name in names)
        return _Compiled(str(compiled), names, compiled.params, binds, _reader(compiled, dialect))


class Together:
    """Several writes as one statement of PostgreSQL, with the rows of the last where it has some."""

    def __init__(self, writes: Sequence[Prepared], last: Prepared | None) -> None:
        self._writes = writes
        self._last = last
        self._text = ""

    async def write(
        self, connection: AsyncConnection, values: Sequence[Mapping[str, Any]], last: Mapping[str, Any]
    ) -> tuple[list[Row], list[int]]:
        """The rows of the last, and how many each of the others changed."""
        compiled = [each._for(connection) for each in self._writes]
        given = [each.values(row) for each, row in zip(compiled, values, strict=True)]
        answering = self._last._for(connection) if self._last is not None else None
        if answering is not None:
            given.append(answering.values(last))
        if not self._text:
            self._text = _as_one(compiled, answering)
        sent = tuple(value for row in given for value in row)
        found = [tuple(row) for row in (await _send(connection, self._text, sent))[0]]
        counts = [int(count) for count in found[0][: len(compiled)]]
        return [answering.row(row[len(compiled) :]) for row in found] if answering is not None else [], counts


def _as_one(writes: Sequence[_Compiled], last: _Compiled | None) -> str:
    """`WITH w0 AS (...), w1 AS (...) SELECT` how many rows each changed, and what the last returns."""
    parts, shift = [], 0
    for number, each in enumerate([*writes, *([last] if last is not None else [])]):
        text = re.sub(r"\$(\d+)", lambda found: f"${int(found[1]) + shift}", each.text)  # noqa: B023
        answers = "" if " RETURNING " in text else " RETURNING 1"
        parts.append(f"w{number} AS ({text}{answers})")
        shift += len(each.names)
    # Nothing of a caller is in it: numbers, and texts that the library compiled.
    counts = ", ".join(f"(SELECT count(*) FROM w{number})" for number in range(len(writes)))  # noqa: S608
    rows = f", w{len(writes)}.* FROM w{len(writes)}" if last is not None else ""
    return f"WITH {', '.join(parts)} SELECT {counts}{rows}"


def _reader(compiled: Any, dialect: Dialect) -> Callable[[Iterable[Any]], Row]:
    columns = compiled._result_columns
    # mypy wants the names of a namedtuple written out; these are the columns of the statement.
    row = namedtuple("row", [column.keyname for column in columns], rename=True)  # type: ignore[misc]
    reads = [column.type._cached_result_processor(dialect, None) for column in columns]
    if not any(reads):
        return row._make

    def read(found: Iterable[Any]) -> Row:
        return row._make(
            value if process is None else process(value) for value, process in zip(found, reads, strict=True)
        )

    return read


async def _send(
    connection: AsyncConnection, text: str, values: Any, *, many: bool = False
) -> tuple[Iterable[Any], int]:
    """Rows and how many were changed. Whoever listens to the library's statements hears of this one too."""
    sync: Any = connection.sync_connection
    if sync._has_events or sync.engine._has_events:
        sync.dispatch.before_cursor_execute(sync, None, text, values, None, many)
    try:
        driver: Any = sync.connection.dbapi_connection
        if sync.dialect.name == "sqlite":
            # The driver beneath SQLAlchemy, which has no type for it.
            return await driver._connection.run(text, values, many=many)  # type: ignore[no-any-return]
        # Begins the transaction, keeps the server's prepared statement, names errors as the library does.
        cursor = driver.cursor()
        await (cursor._executemany if many else cursor._prepare_and_execute)(text, values)
        return cursor._rows, cursor._rowcount
    except BaseException as error:
        await greenlet_spawn(tell, sync, error, text, values)
        raise
