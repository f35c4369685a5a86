"""What customs offices say: declarations, decisions with their checks, exit and entry."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pic_schemas.documents.base import (
    Country,
    HsCode,
    Kilograms,
    Office,
    OperationCode,
    RegistrationNo,
    Strict,
    Text,
)
from pic_schemas.documents.movement import TransitStamp
from pic_schemas.documents.transport import Equipment, MeansOfTransport
from pic_schemas.messages.base import (
    AUTHORITY,
    CARRIER,
    CUSTOMS,
    EXPORTER,
    FACILITY,
    Message,
    RestsOn,
    Service,
)
from pic_schemas.messages.notification import Currency
from pic_schemas.numbers import MovementText, NumberText

Direction = Literal["export", "import", "transit"]


class FromCustoms(Message):
    """What customs say of a declaration; it is no message of its own."""

    owner: ClassVar[Service] = "customs-gateway"

    declaration_id: Text
    office: Office


class DeclarationDocument(Strict):
    """A document that a declaration cites, in the shape of the WCO data model's additional document."""

    category: Text
    type: Text
    id: Text
    exemption_code: Text | None = None
    writeoff_kg: Kilograms | None = None
    reason: Text | None = Field(default=None, description="Why goods are declared not to be waste (Y923)")


class GeneralInformation(Strict):
    """The form that travels with waste on the green list; its operation is that of the declaration."""

    form_number: Text
    arranged_by: RegistrationNo = Field(description="The person who arranges the shipment (block 1)")
    facility: RegistrationNo = Field(description="The recovery facility (block 7)")


class DeclarationLodged(FromCustoms):
    """A declarant lodged a declaration; a notification is named only if there is one."""

    type = "pic.declaration.lodged.v1"
    senders = (EXPORTER, CUSTOMS)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS, FACILITY, CARRIER)
    basis = "design: opens the case at the border; WCO data model DEC"

    direction: Direction
    ucr: Text
    number: Text | None = None
    movement_number: Text | None = None
    shipment: int | None = Field(default=None, ge=1)
    hs: HsCode
    basel_code: Text | None = None
    net_kg: Annotated[int, Field(ge=1)]
    border_date: date
    exporter: Text
    consignee: Text
    carrier: RegistrationNo | None = None
    means: MeansOfTransport | None = Field(default=None, description="How the load crosses this border")
    documents: tuple[DeclarationDocument, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    description: Text
    value: Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=2)] | None = None
    currency: Currency | None = None
    origin: Country
    destination: Country
    transits: tuple[Country, ...] = ()
    operations: tuple[OperationCode, ...] = Field(
        default=(), description="In their order: an interim operation stands before the one that follows it"
    )
    general_information: GeneralInformation | None = None
    stamps: tuple[TransitStamp, ...] = Field(
        default=(), description="Block 22 of the movement document, as it was presented"
    )


class ControlProcedure(Strict):
    """The control procedure that customs found for a load, and the rule of the law that decided it."""

    outcome: Literal["PROHIBITED", "PIC", "PIC_TACIT", "GENERAL_INFO", "NONE"]
    rule: Text
    article: str
    source: str
    verified: bool
    detail: str


class CheckResult(Strict):
    """One check: what it found, how much it weighs, where its rule stands."""

    id: Text
    title: Text
    outcome: Literal["pass", "fail", "not-applicable", "not-yet-known"]
    severity: Literal["BLOCK", "HOLD", "WARN"]
    article: str
    source: str
    detail: str
    pointer: str = ""
    verified: bool = True


class Ledger(Strict):
    """The quantity account of a notification: kilograms authorised, free, held for open loads, used up."""

    authorised_kg: Kilograms
    available_kg: int
    reserved_kg: Kilograms
    consumed_kg: Kilograms


class CustomsDecision(FromCustoms):
    """What the three customs decisions have in common; it is no message of its own."""

    senders = (CUSTOMS,)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS, FACILITY, CARRIER)

    direction: Direction
    number: Text | None = None
    movement_number: Text | None = None
    shipment: int | None = Field(default=None, ge=1)
    checks: tuple[CheckResult, ...]
    knowledge: dict[str, int] = Field(description="Source of events -> last sequence read")
    ledger: Ledger | None = None
    rests_on: tuple[RestsOn, ...] = ()
    reasons: tuple[str, ...] = ()
    procedure: ControlProcedure | None = None


class CustomsReleased(CustomsDecision):
    """Customs released the load."""

    type = "pic.customs.released.v1"
    basis = "Basel Convention Art. 6(3), 9; WSR 1013/2006 Art. 35"


class CustomsHeld(CustomsDecision):
    """Customs holds the load until someone decides or something becomes known."""

    type = "pic.customs.held.v1"
    basis = "Basel Convention Art. 9; WSR 1013/2006 Art. 35(6)"


class CustomsRefused(CustomsDecision):
    """Customs refused the load."""

    type = "pic.customs.refused.v1"
    basis = "Basel Convention Art. 6(3), 9; WSR 1013/2006 Art. 35(6)"


class _AtTheBorder(FromCustoms):
    # A load that needs no notification crosses as well.
    number: NumberText | None = None
    movement_number: MovementText | None = None
    shipment: int | None = Field(default=None, ge=1)


class CustomsExited(_AtTheBorder):
    """The load left the State of export; said as soon as it has."""

    type = "pic.customs.exited.v1"
    senders = (CUSTOMS,)
    receivers = (AUTHORITY, CUSTOMS, FACILITY)
    basis = "WSR 1013/2006 Art. 35(3)(d); WSR 2024/1157 Art. 38(3)(d)"

    exited_on: date


class CustomsEntered(_AtTheBorder):
    """The load entered the State of import (block 21)."""

    type = "pic.customs.entered.v1"
    senders = (CUSTOMS,)
    receivers = (AUTHORITY, CUSTOMS, FACILITY)
    basis = "Movement document block 21; WSR 1013/2006 Annex IC p. 50"

    entered_on: date


class DeclarationAmended(DeclarationLodged):
    """The declarant changed a declaration before the load crossed; carries it as it now stands."""

    type = "pic.declaration.amended.v1"
    basis = "Implementing Regulation (EU) 2024/2145 Art. 7; WCO data model DEC"

    changed: tuple[Text, ...] = Field(min_length=1, description="JSON pointers of what is different now")
    reason: Text


class DeclarationWithdrawn(FromCustoms):
    """The declarant took a declaration back before the load crossed; what it drew is free again."""

    type = "pic.declaration.withdrawn.v1"
    senders = (EXPORTER, CUSTOMS)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS, FACILITY, CARRIER)
    basis = "Implementing Regulation (EU) 2024/2145 Art. 6, 7"

    direction: Direction
    number: Text | None = None
    movement_number: Text | None = None
    shipment: int | None = Field(default=None, ge=1)
    reason: Text
    withdrawn_on: date
