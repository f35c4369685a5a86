"""What a caller may ask of the State of export: one function per act, one transaction each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import uuid5

from notifier.domain import prenotification, shipments
from notifier.domain.authorisation import Wish
from notifier.domain.movement import Movement
from notifier.domain.notification import Notification
from notifier.domain.parties import concerned, may_see, mind_the_authority
from notifier.domain.prenotification import Load
from notifier.domain.refusals import refused, unknown
from notifier.store import NOTIFICATIONS, Kept, held, next_number
from pic_kit.access import Caller
from pic_kit.problems import PreconditionFailed
from pic_kit.transaction import Work
from pic_schemas.address import Address, Role
from pic_schemas.documents import DraftNotification
from pic_schemas.messages import GuaranteeCover, GuaranteeLodged, Message

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
    notification = await _as_exporter(work, caller, ref)
    _mind_the_version(work, notification, if_match)
    notification.revise(form)
    return _kept(work, notification)


async def copy(work: Work, caller: Caller, ref: str) -> Kept:
    """A new draft with the blocks of an earlier notification of the same exporter."""
    earlier = await _as_exporter(work, caller, ref)
    return await draft(work, caller, earlier.blank_copy(), hosted=True)


async def submit(work: Work, caller: Caller, ref: str) -> Kept:
    notification = await _as_exporter(work, caller, ref)
    number = await next_number(work, notification.exporter.state)
    return say(work, notification, notification.submit(number, _today(work)), notification.exporter)


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
    notification = await _as_exporter(work, caller, ref)
    notification.mind_the_guarantee(_today(work))
    lodged = GuaranteeLodged(
        guarantee_id=notification.next_guarantee_id(),
        kind=kind,
        amount=amount,
        currency=currency,
        covers=covers,
        active_loads_permitted=active_loads_permitted,
        valid_to=valid_to,
    )
    return say(work, notification, notification.lodge_guarantee(lodged, _today(work)), notification.exporter)


async def prenotify(work: Work, caller: Caller, ref: str, load: Load) -> tuple[Kept, Movement]:
    notification = await _as_exporter(work, caller, ref)
    movement, messages = prenotification.prenotify(notification, load, _today(work))
    return say(work, notification, messages, notification.exporter), movement


# The carrier.


async def depart(
    work: Work,
    caller: Caller,
    ref: str,
    shipment: int,
    *,
    departed_on: date | None,
    place: str,
    kg: int | None,
) -> tuple[Kept, Movement]:
    notification = await _of_concern(work, caller, ref, Role.CARRIER)
    on = departed_on or _today(work)
    if on > _today(work):
        raise refused("DATES_IMPOSSIBLE", f"departed on {on}, after {_today(work)}", "/departed_on")
    messages = shipments.depart(notification, shipment, carrier=caller.agency, on=on, place=place, kg=kg)
    said = say(work, notification, messages, caller.address(Role.CARRIER))
    return said, shipments.shipment_of(notification, shipment)


# The competent authority of export.


async def carry_out(work: Work, caller: Caller, ref: str) -> Kept:
    notification = await _as_export_authority(work, caller, ref)
    return _by_authority(work, notification, notification.carry_out(_today(work)))


async def transmit(work: Work, caller: Caller, ref: str) -> Kept:
    notification = await _as_export_authority(work, caller, ref)
    return _by_authority(work, notification, notification.transmit(_today(work)))


async def approve_guarantee(work: Work, caller: Caller, ref: str) -> Kept:
    notification = await _as_export_authority(work, caller, ref)
    return _by_authority(work, notification, notification.approve_guarantee(_today(work)))


async def authorise(work: Work, caller: Caller, ref: str, wish: Wish) -> Kept:
    notification = await _as_export_authority(work, caller, ref)
    return _by_authority(work, notification, notification.authorise(_today(work), wish))


async def release_guarantee(work: Work, caller: Caller, ref: str) -> Kept:
    notification = await _as_export_authority(work, caller, ref)
    return _by_authority(work, notification, notification.release_guarantee(_today(work)))


async def close(work: Work, caller: Caller, ref: str) -> Kept:
    notification = await _as_export_authority(work, caller, ref)
    return _by_authority(work, notification, notification.close(_today(work)))


# What they have in common.


def say(work: Work, notification: Notification, messages: Iterable[Message], sender: Address) -> Kept:
    """Tell everybody whom the case concerns at this point."""
    recipients = concerned(notification)
    for message in messages:
        work.emit(
            message,
            case=notification.case,
            sender=sender,
            recipients=recipients,
            state=notification.exporter.state,
        )
    return _kept(work, notification)


def _by_authority(work: Work, notification: Notification, messages: Iterable[Message]) -> Kept:
    return say(work, notification, messages, notification.export_authority)


def _kept(work: Work, notification: Notification) -> Kept:
    # The row is written after the command, one version on.
    return Kept(notification, work.shelf(NOTIFICATIONS).version(notification) + 1, _today(work))


def _today(work: Work) -> date:
    return work.now.date()


async def _of_concern(work: Work, caller: Caller, ref: str, *roles: Role) -> Notification:
    seats = [caller.address(role) for role in roles if role in caller.roles]
    notification = await held(work, ref)
    if notification is None or not may_see(notification, seats):
        raise unknown(ref)
    return notification


async def _as_exporter(work: Work, caller: Caller, ref: str) -> Notification:
    return await _of_concern(work, caller, ref, Role.EXPORTER)


async def _as_export_authority(work: Work, caller: Caller, ref: str) -> Notification:
    notification = await _of_concern(work, caller, ref, Role.COMPETENT_AUTHORITY)
    mind_the_authority(notification, caller.address(Role.COMPETENT_AUTHORITY))
    return notification


def _mind_the_version(work: Work, notification: Notification, if_match: str | None) -> None:
    stands = work.shelf(NOTIFICATIONS).version(notification)
    if if_match is not None and if_match.strip() not in ("*", f'"{stands}"'):
        raise PreconditionFailed(f'the draft is at version "{stands}"')
