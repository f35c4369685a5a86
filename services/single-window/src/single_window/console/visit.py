"""A visit to one world: what the visitor may see of it, and what every page of it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from pic_kit.worlds import World
from single_window.api.context import Rooms, TheRooms, standing_world
from single_window.console.session import Visitor, visitor
from single_window.desk.worlds import unknown_world
from single_window.domain.parties import parties_of
from single_window.window.feed import Reader

TheVisitor = Annotated[Visitor, Depends(visitor)]


@dataclass(frozen=True, slots=True)
class Visit:
    """`cursor` is taken before anything is read, so that no event falls between page and stream."""

    visitor: Visitor
    house: Rooms
    world: World
    reader: Reader
    cursor: str

    @property
    def may_move_clock(self) -> bool:
        return may_move_clock(self.visitor, self.world)


def may_move_clock(visitor: Visitor, world: World) -> bool:
    return world.mode == "sandbox" and (visitor.operates or visitor.observes)


async def visit(world: str, visitor: TheVisitor, house: TheRooms) -> Visit:
    """Raises Refused (404), WorldGone. An operator looks into a sandbox as its observer, into no other."""
    found = await standing_world(house, visitor.caller, world)
    if visitor.operates and found.mode != "sandbox":
        raise unknown_world(world)
    caller = visitor.caller
    parties = None if visitor.operates else parties_of(caller.state, caller.agency, caller.roles)
    cursor = str(await house.feed.end(world))
    return Visit(visitor, house, found, Reader(world, parties), cursor)


TheVisit = Annotated[Visit, Depends(visit)]
