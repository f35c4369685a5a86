"""Prohibitions: told to the authority of export, or begun and ended by the law of a day."""

from __future__ import annotations

from datetime import UTC, datetime, time

from notifier.commands.clocks import deadlines
from notifier.commands.desk import as_export_authority, by_authority, today
from notifier.commands.expiry import watch_the_window
from notifier.domain import prohibition
from notifier.domain.exhaustion import settle_the_use
from notifier.domain.notification import Notification
from notifier.domain.prohibition import Told
from notifier.store import NOTIFICATIONS, Kept
from pic_kit.access import Caller
from pic_kit.timers import Timer
from pic_kit.transaction import Work

TURN_OF_LAW = "turn-of-law"


async def prohibit(work: Work, caller: Caller, ref: str, told: Told) -> Kept:
    notification = await as_export_authority(work, caller, ref)
    return by_authority(work, notification, prohibition.prohibit(notification, told, today(work)))


async def lift(work: Work, caller: Caller, ref: str, detail: str) -> Kept:
    notification = await as_export_authority(work, caller, ref)
    said = list(prohibition.lift(notification, detail, today(work)))
    # What came in the meantime may have used it up, and nobody has said so yet.
    said += settle_the_use(notification, today(work), credited=True)
    kept = by_authority(work, notification, said)
    watch_the_window(work, notification)
    return kept


def watch_the_law(work: Work, notification: Notification) -> None:
    """Called when the form comes to stand or is seen otherwise; a clock that turns nothing is idle."""
    day = prohibition.next_review(notification, today(work))
    if day is not None:
        due_at = datetime.combine(day, time(), UTC)
        clock = Timer(notification.world, notification.case, TURN_OF_LAW, due_at, restarts=day.toordinal())
        work.timers.schedule(clock)


@deadlines.on(TURN_OF_LAW)
async def law_turned(work: Work, timer: Timer) -> None:
    notification = await work.shelf(NOTIFICATIONS).get(timer.world, timer.case)
    if notification is not None:
        by_authority(work, notification, prohibition.review(notification, timer.due_at.date()))
        watch_the_window(work, notification)
        watch_the_law(work, notification)
