"""What becomes of a load that failed: made known, a measure ordered, returned, ended."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from pic_schemas.address import Role
from pic_schemas.documents.base import Country, Kilograms, RegistrationNo, Text
from pic_schemas.messages.base import AUTHORITY, CUSTOMS, EXPORTER, FACILITY, Message, Service
from pic_schemas.messages.enforcement import Art9Letter
from pic_schemas.numbers import MovementText, NumberText

Cause = Literal["not-completed", "exporter-or-generator", "importer-or-disposer", "not-assignable"]


class _Remedy(Message):
    owner: ClassVar[Service] = "customs-gateway"
    senders = (AUTHORITY, CUSTOMS)
    receivers: ClassVar[tuple[Role, ...]] = (AUTHORITY, CUSTOMS)

    remedy_id: Text = Field(description="For a load that customs reported: the id of its declaration")
    number: NumberText | None = None
    movement_number: MovementText | None = None
    shipment: int | None = Field(default=None, ge=1)


class RemedyOpened(_Remedy):
    """A movement cannot be completed as intended, or is found illegal; the States concerned are informed."""

    type = "pic.remedy.opened.v1"
    basis = "Basel Convention Art. 8, 9; WSR 1013/2006 Art. 22(1), 24(1)"

    cause: Cause
    art9_letters: tuple[Art9Letter, ...] = ()
    facts: Text
    net_kg: Kilograms
    waste_code: Text
    opened_on: date
    states: tuple[Country, ...] = Field(min_length=1)
    duty_of: Country | None = Field(default=None, description="The State that has to ensure what is due")
    due_at: AwareDatetime | None = None
    due_on: date | None = None
    rule: str = ""
    profile: str = ""
    article: str = ""
    due_basis: str = ""
    verified: bool = True


class RemedyOrdered(_Remedy):
    """An authority decided what is done with the load."""

    type = "pic.remedy.ordered.v1"
    receivers: ClassVar[tuple[Role, ...]] = (EXPORTER, AUTHORITY, CUSTOMS, FACILITY)
    basis = "Basel Convention Art. 8, 9(2) to (4); WSR 1013/2006 Art. 22, 24"

    measure: Text
    ordered_on: date
    reason: Text
    facility: RegistrationNo | None = None
    article: str = ""
    verified: bool = True
    finish_by: date | None = Field(default=None, description="by when it is finished, where a law says so")
    finish_rule: str = ""
    finish_article: str = ""


class RemedyOpposed(_Remedy):
    """An authority concerned does not agree with a measure that needs agreement; another has to be found."""

    type = "pic.remedy.opposed.v1"
    basis = "WSR 1013/2006 Art. 22(3), 24(2)"

    measure: Text
    opposed_on: date
    reason: Text


class ReturnDeparted(_Remedy):
    """The load started on its way back."""

    type = "pic.return.departed.v1"
    receivers: ClassVar[tuple[Role, ...]] = (EXPORTER, AUTHORITY, CUSTOMS, FACILITY)
    basis = "Basel Convention Art. 8, 9(2)(a); WSR 1013/2006 Art. 22(4)"

    departed_on: date
    net_kg: Kilograms


class RemedyEscalated(_Remedy):
    """What was due is not done, or has no last day and is still open: every authority concerned is told."""

    type = "pic.remedy.escalated.v1"
    basis = "Basel Convention Art. 8, 9"

    why: Literal["overdue", "cooperation"]
    escalated_on: date
    due_on: date | None = None
    times: int = Field(ge=1)


class RemedyCompleted(_Remedy):
    """The load came to its lawful end; quantity is given back only if the State of export grants it."""

    type = "pic.remedy.completed.v1"
    receivers: ClassVar[tuple[Role, ...]] = (EXPORTER, AUTHORITY, CUSTOMS, FACILITY)
    basis = "Basel Convention Art. 8, 9, 13(3)(b)"

    measure: Text
    outcome: Text
    completed_on: date
    place: Text
    net_kg: Kilograms
    credited_kg: Kilograms = 0
