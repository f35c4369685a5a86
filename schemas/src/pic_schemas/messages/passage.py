"""What customs say of a load between its release and the next border: transit, stamps, what is overdue."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from pydantic import Field

from pic_schemas.address import Role
from pic_schemas.documents.base import Text
from pic_schemas.messages.base import AUTHORITY, CUSTOMS, FACILITY
from pic_schemas.messages.customs import FromCustoms
from pic_schemas.numbers import MovementText, NumberText


class _OnItsWay(FromCustoms):
    senders = (CUSTOMS,)
    receivers: ClassVar[tuple[Role, ...]] = (AUTHORITY, CUSTOMS, FACILITY)

    # A load that needs no notification travels as well.
    number: NumberText | None = None
    movement_number: MovementText | None = None
    shipment: int | None = Field(default=None, ge=1)


class TransitEntered(_OnItsWay):
    """The load entered a State of transit, whose office stamped it in (block 22)."""

    type = "pic.transit.entered.v1"
    basis = "Movement document block 22; WSR 1013/2006 Annex IC p. 50"

    entered_on: date
    due_on: date = Field(description="The day by which it is expected to have left again")
    article: str = ""
    source: str = ""
    verified: bool = True


class TransitExited(_OnItsWay):
    """The load left the State of transit; `office` is the one that stamped it out (block 22)."""

    type = "pic.transit.exited.v1"
    basis = "Movement document block 22; WSR 1013/2006 Annex IC p. 50"

    exited_on: date


class TransitDischarged(_OnItsWay):
    """The office that opened the transit ended it: what was stamped in was stamped out."""

    type = "pic.transit.discharged.v1"
    basis = "Movement document block 22; design: the end of a customs transit"

    discharged_on: date


class _Overdue(_OnItsWay):
    receivers = (AUTHORITY, CUSTOMS)

    due_on: date
    overdue_on: date
    remark: Text
    article: str = ""
    source: str = ""
    verified: bool = True


class TransitOverdue(_Overdue):
    """The day by which the load was to have left the State of transit passed without a stamp."""

    type = "pic.transit.overdue.v1"
    basis = "Movement document block 22; design: no treaty gives a number of days"

    entered_on: date


class ExitOverdue(_Overdue):
    """The load was released for export and has not left: the office asks what became of it."""

    type = "pic.exit.overdue.v1"
    basis = "Implementing Regulation (EU) 2015/2447 Art. 335; design elsewhere"

    released_on: date
