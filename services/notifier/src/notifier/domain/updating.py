"""What may change of a shipment until it starts: quantity, carriers, containers, where every law allows it.

Regulation (EU) 2024/1157 Article 16(2); in Canada only quantities: SOR/2021-25 s. 16, 28.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from notifier.domain import duties
from notifier.domain.conditions import carriers_against
from notifier.domain.interruption import mind_the_consents
from notifier.domain.movement import Movement, Stage
from notifier.domain.notification import Notification
from notifier.domain.prenotification import carriers_of_block_8
from notifier.domain.refusals import finding, refuse_if_any, refused
from pic_schemas.documents import MovementDocument
from pic_schemas.documents.movement import AdditionalInformation
from pic_schemas.documents.quantity import ActualQuantity
from pic_schemas.documents.transport import Carriers, Equipment
from pic_schemas.messages import Message, MovementUpdated
from pic_schemas.refusal import Finding

OPEN_UNTIL_START = (Stage.PRENOTIFIED, Stage.HELD)


@dataclass(frozen=True, slots=True)
class Update:
    """What is to stand instead; what is not given stays."""

    block_5: ActualQuantity | None = None
    block_8: Carriers | None = None
    equipment: tuple[Equipment, ...] | None = None

    @property
    def fields(self) -> dict[str, str]:
        """Which fields change, by the law's names, and where they stand."""
        given = {
            "actual_quantity": ("/block_5", self.block_5),
            "carrier": ("/block_8", self.block_8),
            "container_id": ("/equipment", self.equipment),
        }
        return {name: pointer for name, (pointer, value) in given.items() if value is not None}


def update(notification: Notification, movement: Movement, change: Update, on: date) -> list[Message]:
    """The movement document as it stands now, for everybody. Raises Refused with all that is against it."""
    mind_the_update(notification, movement)
    document = _composed(movement.form, change)
    found = list(_fixed(notification, change))
    found += carriers_of_block_8(notification, document, on)
    found += carriers_against(notification, document)
    found += _too_heavy(notification, movement, document)
    refuse_if_any(found)
    movement.state(document)
    return [
        MovementUpdated(
            number=notification.filed_number,
            movement_number=movement.number,
            shipment=movement.shipment,
            changed=tuple(change.fields),
            document=document,
            quantity_kg=document.quantity_kg,
            updated_on=on,
        )
    ]


def mind_the_update(notification: Notification, movement: Movement) -> None:
    """Only until the start; what customs cleared, they cleared as it stood. Raises Refused."""
    mind_the_consents(notification)
    if movement.stage not in OPEN_UNTIL_START:
        detail = f"shipment {movement.shipment} stands at {movement.stage.value}"
        raise refused("STATE_FORBIDS", detail, needs="a shipment that is announced and not cleared yet")


def _composed(document: MovementDocument, change: Update) -> MovementDocument:
    said = document.block_16 or AdditionalInformation()
    equipment = said.equipment if change.equipment is None else change.equipment
    block_16 = said.model_copy(update={"equipment": equipment})
    blocks = {
        "block_5": change.block_5 or document.block_5,
        "block_8": change.block_8 or document.block_8,
        "block_16": block_16 if block_16.equipment or block_16.remarks else None,
    }
    return document.model_copy(update=blocks)


def _fixed(notification: Notification, change: Update) -> Iterator[Finding]:
    """The strictest of the route decides: what one State's law leaves out stays as it was announced."""
    for state, law in duties.of_route(notification.filed, "movement_update", notification.lodged_on):
        allowed = law.duty.value if law.duty is not None else change.fields
        for name, pointer in change.fields.items():
            if name not in allowed:
                detail = f"{state} lets {', '.join(allowed)} change until the start, not {name}"
                found = finding("FIELD_FIXED", detail, pointer)
                yield replace(found, article=law.article, source=law.source, verified=law.verified)


def _too_heavy(
    notification: Notification, movement: Movement, document: MovementDocument
) -> Iterator[Finding]:
    more, left = document.quantity_kg - movement.counted_kg, notification.remaining_kg
    if more > left:
        detail = f"{document.quantity_kg} kg are {more} kg more than announced, {left} kg remain"
        yield finding("QUANTITY_EXCEEDED", detail, "/block_5/quantity")
