"""The end of the window: warned of beforehand, said once, undone only by consents that last longer."""

from __future__ import annotations

from datetime import date, datetime

from notifier.domain.life import CONSENTED, EXPIRED
from notifier.domain.notification import Notification
from notifier.domain.refusals import refused
from pic_law.clocks import END_OF_DAY
from pic_law.expiry import ExpiryWarning, warnings_before
from pic_schemas.messages import Message, NotificationExpired, NotificationExpiring


def end_of_window(notification: Notification) -> datetime | None:
    """The last moment at which a load may start; None while no consents stand that could run out."""
    if notification.state is not CONSENTED:
        return None
    return datetime.combine(notification.limits.valid_to, END_OF_DAY)


def warnings(notification: Notification) -> tuple[ExpiryWarning, ...]:
    """On which days the authority of export warns, by its own calendar."""
    if notification.state is not CONSENTED:
        return ()
    return warnings_before(notification.limits.valid_to, notification.export_authority.agency)


def warn(notification: Notification, day: date) -> list[Message]:
    """Nothing, if the window was moved since the warning was planned."""
    found = next((each for each in warnings(notification) if each.day == day), None)
    if found is None:
        return []
    return [
        NotificationExpiring(
            number=notification.filed_number,
            valid_to=notification.limits.valid_to,
            working_days_left=found.working_days,
            rule=found.rule,
            article=found.article,
            source=found.source,
        )
    ]


def expire(notification: Notification, now: datetime) -> list[Message]:
    """No load is announced any more; what has departed goes on, and the file can be closed."""
    end = end_of_window(notification)
    if end is None or now < end:
        return []
    notification.step("expire")
    notification.expired_on = end.date()
    if (change := notification.open_change) is not None:
        change.outcome = "overtaken"
    return [NotificationExpired(number=notification.filed_number, valid_to=end.date())]


def mind_the_end(notification: Notification) -> None:
    """Raises Refused once the window is over."""
    if notification.state is EXPIRED:
        raise refused("CONSENT_WINDOW", f"the last day of departure was {notification.expired_on}")
