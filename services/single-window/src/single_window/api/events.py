"""The event feed: pages, and a stream that follows."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from pydantic import BaseModel, Field

from pic_kit.problems import problems
from pic_schemas.envelope import to_structured
from pic_schemas.refusal import Finding, Refused
from single_window.api.cases import unknown_case
from single_window.api.context import TheReader, TheRooms
from single_window.api.streaming import STREAM, EventStream
from single_window.domain.cursor import Cursor, UnreadableCursor
from single_window.window.feed import Reader
from single_window.window.store import find_case

router = APIRouter(prefix="/v1/events", tags=["events"])
END = "end"


class EventPage(BaseModel):
    """Events in log order, as structured CloudEvents. Send `next` back as `after` to go on from here."""

    events: list[dict[str, Any]]
    next: str = Field(description="opaque; stays valid when the window is rebuilt; 410 when the log was lost")
    more: bool


async def narrowed(
    house: TheRooms,
    reader: TheReader,
    case: Annotated[str | None, Query(description="case id or notification number")] = None,
) -> Reader:
    if case is None:
        return reader
    found = await house.window.read(lambda c: find_case(c, reader.world, case, reader.parties))
    if found is None:
        raise unknown_case(case)
    return replace(reader, case=found[0].case)


async def position(house: TheRooms, reader: TheReader, after: str) -> Cursor:
    try:
        return await house.feed.end(reader.world) if after == END else house.feed.cursor(after)
    except UnreadableCursor as error:
        finding = Finding("CURSOR", "HTTP contract", "the exchange's own contract", "/after", str(error))
        raise Refused.invalid(finding) from error


async def cursor_of_page(
    house: TheRooms,
    reader: TheReader,
    after: Annotated[str, Query(max_length=8000, description="from the last page; `end` for now")] = "",
) -> Cursor:
    return await position(house, reader, after)


async def cursor_of_stream(
    house: TheRooms,
    reader: TheReader,
    after: Annotated[str, Query(max_length=8000)] = "",
    last_event_id: Annotated[str | None, Header(max_length=8000)] = None,
) -> Cursor:
    return await position(house, reader, last_event_id or after)


@router.get("", responses=problems(401, 403, 404, 410, 422))
async def read_events(
    house: TheRooms,
    reader: Annotated[Reader, Depends(narrowed)],
    cursor: Annotated[Cursor, Depends(cursor_of_page)],
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    wait: Annotated[float, Query(ge=0, le=30, description="seconds to wait for the first event")] = 0,
) -> EventPage:
    """What happened in the cases that concern you, from a cursor on."""
    items = await house.feed.wait(reader, cursor, limit, wait)
    return EventPage(
        events=[to_structured(item.event) for item in items], next=str(cursor), more=len(items) == limit
    )


@router.get(
    "/stream",
    status_code=200,
    response_class=EventStream,
    responses=STREAM | problems(401, 403, 404, 410, 422),
)
async def stream_events(
    house: TheRooms,
    reader: Annotated[Reader, Depends(narrowed)],
    cursor: Annotated[Cursor, Depends(cursor_of_stream)],
) -> EventStream:
    """The same events as they come, for ten minutes; `id` is the cursor to come back with."""
    return EventStream(house.feed.follow(reader, cursor), lambda item: to_structured(item.event))
