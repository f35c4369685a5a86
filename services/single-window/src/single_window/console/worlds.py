"""The worlds with their clocks, and the stream that tells a page that something happened."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from pic_kit.worlds import World, list_worlds
from single_window.api.context import Rooms, TheRooms
from single_window.api.events import position
from single_window.api.streaming import EventStream
from single_window.console.rendering import page
from single_window.console.route import ConsoleRoute
from single_window.console.session import PATH, Visitor
from single_window.console.visit import TheVisit, TheVisitor, may_move_clock
from single_window.stores import PeerAway, all_activity

router = APIRouter(prefix=PATH, route_class=ConsoleRoute, include_in_schema=False)


@dataclass(frozen=True, slots=True)
class WorldCard:
    """A world, its next deadline, and whether the visitor may move its clock."""

    world: World
    next_due: datetime | None
    movable: bool
    visible: bool


@router.get("/worlds")
async def worlds_page(visitor: TheVisitor, house: TheRooms) -> Response:
    """An operator sees all that are open, everybody else the own."""
    found = await house.desk.read(list_worlds)
    seen = [world for world in found if visitor.operates or world.id == visitor.caller.world]
    cards = await asyncio.gather(*(_card(house, visitor, world) for world in seen))
    return page("worlds.html", visitor=visitor, here="worlds", cards=cards)


async def _card(house: Rooms, visitor: Visitor, world: World) -> WorldCard:
    try:
        looks = await all_activity(house.stores, world.id)
    except PeerAway:
        looks = []
    next_due = min((look.next_due for look in looks if look.next_due), default=None)
    visible = not visitor.operates or world.mode == "sandbox"
    return WorldCard(world, next_due, may_move_clock(visitor, world), visible)


@router.get("/worlds/{world}/stream", status_code=200, response_class=EventStream)
async def stream(
    visit: TheVisit,
    house: TheRooms,
    after: Annotated[str, Query(max_length=8000)] = "",
    last_event_id: Annotated[str | None, Header(max_length=8000)] = None,
) -> EventStream:
    """Which case something happened in; the page then asks for itself again."""
    cursor = await position(house, visit.reader, last_event_id or after)
    return EventStream(
        house.feed.follow(visit.reader, cursor),
        lambda item: {"case": item.event.case, "type": item.event.type},
    )
