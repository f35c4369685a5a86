"""What waits, before it is put on somebody's list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from pic_schemas.messages import Message


@dataclass(frozen=True, slots=True)
class Duty:
    """It is done by saying `message`."""

    message: type[Message]
    sentence: str
    subject: str = ""
    shipment: int | None = None
    due_at: datetime | None = None
    article: str = ""


def end_of(day: date) -> datetime:
    """The last second in which what is due on a day is done in time."""
    return datetime.combine(day, time.max.replace(microsecond=0), UTC)
