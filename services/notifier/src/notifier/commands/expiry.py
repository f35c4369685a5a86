"""The clocks of a window: set whenever the consents come to stand, idle once a newer window stands."""

from __future__ import annotations

from datetime import UTC, datetime, time

from notifier.commands.clocks import deadlines
from notifier.commands.desk import by_authority
from notifier.domain import expiry
from notifier.domain.notification import Notification
from notifier.store import NOTIFICATIONS
from pic_kit.timers import Timer
from pic_kit.transaction import Work

EXPIRY, EXPIRY_WARNING = "expiry", "expiry-warning"


def watch_the_window(work: Work, notification: Notification) -> None:
    """Called when consents may have come to stand; the same window has the same clocks.

    They are never cancelled: a window may come back to an earlier end, and a clock of another window is idle.
    """
    end = expiry.end_of_window(notification)
    if end is None:
        return
    if end <= work.now:
        by_authority(work, notification, expiry.expire(notification, work.now))
        return
    _set(work, notification, EXPIRY, end)
    for warning in expiry.warnings(notification):
        starts = datetime.combine(warning.day, time(), UTC)
        if work.now < starts:
            _set(work, notification, EXPIRY_WARNING, starts)


def _set(work: Work, notification: Notification, kind: str, due_at: datetime) -> None:
    day = due_at.date().toordinal()
    work.timers.schedule(Timer(notification.world, notification.case, kind, due_at, restarts=day))


@deadlines.on(EXPIRY)
async def window_ended(work: Work, timer: Timer) -> None:
    notification = await work.shelf(NOTIFICATIONS).get(timer.world, timer.case)
    if notification is not None:
        by_authority(work, notification, expiry.expire(notification, work.now))


@deadlines.on(EXPIRY_WARNING)
async def window_ends_soon(work: Work, timer: Timer) -> None:
    notification = await work.shelf(NOTIFICATIONS).get(timer.world, timer.case)
    if notification is not None:
        by_authority(work, notification, expiry.warn(notification, timer.due_at.date()))
