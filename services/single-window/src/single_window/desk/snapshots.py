"""Snapshots of sandboxes: kept under their world, handed to the one that goes on in its place."""

from __future__ import annotations

from pydantic import TypeAdapter
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.transaction import Transaction
from pic_kit.worlds import World
from pic_schemas.refusal import Refused
from single_window.desk.tables import SNAPSHOTS
from single_window.desk.worlds import refusal
from single_window.domain.snapshot import Snapshot

RULE_10 = "design rule 10"
MOST = 20
"""Of one world: a snapshot holds every request that was asked in it."""
_document = TypeAdapter(Snapshot)


def refuse_live(world: World) -> None:
    """Raises Refused for a world in which nothing is set back."""
    if world.mode != "sandbox":
        detail = "what happened in a live world cannot be set back"
        raise Refused.conflict(refusal("SNAPSHOT_LIVE", RULE_10, "", detail))


async def keep(transaction: Transaction, snapshot: Snapshot) -> None:
    """Under its name, in place of an earlier one. Raises Refused when the world has too many."""
    here = SNAPSHOTS.c.world == snapshot.world
    await drop(transaction, snapshot.world, snapshot.name)
    counted = select(func.count()).select_from(SNAPSHOTS).where(here)
    if (await transaction.connection.execute(counted)).scalar_one() >= MOST:
        detail = f"{snapshot.world} has {MOST} snapshots; delete one first"
        raise Refused.conflict(refusal("SNAPSHOT_QUOTA", RULE_10, "", detail))
    row = {"world": snapshot.world, "name": snapshot.name, "doc": _document.dump_json(snapshot).decode()}
    await transaction.connection.execute(insert(SNAPSHOTS).values(**row))


async def drop(transaction: Transaction, world: str, name: str) -> bool:
    """False when there was none of this name."""
    gone = delete(SNAPSHOTS).where(SNAPSHOTS.c.world == world, SNAPSHOTS.c.name == name)
    return (await transaction.connection.execute(gone)).rowcount > 0


async def forget(transaction: Transaction, world: str) -> None:
    """They go with their world."""
    await transaction.connection.execute(delete(SNAPSHOTS).where(SNAPSHOTS.c.world == world))


async def hand_over(transaction: Transaction, world: str, successor: str) -> None:
    """To the world that goes on in its place, which may be set back to them as well."""
    moved = update(SNAPSHOTS).where(SNAPSHOTS.c.world == world).values(world=successor)
    await transaction.connection.execute(moved)


async def snapshots_of(connection: AsyncConnection, world: str) -> list[Snapshot]:
    """By name."""
    query = select(SNAPSHOTS.c.doc).where(SNAPSHOTS.c.world == world).order_by(SNAPSHOTS.c.name)
    return [_document.validate_json(row.doc) for row in await connection.execute(query)]


async def snapshot_of(connection: AsyncConnection, world: str, name: str) -> Snapshot:
    """Raises Refused (404), which names those that there are."""
    names = select(SNAPSHOTS.c.name).where(SNAPSHOTS.c.world == world).order_by(SNAPSHOTS.c.name)
    query = select(SNAPSHOTS.c.doc).where(SNAPSHOTS.c.world == world, SNAPSHOTS.c.name == name)
    found = (await connection.execute(query)).scalar_one_or_none()
    if found is None:
        there = list((await connection.execute(names)).scalars())
        detail = f"{world} has no snapshot {name!r}; it has {', '.join(there) or 'none'}"
        raise Refused.unknown(refusal("SNAPSHOT_UNKNOWN", RULE_10, "/snapshot", detail))
    return _document.validate_json(found)
