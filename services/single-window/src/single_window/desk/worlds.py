"""What an operator does with worlds, as transactions of the desk."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.clock import wall_clock
from pic_kit.tables import worlds as WORLDS
from pic_kit.transaction import Transaction, Work
from pic_kit.worlds import ClockMoving, World, delete_world, load_worlds, open_world, set_clock
from pic_schemas.address import Address, Role
from pic_schemas.messages import ClockMoved, WorldDeleted, WorldOpened
from pic_schemas.refusal import Finding, Refused
from single_window.desk.store import Order, clients, orders
from single_window.desk.tables import CLIENTS, ORDERS

SENDER = Address("exchange", Role.EXCHANGE, "single-window")
CONTRACT = "the exchange's own contract"


def refusal(rule: str, article: str, pointer: str, detail: str) -> Finding:
    """A finding about worlds: no law, only the contract of the exchange."""
    return Finding(rule=rule, article=article, source=CONTRACT, pointer=pointer, detail=detail)


def unknown_world(world: str) -> Refused:
    return Refused.unknown(refusal("WORLD_UNKNOWN", "design rule 10", "", f"there is no world {world!r}"))


async def order_world(
    transaction: Transaction, order: Order, mode: str, now: datetime | None, label: str, *, most: int
) -> World:
    """Enter a world by opening it. Raises Refused when it existed, or when `most` sandboxes are open."""
    world = order.world
    if world in await load_worlds(transaction.connection, [world]):
        detail = f"the world {world!r} exists or existed; choose another id"
        raise Refused.conflict(refusal("WORLD_EXISTS", "design rule 10", "/world", detail))
    if mode == "sandbox" and await _sandboxes(transaction.connection) >= most:
        detail = f"{most} sandboxes are open; delete one first"
        raise Refused.conflict(refusal("WORLD_QUOTA", "design rule 10", "", detail))
    start = (now or wall_clock()) if mode == "sandbox" else None
    await open_world(transaction.connection, world, mode, start, label)
    transaction.shelf(orders).add(order)
    return (await transaction.worlds([world]))[world]


async def _sandboxes(connection: AsyncConnection) -> int:
    standing = select(func.count()).where(WORLDS.c.state == "open", WORLDS.c.mode == "sandbox")
    return int((await connection.execute(standing)).scalar_one())


def announce(work: Work) -> None:
    """Worlds reach every service by message like everything else."""
    world = work.world
    work.emit(WorldOpened(mode=world.mode, now=world.clock, label=world.label), case=None, sender=SENDER)


async def existing(transaction: Transaction, world: str) -> World:
    """A world that stands. Raises Refused (404)."""
    found = (await transaction.worlds([world])).get(world)
    if found is None or found.deleted:
        raise unknown_world(world)
    return found


async def delete(transaction: Transaction, world: str) -> None:
    """Leave a tombstone, close the clients, tell every service."""
    found = await existing(transaction, world)
    for client, _ in await clients.fetch(transaction.connection, CLIENTS.c.world == world):
        held = await transaction.shelf(clients).get(client.client_id)
        if held is not None:
            held.closed = True
    cause = _cause(world, "deleted")
    Work(transaction, found, cause).emit(WorldDeleted(), case=None, sender=SENDER)
    await delete_world(transaction.connection, world)


async def begin_move(transaction: Transaction, world: str, target: datetime) -> None:
    """Remember where the clock goes, before any service is told. Raises Refused, ClockMoving."""
    order = await transaction.shelf(orders).get(world)
    found = await existing(transaction, world)
    if found.mode != "sandbox":
        detail = "a live world follows the wall clock"
        raise Refused.conflict(refusal("CLOCK_LIVE", "design rule 9", "/to", detail))
    if order is None or order.moving_to is not None:
        raise ClockMoving(world)
    if target < found.now:
        detail = f"the clock stands at {found.now.isoformat()}; it never goes back"
        raise Refused.conflict(refusal("CLOCK_BACKWARDS", "design rule 9", "/to", detail))
    order.moving_to = target
    await set_clock(transaction.connection, world, None, moving=True)


async def end_move(transaction: Transaction, world: str) -> None:
    """The clock has arrived: say so, and forget the target. Doing it twice says it once."""
    order = await transaction.shelf(orders).get(world)
    if order is None or order.moving_to is None:
        return
    target, order.moving_to = order.moving_to, None
    before = await existing(transaction, world)
    found = await set_clock(transaction.connection, world, target, moving=False)
    if before.now == target:
        # Asked again after its answer was lost: that the clock stands here was said before.
        return
    Work(transaction, found, _cause(world, target.isoformat())).emit(
        ClockMoved(now=target), case=None, sender=SENDER
    )


async def moves_under_way(connection: AsyncConnection) -> dict[str, datetime]:
    """World -> target of every move that was begun and not ended."""
    rows = await connection.execute(
        select(ORDERS.c.world, ORDERS.c.moving_to).where(ORDERS.c.moving_to.is_not(None))
    )
    return {row.world: row.moving_to for row in rows}


def _cause(world: str, what: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"pic-world:{world}|{what}")
