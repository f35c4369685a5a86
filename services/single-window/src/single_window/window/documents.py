"""The notification document as it stands, from the last message that carried it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from single_window.window.store import events_of

CARRY = {"pic.notification.submitted.v1", "pic.notification.transmitted.v1", "pic.notification.changed.v1"}


async def document_of(connection: AsyncConnection, world: str, case: str) -> dict[str, Any] | None:
    """The form's blocks; None before it is submitted."""
    said = await events_of(connection, world, case)
    carrying = [event.data["document"] for event in said if event.type in CARRY]
    return carrying[-1] if carrying else None
