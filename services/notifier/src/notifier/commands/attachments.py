"""Documents join a notification: the exporter's own, and what the authority of export was sent on paper."""

from __future__ import annotations

from notifier.commands.desk import as_export_authority, as_exporter, say, today
from notifier.domain.attachments import Kind
from notifier.domain.parties import readers
from notifier.store import CONTENTS, Kept
from pic_kit.access import Caller
from pic_kit.attachments import Received
from pic_kit.transaction import Work
from pic_schemas.address import Role
from pic_schemas.documents.declaration import Annex


async def attach(
    work: Work, caller: Caller, ref: str, content: Received, *, media_type: str, kind: Kind, block: int
) -> Kept:
    """The bytes are kept in the transaction that lists them."""
    exporting = Role.EXPORTER in caller.roles
    notification = await (as_exporter if exporting else as_export_authority)(work, caller, ref)
    by = caller.address(Role.EXPORTER if exporting else Role.COMPETENT_AUTHORITY)
    annex = Annex(block=block, kind=kind, sha256=content.sha256, media_type=media_type, size=content.size)
    messages = notification.attach(annex, by, today(work))
    await CONTENTS.keep(work.connection, work.world.id, content)
    return say(work, notification, messages, by, readers(notification))
