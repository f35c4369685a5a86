"""The clocks whose end is a consent: set when an authority acknowledges, stopped when it speaks."""

from __future__ import annotations

from datetime import datetime

from notifier.commands.clocks import deadlines
from notifier.commands.desk import by_authority
from notifier.commands.expiry import watch_the_window
from notifier.domain.notification import Notification
from notifier.domain.silence import clock_of, record_silence
from notifier.store import NOTIFICATIONS
from pic_kit.timers import Timer
from pic_kit.transaction import Work
from pic_law.clocks import END_OF_DAY
from pic_law.silence import not_before

SILENCE = "silence"


def watch_for_silence(work: Work, notification: Notification, code: str, restarts: int = 0) -> None:
    """Called when an authority acknowledged, and again with one restart more when its clock is set anew."""
    asked = notification.asked(code)
    clock = clock_of(notification, asked) if asked is not None else None
    if clock is None:
        return
    end_of_today = datetime.combine(work.now.date(), END_OF_DAY)
    work.timers.schedule(
        Timer(
            notification.world,
            notification.case,
            SILENCE,
            not_before(clock.due.due_at, work.now, end_of_today),
            code,
            restarts,
            {"rule": clock.due.rule, "basis": clock.due.basis},
        )
    )


async def stop_watching(work: Work, notification: Notification, code: str) -> None:
    """The authority spoke."""
    await work.timers.cancel(notification.world, notification.case, SILENCE, code)


@deadlines.on(SILENCE)
async def clock_ran_out(work: Work, timer: Timer) -> None:
    notification = await work.shelf(NOTIFICATIONS).get(timer.world, timer.case)
    if notification is not None:
        by_authority(work, notification, record_silence(notification, timer.authority, work.now))
        watch_the_window(work, notification)
