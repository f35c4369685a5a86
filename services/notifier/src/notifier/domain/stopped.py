"""A prohibition that stands, and where the notification stood when it began."""

from __future__ import annotations

from dataclasses import dataclass

from pic_schemas.messages import NotificationProhibited


@dataclass(frozen=True, slots=True)
class Prohibition:
    """`stood_at` is the state to which a lifting leads back, unless answers came meanwhile."""

    said: NotificationProhibited
    stood_at: str
