"""The wait for receipt and certificate: one clock for each shipment, set anew whenever something is heard."""

from __future__ import annotations

from notifier.commands.clocks import deadlines
from notifier.commands.desk import by_authority
from notifier.domain import overdue
from notifier.domain.movement import Movement
from notifier.domain.notification import Notification
from notifier.domain.shipments import announced
from notifier.store import NOTIFICATIONS
from pic_kit.timers import Timer
from pic_kit.transaction import Work

MISSING = "missing"


async def wait_for_the_facility(work: Work, notification: Notification, movement: Movement) -> None:
    """Called when a load left, failed, or when the facility said something: what came is not waited for."""
    clock = None if movement.alert else overdue.clock_of(notification, movement)
    day = clock.due.due_on if clock else None
    if day == movement.waits_until:
        return
    who = f"{notification.export_authority.agency}/{movement.shipment}"
    if movement.waits_until is not None:
        await work.timers.cancel(notification.world, notification.case, MISSING, who)
    movement.waits_until = day
    if clock is not None:
        basis = {"rule": clock.due.rule, "article": clock.due.article, "profile": clock.law.profile}
        restarts, due_at = clock.due.due_on.toordinal(), clock.due.due_at
        timer = Timer(notification.world, notification.case, MISSING, due_at, who, restarts, basis)
        work.timers.schedule(timer)


@deadlines.on(MISSING)
async def nothing_came(work: Work, timer: Timer) -> None:
    notification = await work.shelf(NOTIFICATIONS).get(timer.world, timer.case)
    shipment = int(timer.authority.rpartition("/")[2])
    movement = announced(notification, shipment) if notification else None
    if notification is not None and movement is not None:
        by_authority(work, notification, overdue.alert(notification, movement, work.now))
