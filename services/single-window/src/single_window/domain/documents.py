"""The two documents of a case as they stand: what was notified, and what each party added to its block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pic_law.numbers import movement_written, written
from pic_schemas import messages as said
from pic_schemas.address import Address
from pic_schemas.catalogue import load
from pic_schemas.documents import movement, notification
from pic_schemas.documents.base import Strict
from pic_schemas.documents.movement import CustomsStamp, TransitStamp
from pic_schemas.documents.notification import (
    AuthorityAcknowledgement,
    AuthorityBlocks,
    AuthorityConsent,
    ConditionOrReason,
)
from pic_schemas.documents.transport import TakeOver
from pic_schemas.envelope import Event
from pic_schemas.messages import Message
from single_window.domain.blocks import Block, blocks_of, filled_in
from single_window.domain.projections.authorities import grounds_of_law
from single_window.domain.sentences import tonnes


@dataclass(frozen=True, slots=True)
class Document:
    """One form: the notification document, or the movement document of a shipment."""

    id: str
    title: str
    number: str
    blocks: list[Block]


@dataclass
class _Shipment:
    prenotified: said.MovementPrenotified
    blocks: dict[str, Any] = field(default_factory=dict)


Said = list[tuple[Event, Message]]


def documents_of(events: Iterable[Event]) -> list[Document]:
    """The notification document from its submission on, then a movement document for every shipment."""
    history = [(event, load(event)) for event in events]
    return [*_notification(history), *_movements(history)]


def _notification(history: Said) -> Iterator[Document]:
    latest: said.NotificationSubmitted | said.NotificationTransmitted | said.NotificationChanged | None = None
    for _, message in history:
        if isinstance(
            message, said.NotificationSubmitted | said.NotificationTransmitted | said.NotificationChanged
        ):
            latest = message
    if latest is None:
        return
    number = written(latest.number, _numbered_on(history))
    block_3 = latest.document.block_3.model_copy(update={"number": number})
    filled = filled_in(latest.document) | _authority_blocks(history) | {"block_3": block_3}
    blocks = blocks_of(notification.LABELS, notification.NotificationDocument, AuthorityBlocks, filled=filled)
    yield Document("notification", "Notification document", number, blocks)


def _numbered_on(history: Said) -> date:
    """The day of the number: its scheme is that of the day, whatever the law says later.

    Who was asked hears of the submission by the transmission.
    """
    for event, message in history:
        if isinstance(message, said.NotificationSubmitted):
            return event.time.date()
        if isinstance(message, said.NotificationTransmitted):
            return message.submitted_on or message.carried_out_on
    return history[0][0].time.date()


def _authority_blocks(history: Said) -> dict[str, tuple[Strict, ...]]:
    """Blocks 19 to 21; of each authority's decisions the one of its highest version stands."""
    acknowledgements: list[Strict] = []
    decisions: dict[str, tuple[str, said.DecisionTaken]] = {}
    for event, message in history:
        state = Address.parse(event.sender).state
        if isinstance(message, said.NotificationAcknowledged):
            acknowledgements.append(_acknowledgement(state, message))
        elif isinstance(message, said.DecisionTaken):
            known = decisions.get(message.authority)
            if known is None or known[1].version < message.version:
                decisions[message.authority] = state, message
    return {
        "block_19": tuple(acknowledgements),
        "block_20": tuple(_consent(state, decision) for state, decision in decisions.values()),
        "block_21": tuple(line for _, decision in decisions.values() for line in _conditions(decision)),
    }


def _acknowledgement(state: str, message: said.NotificationAcknowledged) -> AuthorityAcknowledgement:
    return AuthorityAcknowledgement(
        country=state,
        authority=message.authority,
        received_on=message.received_on,
        ack_sent_on=message.ack_sent_on,
    )


def _consent(state: str, decision: said.DecisionTaken) -> AuthorityConsent:
    return AuthorityConsent(
        country=state,
        authority=decision.authority,
        verdict=decision.verdict,
        given_on=decision.decided_on,
        valid_from=decision.valid_from,
        valid_to=decision.valid_to,
    )


def _conditions(decision: said.DecisionTaken) -> Iterator[ConditionOrReason]:
    for condition in decision.conditions:
        yield ConditionOrReason(authority=decision.authority, kind="condition", text=condition.text)
    for ground in decision.grounds:
        text = f"{grounds_of_law(ground)}: {ground.text}".rstrip(": ")
        yield ConditionOrReason(authority=decision.authority, kind="reason", text=text)


def _movements(history: Said) -> Iterator[Document]:
    shipments: dict[int, _Shipment] = {}
    for event, message in history:
        if isinstance(message, said.MovementPrenotified):
            shipments[message.shipment] = _Shipment(message, filled_in(message.document))
        elif (shipment := shipments.get(getattr(message, "shipment", None) or 0)) is not None:
            fill_in(shipment.blocks, event, message)
    for number, shipment in sorted(shipments.items()):
        announced, on = shipment.prenotified, _numbered_on(history)
        shipment.blocks["block_1"] = written(announced.number, on)
        blocks = blocks_of(movement.LABELS, movement.MovementDocument, filled=shipment.blocks)
        title = f"Movement document, shipment {number} of {announced.of}"
        printed = movement_written(announced.movement_number, on)
        yield Document(f"movement-{number}", title, printed, blocks)


def fill_in(blocks: dict[str, Any], event: Event, message: Message) -> None:
    """What happened to a shipment, in the block that the form has for it."""
    if (write := WRITES.get(type(message))) is not None:
        write(blocks, Address.parse(event.sender), message)


def _departed(blocks: dict[str, Any], who: Address, message: said.MovementDeparted) -> None:
    carriers = blocks["block_8"]
    first = carriers.first.model_copy(update={"transferred_on": message.departed_on})
    blocks["block_8"] = carriers.model_copy(update={"first": first})


def _handed_over(blocks: dict[str, Any], who: Address, message: said.MovementHandedOver) -> None:
    """The carrier that takes over dates its part of block 8 (in Canada Part B)."""
    carriers = blocks["block_8"]
    dated: dict[str, Any] = {"transferred_on": message.handed_over_on}
    parts: dict[str, Any] = {"more": tuple(_dated(leg, message.to_carrier, dated) for leg in carriers.more)}
    for part in ("first", "second", "last"):
        if (leg := getattr(carriers, part)) is not None:
            parts[part] = _dated(leg, message.to_carrier, dated)
    blocks["block_8"] = carriers.model_copy(update=parts)


def _dated(leg: TakeOver, carrier: str, dated: dict[str, Any]) -> TakeOver:
    own = leg.registration_no == carrier and leg.transferred_on is None
    return leg.model_copy(update=dated) if own else leg


def _updated(blocks: dict[str, Any], who: Address, message: said.MovementUpdated) -> None:
    for block in ("block_5", "block_8", "block_16"):
        blocks[block] = getattr(message.document, block)


def _rescheduled(blocks: dict[str, Any], who: Address, message: said.MovementRescheduled) -> None:
    blocks["block_6"] = movement.ActualDate(start_date=message.start_date)


def _corrected(blocks: dict[str, Any], who: Address, message: said.ReceiptCorrected) -> None:
    quantity = f"{tonnes(message.quantity_kg)} on {message.corrected_on}: {message.reason}"
    blocks["block_18"] = (*blocks["block_18"], f"{message.facility} answers for {quantity}")


def _received(blocks: dict[str, Any], who: Address, message: said.MovementReceived) -> None:
    due = f", completion expected by {message.expected_completion}" if message.expected_completion else ""
    reason = f", {message.reason}" if message.reason else ""
    blocks["block_18"] = (
        f"{message.facility} received {tonnes(message.quantity_kg)} on {message.received_on}: "
        f"{message.outcome}{reason}; operation {message.operation}{due}",
    )


def _completed(blocks: dict[str, Any], who: Address, message: said.MovementCompleted) -> None:
    blocks["block_19"] = (
        f"{message.facility} certifies {message.operation} of {tonnes(message.quantity_kg)} "
        f"completed on {message.completed_on}",
    )


def _exited(blocks: dict[str, Any], who: Address, message: said.CustomsExited) -> None:
    stamp = CustomsStamp(office=message.office, on=message.exited_on)
    if who.state == blocks["block_3"].country:
        blocks["block_20"] = stamp
    else:
        blocks["block_22"] = (*blocks["block_22"], TransitStamp(country=who.state, exit=stamp))


def _entered(blocks: dict[str, Any], who: Address, message: said.CustomsEntered) -> None:
    stamp = CustomsStamp(office=message.office, on=message.entered_on)
    if who.state == blocks["block_10"].facility.country:
        blocks["block_21"] = stamp
    else:
        blocks["block_22"] = (*blocks["block_22"], TransitStamp(country=who.state, entry=stamp))


def _transit_entered(blocks: dict[str, Any], who: Address, message: said.TransitEntered) -> None:
    _stamp_transit(blocks, who.state, "entry", CustomsStamp(office=message.office, on=message.entered_on))


def _transit_exited(blocks: dict[str, Any], who: Address, message: said.TransitExited) -> None:
    _stamp_transit(blocks, who.state, "exit", CustomsStamp(office=message.office, on=message.exited_on))


def _stamp_transit(blocks: dict[str, Any], state: str, side: str, stamp: CustomsStamp) -> None:
    """One line of block 22 for each State of transit."""
    lines = {one.country: one for one in blocks["block_22"]}
    line = lines.get(state, TransitStamp(country=state))
    lines[state] = line.model_copy(update={side: stamp})
    blocks["block_22"] = tuple(lines.values())


WRITES: Mapping[type[Message], Any] = {
    said.MovementRescheduled: _rescheduled,
    said.MovementUpdated: _updated,
    said.MovementDeparted: _departed,
    said.MovementHandedOver: _handed_over,
    said.ReceiptCorrected: _corrected,
    said.MovementReceived: _received,
    said.MovementCompleted: _completed,
    said.CustomsExited: _exited,
    said.CustomsEntered: _entered,
    said.TransitEntered: _transit_entered,
    said.TransitExited: _transit_exited,
}
