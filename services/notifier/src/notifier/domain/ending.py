"""The end of a notification: withdrawn, lapsed or closed; its number never comes back."""

from __future__ import annotations

from datetime import date, datetime

from notifier.domain import duties
from notifier.domain.authorities import ConcernedAuthority
from notifier.domain.life import CONSENT_WITHDRAWN, EXPIRED, INVALID, OBJECTED, WITHDRAWN
from notifier.domain.notification import Notification
from notifier.domain.refusals import refused
from pic_law.governing import Governing
from pic_schemas.messages import Message, NotificationClosed, NotificationWithdrawn

REASONS = {
    OBJECTED: "objected",
    INVALID: "invalid",
    WITHDRAWN: "withdrawn",
    CONSENT_WITHDRAWN: "consent withdrawn",
    EXPIRED: "expired",
}
"""Why a file is closed that is not completed."""


def withdraw(notification: Notification, reason: str, on: date) -> list[Message]:
    """The exporter takes back what nobody has decided together yet."""
    notification.step("withdraw")
    return [NotificationWithdrawn(number=notification.filed_number, withdrawn_on=on, reason=reason)]


def close(notification: Notification, on: date) -> list[Message]:
    """Only after the last certificate, and after the guarantee."""
    notification.allow("close")
    notification.mind_the_certificates()
    if notification.guarantee is not None and notification.guarantee.state != "RELEASED":
        raise refused("STATE_FORBIDS", "the guarantee is not released yet", needs="first: release guarantee")
    reason = REASONS.get(notification.state, "completed")
    notification.step("close")
    notification.closed_on = on
    return [NotificationClosed(number=notification.filed_number, closed_on=on, reason=reason)]


def end_of_cure(notification: Notification, authority: str) -> datetime | None:
    """Until when the problem behind an objection can be solved; None where the law sets no end."""
    asked = notification.asked(authority)
    if asked is None or not asked.objects or asked.acknowledgement is None:
        return None
    law = _cure(notification, asked)
    due = duties.due_from(law, asked.acknowledgement.ack_sent_on, asked.authority)
    return due.due_at if due else None


def lapse(notification: Notification, authority: str, on: date) -> list[Message]:
    """Unsolved in time, the notification ceases to be valid: Regulation (EC) 1013/2006 Art. 11(5), 12(4)."""
    asked = notification.asked(authority)
    if notification.state is not OBJECTED or asked is None or not asked.objects:
        return []
    notification.step("lapse")
    notification.closed_on = on
    reason = f"the objection of {authority} was not solved in time"
    return [NotificationClosed(number=notification.filed_number, closed_on=on, reason=reason)]


def _cure(notification: Notification, asked: ConcernedAuthority) -> Governing:
    return duties.of_authority(
        notification.filed, "objection_cure", asked.state, asked.role, notification.lodged_on
    )
