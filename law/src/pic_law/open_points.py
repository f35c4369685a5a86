"""What was looked for and not established, and what the exchange does instead."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel, ConfigDict

from pic_law import library


class OpenPoint(BaseModel):
    """One open point; nothing is guessed in its place."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    what: str
    effect: str
    source: str


@cache
def open_points() -> tuple[OpenPoint, ...]:
    """Every open point, in the order of the file."""
    return library.entries(OpenPoint, "open_points", "points")
