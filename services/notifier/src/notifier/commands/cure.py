"""The wait for the cure of an objection: set when it is heard, over when the law says so."""

from __future__ import annotations

from notifier.commands.clocks import deadlines
from notifier.commands.desk import by_authority
from notifier.domain import ending
from notifier.domain.notification import Notification
from notifier.store import NOTIFICATIONS
from pic_kit.timers import Timer
from pic_kit.transaction import Work

CURE_OVER = "cure-over"


def await_cure(work: Work, notification: Notification, authority: str) -> None:
    """An objection starts the wait for its cure, where the objecting authority's law gives one an end."""
    asked, end = notification.asked(authority), ending.end_of_cure(notification, authority)
    if asked is not None and end is not None:
        version = asked.decision_version
        timer = Timer(notification.world, notification.case, CURE_OVER, end, authority, restarts=version)
        work.timers.schedule(timer)


@deadlines.on(CURE_OVER)
async def cure_is_over(work: Work, timer: Timer) -> None:
    """Unsolved, the notification ceases to be valid; solved in the meantime, nothing happens."""
    notification = await work.shelf(NOTIFICATIONS).get(timer.world, timer.case)
    if notification is not None:
        by_authority(work, notification, ending.lapse(notification, timer.authority, work.now.date()))
