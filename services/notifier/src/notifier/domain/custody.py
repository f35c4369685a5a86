"""A load changes hands: each carrier signs block 8 when it takes over, the last one delivers.

Basel Convention Article 6(9): whoever takes charge of a movement signs its document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from notifier.domain.movement import Movement
from notifier.domain.notification import Notification
from notifier.domain.refusals import refused
from pic_schemas.documents.transport import Equipment, MeansOfTransport
from pic_schemas.messages import Message, MovementDelivered, MovementHandedOver


@dataclass(frozen=True, slots=True)
class Taking:
    """Who signs, where and when, and which containers and seals it found; none: it did not look."""

    carrier: str
    place: str
    on: date
    equipment: tuple[Equipment, ...] = ()


def hand_over(
    notification: Notification, movement: Movement, taking: Taking, means: MeansOfTransport
) -> list[Message]:
    """The next carrier takes the load over. It stands in block 8, or an agreed change put it there."""
    holder = mind_the_taker(notification, movement, taking.carrier)
    _mind_the_means(notification, movement, taking.carrier, means)
    _mind_the_day(movement, taking.on)
    said = MovementHandedOver(
        number=notification.filed_number,
        movement_number=movement.number,
        shipment=movement.shipment,
        leg=len(movement.hand_overs) + 2,
        from_carrier=holder,
        to_carrier=taking.carrier,
        means=means,
        place=taking.place,
        handed_over_on=taking.on,
        equipment=taking.equipment,
        seals_as_before=_as_before(movement, taking.equipment),
    )
    movement.hand_overs.append(said)
    return [said]


def deliver(notification: Notification, movement: Movement, taking: Taking) -> list[Message]:
    """Who has the load brings it to the facility; accepted or not is the facility's to say."""
    mind_the_holder(movement, taking.carrier)
    _mind_the_day(movement, taking.on)
    movement.delivery = MovementDelivered(
        number=notification.filed_number,
        movement_number=movement.number,
        shipment=movement.shipment,
        carrier=taking.carrier,
        facility=notification.filed.facility.registration_no,
        place=taking.place,
        delivered_on=taking.on,
        equipment=taking.equipment,
        seals_as_before=_as_before(movement, taking.equipment),
    )
    return [movement.delivery]


def holder_of(movement: Movement) -> str | None:
    """Who has the load now; nobody before it departed."""
    if movement.hand_overs:
        return movement.hand_overs[-1].to_carrier
    return movement.departure.carrier if movement.departure else None


def mind_the_holder(movement: Movement, carrier: str) -> str:
    """Raises Refused unless the load is under way in this carrier's hands."""
    holder = _under_way(movement)
    if carrier != holder:
        raise refused("SEAT_FORBIDS", f"shipment {movement.shipment} is in the hands of {holder}")
    return holder


def mind_the_taker(notification: Notification, movement: Movement, carrier: str) -> str:
    """Who hands over to this carrier. Raises Refused."""
    holder = _under_way(movement)
    if carrier == holder:
        raise refused("STATE_FORBIDS", f"{carrier} has shipment {movement.shipment} already")
    if carrier not in _means_of(notification, movement):
        detail = f"carrier {carrier} is not in block 8 of shipment {movement.shipment}"
        needs = "an update before the start, or a change to which the authorities agree"
        raise refused("DOCUMENT_MISMATCH", detail, "/block_8", needs=needs)
    return holder


def _under_way(movement: Movement) -> str:
    holder = holder_of(movement)
    if holder is None:
        raise refused("NOT_DEPARTED", f"shipment {movement.shipment} has not departed")
    if movement.delivery is not None or movement.receipt is not None:
        raise refused("STATE_FORBIDS", f"shipment {movement.shipment} has reached the facility")
    return holder


def _mind_the_means(
    notification: Notification, movement: Movement, carrier: str, means: MeansOfTransport
) -> None:
    stated = _means_of(notification, movement)[carrier]
    if means not in stated:
        detail = f"{carrier} is stated with {', '.join(sorted(stated))}, not with {means}"
        raise refused("DOCUMENT_MISMATCH", detail, "/means")


def _means_of(notification: Notification, movement: Movement) -> Mapping[str, frozenset[str]]:
    """Block 8 of the movement document, and carriers that an agreed change added since it was made."""
    stated: dict[str, frozenset[str]] = {}
    for leg in movement.form.block_8.in_order:
        stated[leg.registration_no] = stated.get(leg.registration_no, frozenset()) | {leg.means}
    if _amended_since(notification, movement):
        for each in notification.filed.carriers:
            stated.setdefault(each.registration_no, frozenset(each.means))
    return stated


def _amended_since(notification: Notification, movement: Movement) -> bool:
    return any(
        place.at.startswith("/block_8")
        for change in notification.changes
        if change.outcome == "agreed" and change.asked.requested_on >= movement.prenotified_on
        for place in change.asked.changes
    )


def _mind_the_day(movement: Movement, on: date) -> None:
    days = [movement.departure.departed_on] if movement.departure else []
    days += [said.handed_over_on for said in movement.hand_overs]
    if on < max(days, default=on):
        raise refused("DATES_IMPOSSIBLE", f"{on} is before the carrier before took over, {max(days)}", "/on")


def _as_before(movement: Movement, found: tuple[Equipment, ...]) -> bool | None:
    """Whether containers and seals are those that were stated last."""
    if not found:
        return None
    looked = [said.equipment for said in movement.hand_overs if said.equipment]
    stated = looked[-1] if looked else movement.form.equipment
    return _sealed(found) == _sealed(stated)


def _sealed(equipment: tuple[Equipment, ...]) -> set[tuple[str, frozenset[str]]]:
    return {(each.id, frozenset(each.seals)) for each in equipment}
