"""The day from which a consent is gone: waited for, and told when it has come."""

from __future__ import annotations

from notifier.commands.clocks import deadlines
from notifier.commands.desk import by_authority
from notifier.domain.interruption import awaited, take_effect
from notifier.domain.notification import Notification
from notifier.store import NOTIFICATIONS
from pic_kit.timers import Timer
from pic_kit.transaction import Work

CONSENT_ENDS = "consent-ends"


def await_the_day(work: Work, notification: Notification, authority: str) -> None:
    """One clock for each word of the authority; it is idle if the word was lifted or overtaken."""
    asked = notification.asked(authority)
    if asked is not None and (waits := awaited(asked)) is not None:
        version, due_at = waits
        clock = Timer(notification.world, notification.case, CONSENT_ENDS, due_at, authority, version)
        work.timers.schedule(clock)


@deadlines.on(CONSENT_ENDS)
async def consent_ends(work: Work, timer: Timer) -> None:
    notification = await work.shelf(NOTIFICATIONS).get(timer.world, timer.case)
    if notification is not None:
        by_authority(work, notification, take_effect(notification, timer.authority, work.now.date()))
