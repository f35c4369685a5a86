"""The announcement of one shipment: its movement document is composed from the notification and checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from notifier.domain import duties
from notifier.domain.conditions import against
from notifier.domain.exhaustion import mind_the_use
from notifier.domain.expiry import mind_the_end
from notifier.domain.interruption import first_day_without, mind_the_consents
from notifier.domain.movement import Movement
from notifier.domain.notification import Notification
from notifier.domain.prohibition import mind_the_prohibition
from notifier.domain.refusals import finding, refuse_if_any, refused
from pic_law.notified import guarantee_of
from pic_law.planning import loads_are_limited
from pic_schemas.documents import MovementDocument, NotificationDocument
from pic_schemas.documents.base import Names, Strict
from pic_schemas.documents.declaration import MovementDeclaration
from pic_schemas.documents.movement import ActualDate, AdditionalInformation, SerialNumber
from pic_schemas.documents.operation import OperationCodes
from pic_schemas.documents.quantity import ActualQuantity
from pic_schemas.documents.transport import Carriers, LoadedPackaging
from pic_schemas.messages import Message
from pic_schemas.numbers import movement_number
from pic_schemas.refusal import Finding


class Load(Strict):
    """What the exporter fills in before the start; every other block is the notification's."""

    block_5: ActualQuantity
    block_6: ActualDate
    block_7: LoadedPackaging
    block_8: Carriers
    block_15: MovementDeclaration
    block_16: AdditionalInformation | None = None
    conditions_confirmed: Names = ()
    """Conditions of the consents that no machine checks, as AUTHORITY/ID."""


def prenotify(notification: Notification, load: Load, on: date) -> tuple[Movement, list[Message]]:
    """Announce the next shipment; refused with every reason at once."""
    shipment = _next_shipment(notification)
    document = compose(notification.filed, notification.filed_number, shipment, load)
    found = [found for check in CHECKS for found in check(notification, document, on)]
    found += against(notification, document, load.conditions_confirmed)
    refuse_if_any(found or list(_against_any_load(notification, on)))
    movement = Movement.announced(
        movement_number(notification.filed_number, shipment), shipment, document, on
    )
    notification.movements.append(movement)
    return movement, [movement.prenotice()]


def mind_the_start(notification: Notification, on: date) -> None:
    """Raises Refused when no load whatever could be announced today."""
    _next_shipment(notification)
    refuse_if_any(list(_against_any_load(notification, on)))


def _next_shipment(notification: Notification) -> int:
    """A number that was used stays used; a cancelled one does not count, so its place is free again."""
    notification.mind_the_contract()
    mind_the_prohibition(notification)
    mind_the_consents(notification)
    mind_the_end(notification)
    mind_the_use(notification)
    notification.allow("prenotify")
    if notification.authorisation is None:
        raise refused("PERMIT_REQUIRED", "the State of export has not authorised the movement yet")
    shipment = 1 + max((m.shipment for m in notification.movements), default=0)
    if len(notification.live) >= notification.limits.shipments:
        raise refused("SHIPMENTS_EXCEEDED", f"{notification.limits.shipments} shipments are consented to")
    return shipment


def _against_any_load(notification: Notification, on: date) -> Iterator[Finding]:
    """A load starts today at the earliest, and weighs something."""
    yield from _covered(notification, on)
    if (last := first_and_last_day(notification)[1]) < on:
        yield finding("CONSENT_WINDOW", f"the last day of departure was {last}")
    if notification.remaining_kg <= 0:
        yield finding("QUANTITY_EXCEEDED", "nothing remains of the consented quantity")


def compose(notified: NotificationDocument, number: str, shipment: int, load: Load) -> MovementDocument:
    """Blocks 3, 4 and 9 to 14 are the notification's own: Regulation (EU) 2025/1290 Art. 17(6)."""
    return MovementDocument(
        block_1=number,
        block_2=SerialNumber(shipment=shipment, total=notified.shipments),
        block_3=notified.block_1,
        block_4=notified.block_2,
        block_5=load.block_5,
        block_6=load.block_6,
        block_7=load.block_7,
        block_8=load.block_8,
        block_9=notified.block_9,
        block_10=notified.block_10,
        block_11=OperationCodes(codes=notified.block_11.codes),
        block_12=notified.block_12,
        block_13=notified.block_13,
        block_14=notified.block_14,
        block_15=load.block_15,
        block_16=load.block_16,
    )


def _covered(notification: Notification, day: date) -> Iterator[Finding]:
    if notification.guarantee is not None and notification.guarantee.in_force(day):
        return
    if guarantee_of(notification.filed, notification.lodged_on).wanted:
        yield finding("GUARANTEE_MISSING", f"no approved guarantee covers {day}")


def _guarantee(notification: Notification, document: MovementDocument, on: date) -> Iterator[Finding]:
    start, guarantee = document.block_6.start_date, notification.guarantee
    yield from _covered(notification, start)
    if guarantee is None or not guarantee.in_force(start):
        return
    permitted = guarantee.lodged.active_loads_permitted if loads_are_limited() else None
    same_day = sum(m.start_date == start for m in notification.live)
    if permitted is not None and same_day >= permitted:
        detail = f"the guarantee covers {permitted} loads that start on one day"
        yield finding("ACTIVE_LOADS_EXCEEDED", detail, "/block_6/start_date")


def first_and_last_day(notification: Notification) -> tuple[date, date]:
    """Where all consents stand and what was authorised lasts; a consent taken back ends it beforehand."""
    limits, authorised = notification.limits, notification.authorisation
    gone_from, ends = first_day_without(notification), [limits.valid_to]
    ends += [gone_from - timedelta(days=1)] if gone_from is not None else []
    if authorised is None:
        return limits.valid_from, min(ends)
    return max(limits.valid_from, authorised.valid_from), min(*ends, authorised.valid_to)


def _window(notification: Notification, document: MovementDocument, on: date) -> Iterator[Finding]:
    start, gone_from = document.block_6.start_date, first_day_without(notification)
    first, last = first_and_last_day(notification)
    if gone_from is not None and start >= gone_from:
        detail = f"{start} is not before {gone_from}, from when a consent is taken back"
        yield finding("CONSENT_WITHDRAWN", detail, "/block_6/start_date")
    elif not first <= start <= last:
        detail = f"{start} is outside {first} to {last}"
        yield finding("CONSENT_WINDOW", detail, "/block_6/start_date")


def _dates(notification: Notification, document: MovementDocument, on: date) -> Iterator[Finding]:
    if document.block_6.start_date < on:
        yield finding("DATES_IMPOSSIBLE", f"the start is before {on}", "/block_6/start_date")
    if (signed := document.block_15.notifier.signed_on) > on:
        yield finding("DATES_IMPOSSIBLE", f"signed on {signed}, after {on}", "/block_15/notifier/signed_on")


def _prenotice(notification: Notification, document: MovementDocument, on: date) -> Iterator[Finding]:
    yield from duties.late_prenotice(
        notification.filed, document.block_6.start_date, notification.lodged_on, on
    )


def _quantity(notification: Notification, document: MovementDocument, on: date) -> Iterator[Finding]:
    left = notification.remaining_kg
    if document.quantity_kg > left:
        detail = f"{document.quantity_kg} kg announced, {left} kg remain"
        yield finding("QUANTITY_EXCEEDED", detail, "/block_5/quantity")


def _packaging(notification: Notification, document: MovementDocument, on: date) -> Iterator[Finding]:
    notified, loaded = notification.filed.block_7, document.block_7
    if others := sorted(set(loaded.types) - set(notified.types)):
        yield _differs(f"packaging {', '.join(others)} was not notified", "/block_7/types")
    if loaded.special_handling != notified.special_handling:
        yield _differs("special handling is not as notified", "/block_7/special_handling")


def carriers_of_block_8(
    notification: Notification, document: MovementDocument, on: date
) -> Iterator[Finding]:
    """A shipment travels with carriers and means that were notified."""
    notified = {c.registration_no: c.means for c in notification.filed.carriers}
    for leg in document.block_8.in_order:
        if leg.registration_no not in notified:
            yield _differs(f"carrier {leg.registration_no} is not in block 8", "/block_8")
        elif leg.means not in notified[leg.registration_no]:
            yield _differs(f"{leg.registration_no} was not notified with {leg.means}", "/block_8")


def _declaration(notification: Notification, document: MovementDocument, on: date) -> Iterator[Finding]:
    if not document.block_15.all_consents_received:
        pointer = "/block_15/all_consents_received"
        yield finding("BLOCK_INVALID", "the exporter declares that all consents were received", pointer)


def _differs(detail: str, pointer: str) -> Finding:
    return finding("DOCUMENT_MISMATCH", detail, pointer)


Check = Callable[[Notification, MovementDocument, date], Iterator[Finding]]
CHECKS: tuple[Check, ...] = (
    _guarantee,
    _declaration,
    _dates,
    _window,
    _prenotice,
    _quantity,
    _packaging,
    carriers_of_block_8,
)
DATED: tuple[Check, ...] = (_guarantee, _dates, _window, _prenotice)
"""What depends on the day on which a shipment starts."""
