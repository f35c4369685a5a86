"""The form, the guarantee, and the authority of export's own steps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import uuid5

from notifier.commands.desk import (
    as_export_authority,
    as_exporter,
    by_authority,
    kept_now,
    mind_the_version,
    say,
    today,
)
from notifier.commands.prohibition import watch_the_law
from notifier.domain import authorisation, ending
from notifier.domain.authorisation import Wish
from notifier.domain.notification import Notification
from notifier.domain.numbering import code_of
from notifier.domain.refusals import refused
from notifier.store import NOTIFICATIONS, Kept, next_number
from pic_kit.access import Caller
from pic_kit.transaction import Work
from pic_schemas.address import Role
from pic_schemas.documents import DraftNotification
from pic_schemas.messages import GuaranteeCover, GuaranteeLodged

GuaranteeKind = Literal["bond", "bank-guarantee", "insurance", "deposit", "other"]

# The exporter.


async def draft(work: Work, caller: Caller, form: DraftNotification, *, hosted: bool) -> Kept:
    """Only the deployment that hosts a State opens its cases, or two would issue the same number."""
    if not hosted:
        raise refused("STATE_NOT_CONCERNED", f"this exchange does not host {caller.state}")
    exporter = caller.address(Role.EXPORTER)
    case = str(uuid5(work.cause, "case"))
    notification = work.shelf(NOTIFICATIONS).add(Notification(work.world.id, case, exporter, form))
    return say(work, notification, notification.open(), exporter)


async def revise(work: Work, caller: Caller, ref: str, form: DraftNotification, if_match: str | None) -> Kept:
    notification = await as_exporter(work, caller, ref)
    mind_the_version(work, notification, if_match)
    notification.revise(form)
    return kept_now(work, notification)


async def copy(work: Work, caller: Caller, ref: str) -> Kept:
    """A new draft with the blocks of an earlier notification of the same exporter."""
    earlier = await as_exporter(work, caller, ref)
    return await draft(work, caller, earlier.blank_copy(), hosted=True)


async def submit(work: Work, caller: Caller, ref: str) -> Kept:
    notification = await as_exporter(work, caller, ref)
    state, on = notification.exporter.state, today(work)
    number = await next_number(work, state, code_of(state, notification.form, on))
    kept = say(work, notification, notification.submit(number, on), notification.exporter)
    watch_the_law(work, notification)
    return kept


async def lodge_guarantee(
    work: Work,
    caller: Caller,
    ref: str,
    *,
    kind: GuaranteeKind,
    amount: Decimal,
    currency: str,
    covers: GuaranteeCover,
    active_loads_permitted: int | None,
    valid_to: date | None,
) -> Kept:
    notification = await as_exporter(work, caller, ref)
    notification.mind_the_guarantee(today(work))
    lodged = GuaranteeLodged(
        guarantee_id=notification.next_guarantee_id(),
        kind=kind,
        amount=amount,
        currency=currency,
        covers=covers,
        active_loads_permitted=active_loads_permitted,
        valid_to=valid_to,
    )
    return say(work, notification, notification.lodge_guarantee(lodged, today(work)), notification.exporter)


# The competent authority of export.


async def carry_out(work: Work, caller: Caller, ref: str) -> Kept:
    notification = await as_export_authority(work, caller, ref)
    return by_authority(work, notification, notification.carry_out(today(work)))


async def transmit(work: Work, caller: Caller, ref: str) -> Kept:
    notification = await as_export_authority(work, caller, ref)
    return by_authority(work, notification, notification.transmit(today(work)))


async def approve_guarantee(work: Work, caller: Caller, ref: str) -> Kept:
    notification = await as_export_authority(work, caller, ref)
    return by_authority(work, notification, notification.approve_guarantee(today(work)))


async def authorise(work: Work, caller: Caller, ref: str, wish: Wish) -> Kept:
    notification = await as_export_authority(work, caller, ref)
    return by_authority(work, notification, authorisation.authorise(notification, today(work), wish))


async def release_guarantee(work: Work, caller: Caller, ref: str) -> Kept:
    notification = await as_export_authority(work, caller, ref)
    return by_authority(work, notification, notification.release_guarantee(today(work)))


async def close(work: Work, caller: Caller, ref: str) -> Kept:
    notification = await as_export_authority(work, caller, ref)
    return by_authority(work, notification, ending.close(notification, today(work)))
