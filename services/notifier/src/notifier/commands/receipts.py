"""What the exporter says of a load at its end, in the facility's place (Article 6(5)(a))."""

from __future__ import annotations

from datetime import date

from notifier.commands.desk import as_exporter, by_authority, say, today
from notifier.commands.overdue import wait_for_the_facility
from notifier.domain import receipts, shipments
from notifier.domain.exhaustion import settle_the_use
from notifier.domain.movement import Movement
from notifier.domain.receipts import Arrival
from notifier.store import Kept
from pic_kit.access import Caller
from pic_kit.transaction import Work


async def receive(
    work: Work, caller: Caller, ref: str, shipment: int, received_on: date | None, kg: int
) -> tuple[Kept, Movement]:
    notification = await as_exporter(work, caller, ref)
    movement = shipments.shipment_of(notification, shipment)
    arrival = Arrival(received_on or today(work), kg)
    said = receipts.receive(notification, movement, arrival, today(work))
    say(work, notification, said, notification.exporter)
    await wait_for_the_facility(work, notification, movement)
    return by_authority(work, notification, settle_the_use(notification, today(work))), movement


async def certify(
    work: Work, caller: Caller, ref: str, shipment: int, completed_on: date | None
) -> tuple[Kept, Movement]:
    notification = await as_exporter(work, caller, ref)
    movement = shipments.shipment_of(notification, shipment)
    said = receipts.certify(notification, movement, completed_on or today(work), today(work))
    await wait_for_the_facility(work, notification, movement)
    return say(work, notification, said, notification.exporter), movement
