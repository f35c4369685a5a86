"""What customs offices say of loads that they look into: inspection, detention, illegal traffic."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from pic_schemas.address import Role
from pic_schemas.documents.base import AuthorityCode, Country, HsCode, Kilograms, Strict, Text
from pic_schemas.documents.declaration import Sha256
from pic_schemas.documents.transport import Equipment
from pic_schemas.messages.base import AUTHORITY, CUSTOMS
from pic_schemas.messages.customs import Direction, FromCustoms

InspectionKind = Literal["documents", "scan", "physical", "sample"]
ContaminantKind = Literal["inert", "food", "oil", "e-waste", "hazardous", "other-polymer", "other-waste"]
Art9Letter = Literal["a", "b", "c", "d", "e"]
EvidenceKind = Literal["photo", "document", "laboratory"]
Detection = Literal["profile", "documents", "scan", "intelligence", "random"]
Conduct = Literal["exporter-or-generator", "importer-or-disposer", "not-assignable"]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]


class _AtAnOffice(FromCustoms):
    senders: ClassVar[tuple[Role, ...]] = (CUSTOMS,)
    # Companies are not told: who is looked into learns it from the office, not from the exchange.
    receivers = (AUTHORITY, CUSTOMS)

    direction: Direction
    number: Text | None = None
    movement_number: Text | None = None
    shipment: int | None = Field(default=None, ge=1)


class InspectionOrdered(_AtAnOffice):
    """Customs ordered an inspection of the load."""

    type = "pic.inspection.ordered.v1"
    basis = "WSR 1013/2006 Art. 50; WSR 2024/1157 Art. 60"

    inspection: int = Field(ge=1, description="Counts the inspections of this declaration")
    kind: InspectionKind
    reason: Text
    ordered_on: date


class Contaminant(Strict):
    """Something in the load that should not be there, in percent of its mass."""

    kind: ContaminantKind
    percent: Percent
    note: str = ""


class Composition(Strict):
    """What the load was found to consist of besides the waste that was declared."""

    contaminants: tuple[Contaminant, ...] = ()

    def percent(self, kind: str) -> Decimal:
        """What there is of one kind."""
        return sum((one.percent for one in self.contaminants if one.kind == kind), Decimal())

    @property
    def total(self) -> Decimal:
        """What there is of all kinds together."""
        return sum((one.percent for one in self.contaminants), Decimal())


class Evidence(Strict):
    """A photo or document of an inspection, known by its digest; the bytes stay with the office."""

    kind: EvidenceKind
    sha256: Sha256
    media_type: Text
    size: int = Field(ge=1)


class InspectionRecorded(_AtAnOffice):
    """The result of an inspection stands."""

    type = "pic.inspection.recorded.v1"
    basis = "WSR 1013/2006 Art. 50; WSR 2024/1157 Art. 60"

    inspection: int = Field(ge=1)
    kind: InspectionKind
    inspected_on: date
    findings: Text
    composition: Composition | None = None
    weighed_kg: Kilograms | None = Field(default=None, description="Net mass, if the load was weighed")
    attachments: tuple[Evidence, ...] = ()
    irregular: bool | None = Field(default=None, description="Whether the load is not what was declared")


class CustomsDetained(_AtAnOffice):
    """Customs detained the load until an authority decides about it in writing."""

    type = "pic.customs.detained.v1"
    basis = "WSR 1013/2006 Art. 35(6)"

    detained_on: date
    place: Text
    reason: Text
    reasons: tuple[str, ...] = ()
    net_kg: Kilograms
    equipment: tuple[Equipment, ...] = ()


class CustomsSeized(_AtAnOffice):
    """Customs seized the load; the report of it leaves the State without names."""

    type = "pic.customs.seized.v1"
    basis = "Basel Convention Art. 9(5), national law; WCO CEN (its fields were not read)"

    seized_on: date
    net_kg: Kilograms
    legal_basis: Text
    detection: Detection
    concealment: Text | None = None
    disposal: Text = Field(description="What becomes of the goods")
    operation: Text | None = Field(default=None, description="The joint operation that it belongs to")


class DetentionEnded(_AtAnOffice):
    """An authority decided in writing about a load that customs kept: let go, returned, disposed of."""

    type = "pic.detention.ended.v1"
    senders = (AUTHORITY,)
    basis = "WSR 1013/2006 Art. 35(6); Basel Convention Art. 8, 9"

    measure: Text
    outcome: Literal["RELEASED_BY_CA_DECISION", "RETURNED", "DISPOSED_LOCALLY"]
    decided_on: date
    authority: AuthorityCode
    reason: Text
    article: str = ""
    verified: bool = True


class IllegalTrafficReported(_AtAnOffice):
    """Customs reported illegal traffic; the State of export is informed by this message."""

    type = "pic.illegal-traffic.reported.v1"
    basis = "Basel Convention Art. 9; WSR 1013/2006 Art. 35(6)"

    art9_letters: tuple[Art9Letter, ...] = Field(min_length=1, description="Article 9(1)")
    facts: Text
    reported_on: date
    hs: HsCode
    declared_code: Text | None = None
    waste_code: Text = Field(description="What the load is found to be")
    net_kg: Kilograms
    origin: Country
    destination: Country
    exporter: Text
    consignee: Text
    conduct_of: Conduct = Field(description="Article 9(2), 9(3) or 9(4)")
    duty_of: Country | None = Field(default=None, description="The State that has to ensure what is due")
    due_at: AwareDatetime | None = None
    due_on: date | None = None
    rule: str = Field(default="", description="The duty by profile and id")
    profile: str = ""
    article: str = ""
    due_basis: str = Field(default="", description="What the time was counted from")
    verified: bool = True
