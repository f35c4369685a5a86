"""Worlds: isolated universes of cases, each with its own clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, case, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.bulk import among, keys_as
from pic_kit.clock import wall_clock
from pic_kit.database import UtcDateTime
from pic_kit.prepared import Prepared
from pic_kit.tables import worlds
from pic_schemas.messages import Message
from pic_schemas.messages.worlds import ClockMoved, WorldDeleted, WorldOpened
from pic_schemas.refusal import Finding, Refused

LIVE_CLOCK = Finding(
    rule="LIVE_CLOCK",
    article="design rule 9",
    source="the exchange's own contract",
    pointer="",
    detail="a live world follows the wall clock",
)


class WorldUnknown(Exception):
    """The world is not (yet) open here; 503 with Retry-After at the edge."""

    def __init__(self, world: str) -> None:
        super().__init__(f"the world {world!r} is not open here; ask again if it was opened just now")


class WorldGone(Exception):
    """The world was deleted; its tombstone answers 410, and names the world that goes on in its place."""

    def __init__(self, world: str, successor: str = "") -> None:
        goes_on = f"; it was set back and goes on as {successor!r}" if successor else ""
        super().__init__(f"the world {world!r} was deleted{goes_on}")


class ClockMoving(Exception):
    """The world's clock is being moved; 423 with Retry-After at the edge."""

    def __init__(self, world: str) -> None:
        super().__init__(f"the clock of {world!r} is moving; ask again when it stands")


@dataclass(frozen=True, slots=True)
class World:
    """One world as a transaction sees it. `now` is the world's own time."""

    id: str
    mode: str
    state: str
    clock: datetime | None
    moving: bool
    label: str = ""

    @property
    def now(self) -> datetime:
        """Sandbox: where the clock stands. Live: the wall clock."""
        return self.clock if self.mode == "sandbox" and self.clock is not None else wall_clock()

    @property
    def deleted(self) -> bool:
        return self.state == "deleted"


_ONE = select(worlds).where(worlds.c.world == bindparam("world"))
_FIND = Prepared(_ONE)
_FIND_SHARED = Prepared(_ONE.with_for_update(read=True))
_FIND_ALONE = Prepared(_ONE.with_for_update())
_KEY = (worlds.c.world,)
_SHARE_MANY = Prepared(
    lambda dialect: (
        select(worlds).where(among(dialect, _KEY)).order_by(worlds.c.world).with_for_update(read=True)
    )
)


def read_world(row: Any) -> World:
    """A row of the table as a value."""
    return World(row.world, row.mode, row.state, row.now, bool(row.moving), row.label)


async def load_worlds(
    connection: AsyncConnection, ids: Iterable[str], *, share: bool = False, exclusive: bool = False
) -> dict[str, World]:
    """The worlds that exist here; with `share`, their clocks cannot be set before this transaction ends."""
    wanted = sorted(set(ids))
    if len(wanted) == 1:
        one = _FIND_SHARED if share else _FIND_ALONE if exclusive else _FIND
        return {row.world: read_world(row) for row in await one.rows(connection, world=wanted[0])}
    if share:
        keys = keys_as(connection, _KEY, [(world,) for world in wanted])
        return {row.world: read_world(row) for row in await _SHARE_MANY.rows(connection, **keys)}
    query = select(worlds).where(worlds.c.world.in_(wanted)).order_by(worlds.c.world)
    if exclusive:
        query = query.with_for_update()
    return {row.world: read_world(row) for row in await connection.execute(query)}


async def time_in(connection: AsyncConnection, world: str) -> datetime:
    """The world's time, for a reader. Raises WorldUnknown, WorldGone."""
    found = (await load_worlds(connection, [world])).get(world)
    if found is None:
        raise WorldUnknown(world)
    if found.deleted:
        raise WorldGone(world)
    return found.now


_LIVE = Prepared(select(worlds).where(worlds.c.state == "open", worlds.c.mode == "live"))


async def live_worlds(connection: AsyncConnection) -> list[World]:
    """Those that follow the wall clock; asked every second, and a sandbox has many of the others."""
    return [read_world(row) for row in await _LIVE.rows(connection)]


async def list_worlds(connection: AsyncConnection) -> list[World]:
    """Every world that is open here."""
    rows = await connection.execute(select(worlds).where(worlds.c.state == "open").order_by(worlds.c.world))
    return [read_world(row) for row in rows]


async def open_world(
    connection: AsyncConnection, world: str, mode: str, now: datetime | None, label: str
) -> None:
    """Open a world here; opening twice is the same as once."""
    if world not in await load_worlds(connection, [world]):
        row = {"world": world, "mode": mode, "state": "open", "now": now, "moving": False, "label": label}
        await connection.execute(insert(worlds).values(row))


async def delete_world(connection: AsyncConnection, world: str) -> None:
    """Leave a tombstone that swallows stragglers."""
    await connection.execute(update(worlds).where(worlds.c.world == world).values(state="deleted"))


_OF = worlds.c.world == bindparam("of")
_SET_CLOCK = Prepared(update(worlds).where(_OF).values(now=bindparam("now"), moving=bindparam("moving")))
_TO: BindParameter[datetime] = bindparam("to", type_=UtcDateTime())
_FOLLOW = Prepared(
    update(worlds)
    .where(_OF, worlds.c.mode == "sandbox", worlds.c.state != "deleted")
    .values(now=case((worlds.c.now > _TO, worlds.c.now), else_=_TO))
)


async def set_clock(connection: AsyncConnection, world: str, now: datetime | None, *, moving: bool) -> World:
    """Set a sandbox clock, never backwards. Raises WorldUnknown, Refused for a live world."""
    found = (await load_worlds(connection, [world], exclusive=True)).get(world)
    if found is None or found.deleted:
        raise WorldUnknown(world)
    if found.mode != "sandbox":
        raise Refused.conflict(LIVE_CLOCK)
    later = max(now, found.now) if now is not None else found.clock
    await _SET_CLOCK.change(connection, of=world, now=later, moving=moving)
    return World(world, found.mode, found.state, later, moving, found.label)


async def follow_clock(connection: AsyncConnection, world: str, now: datetime) -> None:
    """The clock has moved elsewhere: in one statement, for a log is full of this. Raises as `set_clock`."""
    if await _FOLLOW.change(connection, of=world, to=now) != 1:
        await set_clock(connection, world, now, moving=False)


async def apply_to_worlds(connection: AsyncConnection, world: str, message: Message | None) -> bool:
    """Worlds reach every service by message like everything else. True when this message was about them."""
    if isinstance(message, WorldOpened):
        await open_world(connection, world, message.mode, message.now, message.label)
    elif isinstance(message, WorldDeleted):
        await delete_world(connection, world)
    elif isinstance(message, ClockMoved):
        await follow_clock(connection, world, message.now)
    else:
        return False
    return True
