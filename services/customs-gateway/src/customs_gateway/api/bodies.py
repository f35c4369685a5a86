"""What is sent to this service, and which rule a malformed field breaks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from pic_kit.problems import shape_problem
from pic_law.rules import rule
from pic_schemas.documents.base import Country, HsCode, Office, RegistrationNo, Strict, Text
from pic_schemas.documents.transport import Equipment
from pic_schemas.messages import DeclarationDocument, DeclarationLodged
from pic_schemas.messages.customs import Direction
from pic_schemas.messages.notification import Currency
from pic_schemas.refusal import Finding, pointer


class DeclarationBody(Strict):
    """A declaration as the declarant lodges it; `number` only where there is a notification."""

    direction: Direction
    office: Office
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
    documents: tuple[DeclarationDocument, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    description: Text
    value: Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=2)] | None = None
    currency: Currency | None = None
    origin: Country
    destination: Country

    def lodged(self, declaration: str) -> DeclarationLodged:
        """The same as a message."""
        return DeclarationLodged(declaration_id=declaration, **dict(self))


class ExitBody(Strict):
    """When the load left; today if nothing is said."""

    exited_on: date | None = None


class EntryBody(Strict):
    """When the load entered; today if nothing is said."""

    entered_on: date | None = None


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
    "exporter": "CH10",
    "consignee": "CH10",
    "carrier": "CH11",
    "office": "CH12",
    "equipment": "CH16",
}


def explain(location: Sequence[str | int], message: str) -> Finding:
    """The rule that a malformed field breaks, where there is one."""
    known = RULE_OF_FIELD.get(str(location[0])) if location else None
    return rule(known).finding(pointer(location), message) if known else shape_problem(location, message)
