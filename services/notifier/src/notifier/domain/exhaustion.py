"""Quantity or shipments used up: derived from what was received, rejected, remedied and cancelled."""

from __future__ import annotations

from datetime import date
from typing import Literal

from notifier.domain.life import EXHAUSTED
from notifier.domain.notification import Notification
from notifier.domain.refusals import refused
from notifier.domain.verdicts import settle
from pic_schemas.messages import Message, NotificationExhausted


def settle_the_use(notification: Notification, on: date, *, credited: bool = False) -> list[Message]:
    """Said when the last load that could come has come.

    `credited`: a quantity was given back or corrected, or a limit changed. That opens it again, or it is
    said again: whoever heard of the change waits for that word.
    """
    before = notification.state
    settle(notification)
    if notification.state is not EXHAUSTED or (before is EXHAUSTED and not credited):
        return []
    return [
        NotificationExhausted(
            number=notification.filed_number,
            exhausted_on=on,
            used_up=what_is_used_up(notification),
            quantity_kg=max(0, sum(m.counted_kg for m in notification.movements)),
            shipments=len(notification.live),
        )
    ]


def what_is_used_up(notification: Notification) -> Literal["quantity", "shipments"]:
    return "shipments" if len(notification.live) >= notification.limits.shipments else "quantity"


def mind_the_use(notification: Notification) -> None:
    """Raises Refused once nothing remains."""
    if notification.state is EXHAUSTED:
        if what_is_used_up(notification) == "shipments":
            detail = f"{notification.limits.shipments} shipments are consented to, and all were made"
            raise refused("SHIPMENTS_EXCEEDED", detail)
        raise refused("QUANTITY_EXCEEDED", "nothing remains of the consented quantity")
