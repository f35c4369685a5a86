"""A shipment that was announced starts on another day: in the window, told in time, and not too far off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from notifier.domain.interruption import mind_the_consents
from notifier.domain.movement import Movement, Stage
from notifier.domain.notification import Notification
from notifier.domain.prenotification import DATED, first_and_last_day
from notifier.domain.refusals import finding, refuse_if_any, refused
from pic_law.planning import latest_start
from pic_schemas.documents.movement import ActualDate
from pic_schemas.messages import Message, MovementRescheduled
from pic_schemas.refusal import Finding


def reschedule(
    notification: Notification, movement: Movement, start: date, reason: str, on: date
) -> list[Message]:
    """The same number, another day. Raises Refused with everything that is against the day."""
    mind_the_rescheduling(notification, movement)
    moved = movement.form.model_copy(update={"block_6": ActualDate(start_date=start)})
    found = [each for check in DATED for each in check(notification, moved, on)]
    refuse_if_any([*found, *_too_far(notification, movement, start)])
    said = MovementRescheduled(
        number=notification.filed_number,
        movement_number=movement.number,
        shipment=movement.shipment,
        from_date=movement.start_date,
        start_date=start,
        announced_first=movement.first_start,
        reason=reason,
    )
    movement.announced_start = movement.first_start
    movement.state(moved)
    return [said]


def mind_the_rescheduling(notification: Notification, movement: Movement) -> None:
    """Only what was announced, and not yet handed to customs, is moved. Raises Refused."""
    mind_the_consents(notification)
    if movement.stage is not Stage.PRENOTIFIED:
        detail = f"shipment {movement.shipment} stands at {movement.stage.value}"
        raise refused("STATE_FORBIDS", detail, needs="a shipment that is announced and not cleared yet")


def mind_any_day(notification: Notification, movement: Movement, on: date) -> None:
    """Raises Refused when not even the last day that is open would do."""
    mind_the_rescheduling(notification, movement)
    start = last_day_open(notification, movement)
    moved = movement.form.model_copy(update={"block_6": ActualDate(start_date=start)})
    refuse_if_any([each for check in DATED for each in check(notification, moved, on)])


def last_day_open(notification: Notification, movement: Movement) -> date:
    """The latest day that window, guarantee and the distance from the first announcement leave."""
    guarantee = notification.guarantee.lodged.valid_to if notification.guarantee else None
    limit = latest_start(movement.first_start, notification.export_authority.agency)
    last = first_and_last_day(notification)[1]
    return min(day for day in (last, guarantee, limit[0] if limit else None) if day is not None)


def _too_far(notification: Notification, movement: Movement, start: date) -> Iterator[Finding]:
    limit = latest_start(movement.first_start, notification.export_authority.agency)
    if limit is not None and start > limit[0]:
        last, duty = limit
        detail = f"{start} is after {last}, {duty.amount} {duty.unit} from {movement.first_start}"
        found = finding("RESCHEDULED_TOO_FAR", detail, "/start_date")
        yield replace(found, article=duty.article, source=duty.source, verified=duty.verified)
