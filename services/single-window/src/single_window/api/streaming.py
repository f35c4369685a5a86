"""Server-sent events whose reader may leave at any moment."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event

from single_window.window.feed import FeedItem

UNBUFFERED = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
STILL_HERE = format_sse_event(comment="nothing new")
STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "server-sent events",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


class EventStream(StreamingResponse):
    """Sends each item as `told` puts it; where there is none for a while, a comment keeps the line open.

    FastAPI's own stream feeds an inner channel that breaks when the reader leaves, and the departure
    ends as an unexpected error. Here it only ends the iteration.
    """

    media_type = "text/event-stream"

    def __init__(
        self, items: AsyncIterator[FeedItem | None], told: Callable[[FeedItem], dict[str, Any]]
    ) -> None:
        super().__init__(_written(items, told), headers=UNBUFFERED)


async def _written(
    items: AsyncIterator[FeedItem | None], told: Callable[[FeedItem], dict[str, Any]]
) -> AsyncIterator[bytes]:
    async for item in items:
        if item is None:
            yield STILL_HERE
        else:
            yield format_sse_event(data_str=json.dumps(told(item)), id=item.after)
