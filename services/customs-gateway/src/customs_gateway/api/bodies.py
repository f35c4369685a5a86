"""What is sent to this service, and which rule a malformed field breaks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, StrictInt

from customs_gateway.domain.amendment import Answer
from customs_gateway.domain.audit import Record
from customs_gateway.domain.cancellation import Ruling
from customs_gateway.domain.consignment import LONGEST_REFERENCE
from customs_gateway.domain.enforcement import Detention, Result, Suspicion
from pic_kit.problems import shape_problem
from pic_law.codes import misread
from pic_law.rules import rule
from pic_schemas.documents.base import (
    Country,
    HsCode,
    Office,
    OperationCode,
    RegistrationNo,
    Strict,
    Text,
)
from pic_schemas.documents.movement import TransitStamp
from pic_schemas.documents.transport import Equipment, MeansOfTransport
from pic_schemas.messages import Composition, DeclarationDocument, DeclarationLodged, GeneralInformation
from pic_schemas.messages.customs import Direction
from pic_schemas.messages.enforcement import Art9Letter, Conduct, InspectionKind
from pic_schemas.messages.notification import Currency
from pic_schemas.refusal import Finding, pointer

FIRST_DAY, LAST_DAY = date(1989, 3, 22), date(2099, 12, 31)
"""From the day of the Convention to a day that every calendar here can tell; beyond is a slip of the pen."""


class DeclarationBody(Strict):
    """A declaration as the declarant lodges it; `number` only where there is a notification."""

    direction: Direction
    office: Office
    ucr: Annotated[Text, Field(max_length=LONGEST_REFERENCE)]
    number: Text | None = None
    movement_number: Text | None = None
    shipment: StrictInt | None = Field(default=None, ge=1, le=999_999)
    hs: HsCode
    basel_code: Text | None = None
    net_kg: Annotated[StrictInt, Field(ge=1, le=10**12)]
    border_date: Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
    exporter: Text
    consignee: Text
    carrier: RegistrationNo | None = None
    means: MeansOfTransport | None = None
    documents: Annotated[tuple[DeclarationDocument, ...], Field(max_length=500)] = ()
    equipment: Annotated[tuple[Equipment, ...], Field(max_length=500)] = ()
    description: Text
    value: Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=2)] | None = None
    currency: Currency | None = None
    origin: Country
    destination: Country
    transits: Annotated[tuple[Country, ...], Field(max_length=50)] = ()
    operations: Annotated[tuple[OperationCode, ...], Field(max_length=50)] = ()
    general_information: GeneralInformation | None = None
    stamps: Annotated[tuple[TransitStamp, ...], Field(max_length=50)] = Field(
        default=(), description="block 22 of the movement document, as it was presented"
    )

    def lodged(self, declaration: str) -> DeclarationLodged:
        """The same as a message."""
        return DeclarationLodged(declaration_id=declaration, **dict(self))


class AmendmentBody(Strict):
    """The whole declaration as it shall stand, and why it is changed."""

    declaration: DeclarationBody
    reason: Text


class WithdrawalBody(Strict):
    """Why the declaration is taken back."""

    reason: Text


class OverrideBody(Strict):
    """The officer who answers for the quantity, by name, and why."""

    officer: Annotated[Text, Field(max_length=200)]
    reason: Text

    def answer(self) -> Answer:
        return Answer(self.officer, self.reason)


class ExitBody(Strict):
    """When the load left; today if nothing is said."""

    exited_on: date | None = None


class EntryBody(Strict):
    """When the load entered; today if nothing is said."""

    entered_on: date | None = None


class DischargeBody(Strict):
    """When the transit ended; today if nothing is said."""

    discharged_on: date | None = None


class CancellationAnswerBody(Strict):
    """Whether the release is taken back, and why."""

    granted: bool
    reason: Text

    def ruling(self) -> Ruling:
        return Ruling(self.granted, self.reason)


class InspectionBody(Strict):
    """What is to be looked at; without a reason, the findings of the last decision are the reason."""

    kind: InspectionKind
    reason: Text | None = None


class ResultBody(Strict):
    """What an inspection found; `composition` only where somebody looked inside."""

    findings: Text
    composition: Composition | None = None
    inspected_on: date | None = None
    weighed_kg: Annotated[int, Field(ge=0, le=10**12)] | None = None
    irregular: bool | None = Field(
        default=None, description="Whether the load is not what was declared; unsaid, the checks say it"
    )

    def result(self) -> Result:
        return Result(self.findings, self.composition, self.inspected_on, self.weighed_kg, self.irregular)


class AuditBody(Strict):
    """What an audit after the release found, and who made it; today if no day is said."""

    officer: Annotated[Text, Field(max_length=200)]
    findings: Text
    irregular: bool = Field(description="Whether the load was not what was declared")
    audited_on: date | None = None

    def record(self) -> Record:
        return Record(self.officer, self.findings, self.irregular, self.audited_on)


class DetentionBody(Strict):
    """Where the load is kept and why; the office and its decision if nothing is said."""

    place: Text | None = None
    reason: Text | None = None
    detained_on: date | None = None

    def detention(self) -> Detention:
        return Detention(self.place, self.reason, self.detained_on)


class ReportBody(Strict):
    """The letters of Article 9(1) with the facts; whose conduct it was, where the letters leave it open."""

    art9_letters: Annotated[tuple[Art9Letter, ...], Field(min_length=1)]
    facts: Text
    conduct_of: Conduct | None = None
    waste_code: Text | None = Field(default=None, description="What the load is found to be")

    def suspicion(self) -> Suspicion:
        return Suspicion(self.art9_letters, self.facts, self.conduct_of, self.waste_code)


RULE_OF_FIELD = {
    "number": "CH02",
    "movement_number": "CH06",
    "shipment": "CH06",
    "hs": "CH13",
    "basel_code": "CH13",
    "net_kg": "QUANTITY_POSITIVE",
    "border_date": "DATES_IMPOSSIBLE",
    "exited_on": "DATES_IMPOSSIBLE",
    "entered_on": "DATES_IMPOSSIBLE",
    "discharged_on": "DATES_IMPOSSIBLE",
    "stamps": "CH24",
    "exporter": "CH10",
    "consignee": "CH10",
    "carrier": "CH11",
    "means": "CH11",
    "office": "CH12",
    "equipment": "CH16",
    "documents": "CH01",
    "general_information": "CH01",
    "operations": "CH14",
    "origin": "COUNTRY_UNKNOWN",
    "destination": "COUNTRY_UNKNOWN",
    "transits": "COUNTRY_UNKNOWN",
    "composition": "CH21",
    "weighed_kg": "CH15",
    "inspected_on": "DATES_IMPOSSIBLE",
    "audited_on": "DATES_IMPOSSIBLE",
    "detained_on": "DATES_IMPOSSIBLE",
    "seized_on": "DATES_IMPOSSIBLE",
    "art9_letters": "ILLEGAL_GROUND",
    "conduct_of": "ILLEGAL_GROUND",
    "completed_on": "DATES_IMPOSSIBLE",
    "measure": "MEASURE_NOT_OPEN",
    "credited_kg": "QUANTITY_POSITIVE",
}


def explain(location: Sequence[str | int], message: str, written: object) -> Finding:
    """The rule that a malformed field breaks, where there is one."""
    if isinstance(written, str) and (meant := misread(written, pointer(location))):
        return meant
    known = RULE_OF_FIELD.get(str(location[0])) if location else None
    return rule(known).finding(pointer(location), message) if known else shape_problem(location, message)
