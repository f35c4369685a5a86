"""The carriers' acts after the departure: taking over from one another, and delivering."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from notifier.commands.desk import of_concern, say, today
from notifier.domain import custody
from notifier.domain.custody import Taking
from notifier.domain.movement import Movement
from notifier.domain.notification import Notification
from notifier.domain.refusals import refused
from notifier.domain.shipments import shipment_of
from notifier.store import Kept
from pic_kit.access import Caller
from pic_kit.transaction import Work
from pic_schemas.address import Role
from pic_schemas.documents.transport import MeansOfTransport
from pic_schemas.messages import Message

Act = Callable[[Notification, Movement, Taking], list[Message]]


async def hand_over(
    work: Work, caller: Caller, ref: str, shipment: int, taking: Taking, means: MeansOfTransport
) -> tuple[Kept, Movement]:
    def take_over(notification: Notification, movement: Movement, signed: Taking) -> list[Message]:
        return custody.hand_over(notification, movement, signed, means)

    return await _sign(work, caller, ref, shipment, taking, take_over)


async def deliver(
    work: Work, caller: Caller, ref: str, shipment: int, taking: Taking
) -> tuple[Kept, Movement]:
    return await _sign(work, caller, ref, shipment, taking, custody.deliver)


async def _sign(
    work: Work, caller: Caller, ref: str, shipment: int, taking: Taking, act: Act
) -> tuple[Kept, Movement]:
    notification = await of_concern(work, caller, ref, Role.CARRIER)
    _mind_the_future(taking.on, today(work))
    movement = shipment_of(notification, shipment)
    said = act(notification, movement, taking)
    return say(work, notification, said, caller.address(Role.CARRIER)), movement


def _mind_the_future(on: date, today: date) -> None:
    if on > today:
        raise refused("DATES_IMPOSSIBLE", f"{on} is after {today}", "/on")
