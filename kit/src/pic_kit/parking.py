"""Unreadable, or not ours: set aside once with its reason, and the case goes on."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.arrivals import CASE_LENGTH, WORLD_LENGTH, StreamKey, Unreadable, readable_headers
from pic_kit.clock import wall_clock
from pic_kit.database import insert_or_ignore
from pic_kit.tables import parked


async def park(connection: AsyncConnection, item: Unreadable) -> None:
    """Set aside, once: the same record read again and the same event sent again are the same row."""
    headers = dict(readable_headers(item.record))
    world, case, source = item.stream or _told(headers)
    row = {
        "topic": item.record.topic,
        "log_partition": item.record.partition,
        "log_offset": item.record.offset,
        "world": world,
        "case_id": case,
        "source": source,
        "sequence": item.sequence if item.stream else None,
        "event_id": _uuid_or_none(headers.get("ce_id", "")),
        "reason": item.reason,
        "headers": json.dumps(headers, sort_keys=True),
        "body": item.record.value or b"",
        "parked_at": wall_clock(),
    }
    await connection.execute(insert_or_ignore(connection, parked).values(**row))


async def parked_after(connection: AsyncConnection, stream: StreamKey, sequence: int) -> list[int]:
    """Sequences of this stream that were parked beyond `sequence`, in order."""
    where = (parked.c.world == stream[0], parked.c.case_id == stream[1], parked.c.source == stream[2])
    query = select(parked.c.sequence).where(*where, parked.c.sequence > sequence).order_by(parked.c.sequence)
    return list((await connection.execute(query)).scalars())


def _told(headers: dict[str, Any]) -> tuple[str | None, str | None, None]:
    """What the headers say of world and case, for the one who looks for it."""
    world, case = (headers.get(name, "").replace("\0", "") for name in ("ce_world", "ce_case"))
    return world[:WORLD_LENGTH] or None, case[:CASE_LENGTH] or None, None


def _uuid_or_none(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None
