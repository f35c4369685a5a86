"""The end of a notification: the file is closed, and its number never comes back."""

from __future__ import annotations

from datetime import date

from notifier.domain.life import OBJECTED
from notifier.domain.notification import Notification
from notifier.domain.refusals import refused
from pic_schemas.messages import Message, NotificationClosed


def close(notification: Notification, on: date) -> list[Message]:
    """Only after the last certificate, and after the guarantee."""
    notification.allow("close")
    notification.mind_the_certificates()
    if notification.guarantee is not None and notification.guarantee.state != "RELEASED":
        raise refused("STATE_FORBIDS", "the guarantee is not released yet", needs="first: release guarantee")
    reason = "objected" if notification.state is OBJECTED else "completed"
    notification.step("close")
    notification.closed_on = on
    return [NotificationClosed(number=notification.filed_number, closed_on=on, reason=reason)]
