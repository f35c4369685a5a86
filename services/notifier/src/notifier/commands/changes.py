"""Changes under a number: asked for by the exporter, answered by the authority of export."""

from __future__ import annotations

from notifier.commands.desk import as_export_authority, as_exporter, by_authority, say, today
from notifier.commands.expiry import watch_the_window
from notifier.domain import changes
from notifier.domain.parties import readers
from notifier.store import Kept
from pic_kit.access import Caller
from pic_kit.transaction import Work
from pic_schemas.documents import DraftNotification


async def request_change(
    work: Work, caller: Caller, ref: str, blocks: DraftNotification, reason: str
) -> Kept:
    notification = await as_exporter(work, caller, ref)
    said = changes.request_change(notification, blocks, reason, today(work))
    return say(work, notification, said, notification.exporter, readers(notification))


async def approve(work: Work, caller: Caller, ref: str, change: int, *, agrees: bool, reason: str) -> Kept:
    """The authority of export agrees or does not; the others answer at their own desks."""
    notification = await as_export_authority(work, caller, ref)
    said = changes.approve(notification, change, agrees, reason, today(work))
    kept = by_authority(work, notification, said)
    watch_the_window(work, notification)
    return kept
