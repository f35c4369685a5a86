"""A world that is set back goes on under another name: its next generation."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.tables import worlds as WORLDS
from pic_kit.transaction import Transaction
from pic_kit.worlds import World, WorldGone, load_worlds
from single_window.desk import snapshots, worlds
from single_window.desk.store import Order, clients, orders
from single_window.desk.tables import CLIENTS, ORDERS

LONGEST = 40


async def standing(transaction: Transaction, world: str) -> World:
    """Raises Refused (404), and WorldGone, which names the world that goes on in its place."""
    found = (await transaction.worlds([world])).get(world)
    if found is None:
        raise worlds.unknown_world(world)
    if found.deleted:
        raise WorldGone(world, await successor_of(transaction.connection, world))
    return found


async def successor_of(connection: AsyncConnection, world: str) -> str:
    """Empty where a world was deleted and nothing goes on in its place."""
    found = await orders.fetch(connection, ORDERS.c.world == world)
    return found[0][0].successor if found else ""


async def next_generation(transaction: Transaction, world: str, operator: str) -> Order:
    """The order for the world that takes this one's place, under a name that nobody has used."""
    held = await transaction.shelf(orders).get(world)
    line = (held.line if held else "") or world
    generation = held.generation if held else 1
    while True:
        generation += 1
        ending = f"-{generation}"
        name = f"{line[: LONGEST - len(ending)]}{ending}"
        if name not in await load_worlds(transaction.connection, [name]):
            return Order(name, operator, building=True, line=line, generation=generation)


async def finish(transaction: Transaction, world: str, predecessor: str | None) -> None:
    """It is built: clients and snapshots of its predecessor are its own now, and that one is deleted."""
    order = await transaction.shelf(orders).get(world)
    if order is None:
        return
    order.building = False
    if predecessor is None:
        return
    for client, _ in await clients.fetch(transaction.connection, CLIENTS.c.world == predecessor):
        held = await transaction.shelf(clients).get(client.client_id)
        if held is not None and not held.closed:
            held.world = world
    await snapshots.hand_over(transaction, predecessor, world)
    before = await transaction.shelf(orders).get(predecessor)
    if before is not None:
        before.successor = world
    await transaction.shelf(clients).flush()
    await worlds.delete(transaction, predecessor)


async def is_building(connection: AsyncConnection, world: str) -> bool:
    """Whether it is not yet what it shall be."""
    query = select(ORDERS.c.world).where(ORDERS.c.world == world, ORDERS.c.building.is_(True))
    return (await connection.execute(query)).scalar_one_or_none() is not None


async def half_built(connection: AsyncConnection) -> list[str]:
    """Worlds that were still being built when the process ended."""
    open_here = select(ORDERS.c.world).join(WORLDS, WORLDS.c.world == ORDERS.c.world)
    query = open_here.where(ORDERS.c.building.is_(True), WORLDS.c.state == "open")
    return list((await connection.execute(query)).scalars())
