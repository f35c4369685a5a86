"""Many rows found by their keys, or replaced, in one statement that is the same however many they are."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Dialect,
    FromClause,
    Table,
    TableValuedAlias,
    Text,
    Update,
    bindparam,
    func,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.database import insert_for
from pic_kit.prepared import Prepared

# In a row: the version that the stored one must still have.
WAS = "was"


def given(dialect: Dialect, columns: Sequence[Column[Any]], prefix: str = "k_") -> FromClause:
    """The keys of `keys_as` as a table with these columns; a statement may name it more than once."""
    names = [column.name for column in columns]
    if dialect.name == "sqlite":
        each = func.json_each(bindparam(f"{prefix}keys", type_=Text())).table_valued("value")
        parts = [func.json_extract(each.c.value, f"$[{n}]").label(name) for n, name in enumerate(names)]
        return select(*parts).select_from(each).subquery()
    arrays = [bindparam(f"{prefix}{column.name}", type_=ARRAY(column.type)) for column in columns]
    return func.unnest(*arrays).table_valued(*names).render_derived(name="given")


def among(dialect: Dialect, columns: Sequence[Column[Any]], prefix: str = "k_") -> ColumnElement[bool]:
    """True for the rows whose `columns` are one of the keys that `keys_as` gives."""
    rows = select(*given(dialect, columns, prefix).c)
    return columns[0].in_(rows) if len(columns) == 1 else tuple_(*columns).in_(rows)


def keys_as(
    connection: AsyncConnection,
    columns: Sequence[Column[Any]],
    keys: Collection[tuple[Any, ...]],
    prefix: str = "k_",
) -> dict[str, Any]:
    """Keys as the parameters that `among` and `given` name: an array of each column, or all as JSON."""
    ordered = sorted(keys)
    if connection.dialect.name == "sqlite":
        return {f"{prefix}keys": json.dumps(ordered)}
    return {f"{prefix}{column.name}": [key[n] for key in ordered] for n, column in enumerate(columns)}


async def replace_rows(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]], *, keys: tuple[str, ...]
) -> int:
    """Replace the rows with these `keys`, where `was` is given only of that version; returns how many.

    All rows name the same columns.
    """
    if connection.dialect.name == "sqlite":
        each = [{f"b_{name}": value for name, value in row.items()} for row in rows]
        return (await connection.execute(_each(table, tuple(rows[0]), keys), each)).rowcount
    prepared, values = replacing(table, rows, keys)
    return await prepared.change(connection, **values)


def replacing(
    table: Table, rows: Sequence[Mapping[str, Any]], keys: tuple[str, ...]
) -> tuple[Prepared, dict[str, Any]]:
    """`replace_rows` as one statement of PostgreSQL however many rows there are: an array of each column."""
    names = tuple(rows[0])
    return _together(table, names, keys), {f"b_{name}": [row[name] for row in rows] for name in names}


async def insert_rows(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]], *, once: bool = False
) -> None:
    """New rows of the same columns. A key that is there raises IntegrityError; with `once` its row stays."""
    if rows and connection.dialect.name == "sqlite":
        await _added(table, tuple(rows[0]), once=once).change_many(connection, rows)
    elif rows:
        prepared, values = inserting(table, rows, once=once)
        await prepared.change(connection, **values)


def inserting(
    table: Table, rows: Sequence[Mapping[str, Any]], *, once: bool = False
) -> tuple[Prepared, Mapping[str, Any]]:
    """`insert_rows` as one statement of PostgreSQL."""
    names = tuple(rows[0])
    if len(rows) == 1:
        return _added(table, names, once=once), rows[0]
    return _added_together(table, names, once=once), {
        f"b_{name}": [row[name] for row in rows] for name in names
    }


@lru_cache(maxsize=64)
def _added(table: Table, names: tuple[str, ...], *, once: bool) -> Prepared:
    if not once:
        return Prepared(insert(table), values=names)
    return Prepared(lambda dialect: insert_for(dialect, table).on_conflict_do_nothing(), values=names)


@lru_cache(maxsize=64)
def _added_together(table: Table, names: tuple[str, ...], *, once: bool) -> Prepared:
    chosen = select(*_arrays(table, names).c)

    def added(dialect: Dialect) -> Any:
        new = insert_for(dialect, table).from_select(list(names), chosen, include_defaults=False)
        return new.on_conflict_do_nothing() if once else new

    return Prepared(added)


def _arrays(table: Table, names: tuple[str, ...]) -> TableValuedAlias:
    arrays = [bindparam(f"b_{name}", type_=ARRAY(_column(table, name).type)) for name in names]
    return func.unnest(*arrays).table_valued(*names).render_derived(name="given")


@lru_cache(maxsize=64)
def _each(table: Table, names: tuple[str, ...], keys: tuple[str, ...]) -> Update:
    each = {name: bindparam(f"b_{name}", type_=_column(table, name).type) for name in names}
    return _update(table, each, keys)


@lru_cache(maxsize=64)
def _together(table: Table, names: tuple[str, ...], keys: tuple[str, ...]) -> Prepared:
    rows = _arrays(table, names)
    return Prepared(_update(table, {name: rows.c[name] for name in names}, keys))


def _update(table: Table, values: Mapping[str, Any], keys: tuple[str, ...]) -> Update:
    where = [table.c[name] == values[name] for name in keys]
    where += [table.c.version == values[WAS]] if WAS in values else []
    changed = {name: value for name, value in values.items() if name != WAS and name not in keys}
    return update(table).where(*where).values(changed)


def _column(table: Table, name: str) -> Column[Any]:
    return table.c.version if name == WAS else table.c[name]
