"""Many rows replaced in one statement, the same on both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, Column, Table, Update, bindparam, func, update
from sqlalchemy.ext.asyncio import AsyncConnection

# In a row: the version that the stored one must still have.
WAS = "was"


async def replace_rows(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]], *, keys: tuple[str, ...]
) -> int:
    """Replace the rows with these `keys`, where `was` is given only of that version; returns how many.

    All rows name the same columns.
    """
    names = tuple(rows[0])
    if connection.dialect.name == "sqlite":
        given = [{f"b_{name}": value for name, value in row.items()} for row in rows]
        return (await connection.execute(_each(table, names, keys), given)).rowcount
    # One statement however many rows there are: an array of each column.
    arrays = {f"b_{name}": [row[name] for row in rows] for name in names}
    return (await connection.execute(_together(table, names, keys), arrays)).rowcount


@lru_cache(maxsize=64)
def _each(table: Table, names: tuple[str, ...], keys: tuple[str, ...]) -> Update:
    given = {name: bindparam(f"b_{name}", type_=_column(table, name).type) for name in names}
    return _update(table, given, keys)


@lru_cache(maxsize=64)
def _together(table: Table, names: tuple[str, ...], keys: tuple[str, ...]) -> Update:
    arrays = [bindparam(f"b_{name}", type_=ARRAY(_column(table, name).type)) for name in names]
    given = func.unnest(*arrays).table_valued(*names).render_derived(name="given")
    return _update(table, {name: given.c[name] for name in names}, keys)


def _update(table: Table, given: Mapping[str, Any], keys: tuple[str, ...]) -> Update:
    where = [table.c[name] == given[name] for name in keys]
    where += [table.c.version == given[WAS]] if WAS in given else []
    changed = {name: value for name, value in given.items() if name != WAS and name not in keys}
    return update(table).where(*where).values(changed)


def _column(table: Table, name: str) -> Column[Any]:
    return table.c.version if name == WAS else table.c[name]
