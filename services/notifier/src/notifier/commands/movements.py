"""Shipments: announced by the exporter, taken over by the carrier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from notifier.commands.desk import as_exporter, of_concern, say, today
from notifier.commands.overdue import wait_for_the_facility
from notifier.domain import batch, prenotification, rescheduling, shipments, updating
from notifier.domain.movement import Movement
from notifier.domain.prenotification import Load
from notifier.domain.refusals import refused
from notifier.domain.updating import Update
from notifier.store import Kept
from pic_kit.access import Caller
from pic_kit.transaction import Work
from pic_schemas.address import Role


async def prenotify(work: Work, caller: Caller, ref: str, load: Load) -> tuple[Kept, Movement]:
    notification = await as_exporter(work, caller, ref)
    movement, messages = prenotification.prenotify(notification, load, today(work))
    return say(work, notification, messages, notification.exporter), movement


async def prenotify_all(
    work: Work, caller: Caller, ref: str, loads: Sequence[Load]
) -> tuple[Kept, list[Movement]]:
    notification = await as_exporter(work, caller, ref)
    movements, messages = batch.prenotify_all(notification, loads, today(work))
    return say(work, notification, messages, notification.exporter), movements


async def reschedule(
    work: Work, caller: Caller, ref: str, shipment: int, start: date, reason: str
) -> tuple[Kept, Movement]:
    notification = await as_exporter(work, caller, ref)
    movement = shipments.shipment_of(notification, shipment)
    said = rescheduling.reschedule(notification, movement, start, reason, today(work))
    return say(work, notification, said, notification.exporter), movement


async def update(
    work: Work, caller: Caller, ref: str, shipment: int, change: Update
) -> tuple[Kept, Movement]:
    notification = await as_exporter(work, caller, ref)
    movement = shipments.shipment_of(notification, shipment)
    said = updating.update(notification, movement, change, today(work))
    return say(work, notification, said, notification.exporter), movement


async def request_cancellation(
    work: Work, caller: Caller, ref: str, shipment: int, reason: str
) -> tuple[Kept, Movement]:
    notification = await as_exporter(work, caller, ref)
    messages = shipments.request_cancellation(notification, shipment, reason=reason, on=today(work))
    said = say(work, notification, messages, notification.exporter)
    return said, shipments.shipment_of(notification, shipment)


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
    notification = await of_concern(work, caller, ref, Role.CARRIER)
    on = departed_on or today(work)
    if on > today(work):
        raise refused("DATES_IMPOSSIBLE", f"departed on {on}, after {today(work)}", "/departed_on")
    messages = shipments.depart(notification, shipment, carrier=caller.agency, on=on, place=place, kg=kg)
    movement = shipments.shipment_of(notification, shipment)
    await wait_for_the_facility(work, notification, movement)
    return say(work, notification, messages, caller.address(Role.CARRIER)), movement
