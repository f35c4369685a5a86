"""Steps of States that are not on the exchange, in their name and as of their day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time

from notifier.commands.cure import await_cure
from notifier.commands.desk import as_export_authority, by_authority, today
from notifier.commands.expiry import watch_the_window
from notifier.commands.silence import stop_watching, watch_for_silence
from notifier.domain.notification import Notification
from notifier.domain.paper import Recorded
from notifier.domain.parties import concerned
from notifier.store import Kept
from pic_kit.access import Caller
from pic_kit.transaction import Work
from pic_schemas.messages import ChangeAnswered, DecisionTaken

Step = Callable[[Notification, date], Recorded]


async def record(work: Work, caller: Caller, ref: str, step: Step, happened_on: date) -> Kept:
    """The authority speaks through the authority of export; `recordedtime` is when that was done."""
    notification = await as_export_authority(work, caller, ref)
    recorded = step(notification, today(work))
    if isinstance(recorded.said, DecisionTaken):
        await stop_watching(work, notification, recorded.authority.authority)
    elif not isinstance(recorded.said, ChangeAnswered):
        watch_for_silence(work, notification, recorded.authority.authority)
    work.emit(
        recorded.said,
        case=notification.case,
        sender=recorded.authority.address,
        recipients=concerned(notification),
        happened=datetime.combine(happened_on, time(), UTC),
        channel="paper",
        state=notification.exporter.state,
    )
    await_cure(work, notification, recorded.authority.authority)
    kept = by_authority(work, notification, recorded.follows)
    watch_the_window(work, notification)
    return kept
