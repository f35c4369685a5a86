"""What the endpoints work with, and who may see what of a world."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Depends, Query, Request

from pic_kit.access import Caller
from pic_kit.commands import Command, acts, seat
from pic_kit.runtime import Runtime
from pic_kit.worlds import World, WorldGone, load_worlds
from pic_schemas.address import Role
from single_window.clock import ClockMover
from single_window.desk.acts import ActBook
from single_window.desk.clients import ClientBook
from single_window.desk.generations import successor_of
from single_window.desk.issuer import Issuer
from single_window.desk.worlds import unknown_world
from single_window.domain.fault_book import FaultBook
from single_window.domain.parties import parties_of
from single_window.players import Players
from single_window.rebuilding import Builder
from single_window.stores import Store
from single_window.window.feed import Feed, Reader

SEATS = tuple(role.value for role in Role)
PARTIES = ("exporter", "competent-authority", "customs", "facility", "carrier", "observer")


@dataclass(frozen=True, slots=True)
class Rooms:
    """Everything that an endpoint may use; made once, in `app.build`."""

    desk: Runtime
    window: Runtime
    issuer: Issuer
    clients: ClientBook
    stores: tuple[Store, ...]
    clock: ClockMover
    players: Players
    feed: Feed
    most_worlds: int
    acts: ActBook
    faults: FaultBook
    builder: Builder


def rooms(request: Request) -> Rooms:
    found: Rooms = request.app.state.rooms
    return found


TheRooms = Annotated[Rooms, Depends(rooms)]


async def desk_command(request: Request, command: Annotated[Command, acts("operator")]) -> Command:
    """A command of an operator: it acts on the desk, not on the window.

    Its key counts in the world that it names, for an operator belongs to none.
    """
    world = request.path_params.get("world", "")
    return replace(command, runtime=rooms(request).desk, caller=replace(command.caller, world=world))


async def standing_world(house: Rooms, caller: Caller, world: str) -> World:
    """The world, for an operator or one of its own. Raises Refused (404), WorldGone."""
    if "operator" not in caller.roles and caller.world != world:
        raise unknown_world(world)
    found = (await house.desk.read(lambda connection: load_worlds(connection, [world]))).get(world)
    if found is None:
        raise unknown_world(world)
    if found.deleted:
        raise WorldGone(world, await house.desk.read(lambda connection: successor_of(connection, world)))
    return found


async def reader(
    request: Request,
    caller: Annotated[Caller, seat(*PARTIES)],
    world: Annotated[str | None, Query(description="your token's world, which is the default")] = None,
) -> Reader:
    """What this caller may read: the cases in which its State or company is concerned."""
    if world is not None and world != caller.world:
        raise unknown_world(world)
    return Reader(caller.world, parties_of(caller.state, caller.agency, caller.roles))


TheReader = Annotated[Reader, Depends(reader)]
AnyCaller = Annotated[Caller, seat(*SEATS)]
OperatorCommand = Annotated[Command, Depends(desk_command)]
Act = Callable[..., Awaitable[Any]]
