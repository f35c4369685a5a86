"""Where a notification stands, seen from the border, and what that means for its quantity account."""

from __future__ import annotations

from enum import StrEnum


class Standing(StrEnum):
    """The latest that is known here, of whatever was heard."""

    UNDER_DECISION = "UNDER_DECISION"
    CONSENTED = "CONSENTED"
    AUTHORISED = "AUTHORISED"
    OBJECTED = "OBJECTED"
    SUSPENDED = "SUSPENDED"
    PROHIBITED = "PROHIBITED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"
    CLOSED = "CLOSED"


IN_FORCE = (Standing.AUTHORISED, Standing.EXPIRED)
"""What was authorised; of one that ended its own days say which load is still in time."""

ACCOUNTED = (
    *IN_FORCE,
    Standing.CLOSED,
    Standing.WITHDRAWN,
    Standing.SUSPENDED,
    Standing.PROHIBITED,
)
