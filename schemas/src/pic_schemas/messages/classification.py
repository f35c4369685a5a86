"""How an authority sees a load: what it would call the waste, and what it takes the operation for."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from pic_schemas.documents.base import AuthorityCode, Country, OperationCode, Strict, Text
from pic_schemas.messages.base import (
    AUTHORITY,
    CARRIER,
    CUSTOMS,
    EXPORTER,
    FACILITY,
    Message,
    Service,
    Version,
)
from pic_schemas.numbers import NumberText

Part = Literal["export", "transit", "import"]
Outcome = Literal["PROHIBITED", "PIC", "PIC_TACIT", "GENERAL_INFO", "NONE"]


class Prevailing(Strict):
    """One rule on a view that differs, and what the load is treated as because of it."""

    rule: Text
    article: str
    source: str
    verified: bool
    detail: str


class ClassificationStated(Message):
    """An authority stated how it sees a load; where views differ the law says which prevails."""

    type = "pic.classification.stated.v1"
    owner: ClassVar[Service] = "consent"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS, FACILITY, CARRIER)
    basis = "WSR 1013/2006 Art. 28; WSR 2024/1157 Art. 29"

    number: NumberText | None = Field(
        default=None, description="of the notification; none where there is none"
    )
    state: Country
    authority: AuthorityCode
    part: Part
    version: Version = Field(description="counted by the authority in this case: its latest view counts")
    origin: Country
    destination: Country
    transits: tuple[Country, ...] = ()
    stated_code: Text | None = Field(default=None, description="what notification or declaration states")
    stated_operation: OperationCode | None = None
    code: Text | None = Field(default=None, description="what the authority would state")
    operation: OperationCode | None = None
    waste: bool = True
    reason: Text
    signatory: Text
    stated_on: date
    treated_as: Outcome = Field(description="the control procedure, every view considered")
    prevailing: tuple[Prevailing, ...] = Field(default=(), description="empty: nothing differs")
