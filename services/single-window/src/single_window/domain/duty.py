"""What waits, before it is put on somebody's list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
