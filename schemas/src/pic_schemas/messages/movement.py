"""What is said about one shipment: by exporter and carrier before it arrives, by the facility afterwards."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from pic_schemas.documents.base import Kilograms, Office, OperationCode, RegistrationNo, Text
from pic_schemas.documents.movement import MovementDocument
from pic_schemas.messages.base import AUTHORITY, CARRIER, CUSTOMS, EXPORTER, FACILITY, Message
from pic_schemas.numbers import MovementText, NumberText


class OfMovement(Message):
    """What is said about one shipment of a notification."""

    number: NumberText
    movement_number: MovementText
    shipment: int = Field(ge=1)


class MovementPrenotified(OfMovement):
    """The exporter announced one shipment with its actual date, before it starts."""

    type = "pic.movement.prenotified.v1"
    owner = "notifier"
    senders = (EXPORTER,)
    receivers = (AUTHORITY, CUSTOMS, FACILITY)
    basis = "WSR 1013/2006 Art. 16(a), (b); WSR 2024/1157 Art. 16(2)"

    of: int = Field(ge=1)
    document: MovementDocument
    start_date: date
    quantity_kg: Kilograms


class MovementRescheduled(OfMovement):
    """The shipment keeps its number and starts on another day of the window."""

    type = "pic.movement.rescheduled.v1"
    owner = "notifier"
    senders = (EXPORTER,)
    receivers = (AUTHORITY, CUSTOMS, FACILITY)
    basis = "WSR 1013/2006 Art. 16(b); WSR 2024/1157 Art. 16(2)"

    from_date: date
    start_date: date
    announced_first: date
    reason: Text


class MovementUpdated(OfMovement):
    """Before the start, the movement document states another quantity, other carriers or other containers."""

    type = "pic.movement.updated.v1"
    owner = "notifier"
    senders = (EXPORTER,)
    receivers = (AUTHORITY, CUSTOMS, FACILITY)
    basis = "WSR 2024/1157 Art. 16(2); SOR/2021-25 s. 16, 28"

    changed: tuple[Literal["actual_quantity", "carrier", "container_id"], ...] = Field(min_length=1)
    document: MovementDocument
    quantity_kg: Kilograms
    updated_on: date


class MovementDeparted(OfMovement):
    """The first carrier took the load over and signed."""

    type = "pic.movement.departed.v1"
    owner = "notifier"
    senders = (CARRIER, EXPORTER)
    receivers = (AUTHORITY, CUSTOMS, FACILITY)
    basis = "Basel Convention Art. 6(9); WSR 1013/2006 Annex IC p. 39"

    carrier: RegistrationNo
    departed_on: date
    place: Text
    actual_quantity_kg: Kilograms


class CancellationRequested(OfMovement):
    """The shipment shall not start; customs of export answer, who know whether it was cleared."""

    type = "pic.cancellation.requested.v1"
    owner = "notifier"
    senders = (EXPORTER, AUTHORITY)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS, FACILITY, CARRIER)
    basis = "Implementing Regulation (EU) 2025/1290 Art. 15(9), 17(8)"

    reason: Text
    requested_on: date


class _CancellationAnswered(OfMovement):
    owner = "customs-gateway"
    senders = (CUSTOMS,)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS, FACILITY, CARRIER)
    basis = "Implementing Regulation (EU) 2025/1290 Art. 15(9), 17(8); design: who releases, answers"

    answered_on: date
    reason: Text
    declaration_id: Text | None = Field(default=None, description="The declaration that was released before")
    office: Office | None = None


class CancellationGranted(_CancellationAnswered):
    """The shipment is cancelled: its number is never used again and does not count."""

    type = "pic.cancellation.granted.v1"


class CancellationRefused(_CancellationAnswered):
    """The shipment was cleared for export and stays; what was asked for came too late."""

    type = "pic.cancellation.refused.v1"


class MovementReceived(OfMovement):
    """The facility received the load and accepted or rejected it.

    Where the State of export alone regulates the waste its exporter says it: Basel Article 6(5)(a).
    """

    type = "pic.movement.received.v1"
    owner = "consent"
    senders = (FACILITY, EXPORTER)
    receivers = (EXPORTER, AUTHORITY)
    basis = "Basel Convention Art. 6(9); WSR 1013/2006 Art. 16(d); WSR 2024/1157 Art. 16(5)"

    facility: RegistrationNo
    received_on: date
    quantity_kg: Kilograms
    outcome: Literal["accepted", "partly-rejected", "rejected"]
    reason: Text | None = None
    expected_completion: date | None = None
    operation: OperationCode
    question: Text | None = Field(
        default=None, description="What the quantity makes one ask; it blocks nothing"
    )


class ReceiptCorrected(OfMovement):
    """The facility confirms or corrects the quantity received; nothing else of a receipt is amended."""

    type = "pic.receipt.corrected.v1"
    owner = "consent"
    senders = (FACILITY,)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS)
    basis = "SOR/2021-25 s. 16, 28; design: a quantity that raised a question is answered for"

    facility: RegistrationNo
    previous_kg: Kilograms
    quantity_kg: Kilograms
    reason: Text
    corrected_on: date


class MovementCompleted(OfMovement):
    """The facility certified that disposal or recovery is completed.

    Where the State of export alone regulates the waste its exporter says it: Basel Article 6(5)(a).
    """

    type = "pic.movement.completed.v1"
    owner = "consent"
    senders = (FACILITY, EXPORTER)
    receivers = (EXPORTER, AUTHORITY)
    basis = "Basel Convention Art. 6(9); WSR 1013/2006 Art. 16(e); WSR 2024/1157 Art. 16(6)"

    facility: RegistrationNo
    operation: OperationCode
    completed_on: date
    interim: bool
    quantity_kg: Kilograms
