"""What an importing or transit authority says, each for itself."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from pic_schemas.documents.base import AuthorityCode, Kilograms, OperationCode, Strict, Text
from pic_schemas.documents.declaration import Annex
from pic_schemas.envelope import UtcTime
from pic_schemas.messages.base import (
    AUTHORITY,
    CUSTOMS,
    EXPORTER,
    Condition,
    Ground,
    Message,
    Service,
    Version,
)
from pic_schemas.numbers import NumberText

Verdict = Literal["consent", "consent-with-conditions", "objection", "not-consent"]


class _FromAuthority(Message):
    owner: ClassVar[Service] = "consent"

    number: NumberText
    authority: AuthorityCode
    evidence: Annex | None = Field(default=None, description="the document behind a step on paper")


class NotificationAcknowledged(_FromAuthority):
    """The authority acknowledged receipt, which starts its decision clock."""

    type = "pic.notification.acknowledged.v1"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY)
    basis = "Basel Convention Art. 6(2), (4); WSR 1013/2006 Art. 8(2)"

    role: Literal["import", "transit"]
    received_on: date
    ack_sent_on: date
    decision_due_at: UtcTime | None = None
    profile: Text
    rule: Text
    article: Text


class ContractConfirmed(_FromAuthority):
    """The State of import confirmed the contract on environmentally sound management."""

    type = "pic.contract.confirmed.v1"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY)
    basis = "Basel Convention Art. 6(3)(b)"

    confirmed_on: date
    contract_reference: Text


class DecisionScope(Strict):
    """What a consent is narrowed to; what is not given stays as notified."""

    quantity_kg: Kilograms | None = None
    shipments: int | None = Field(default=None, ge=1)
    routes: tuple[Text, ...] = ()
    codes: tuple[Text, ...] = ()
    operation: tuple[OperationCode, ...] = ()


class DecisionTaken(_FromAuthority):
    """The authority's verdict; a higher version replaces every lower one of the same authority."""

    type = "pic.decision.taken.v1"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS)
    basis = "Basel Convention Art. 6(2), (4); WSR 1013/2006 Art. 9-12; WSR 2024/1157 Art. 9"

    role: Literal["import", "transit"]
    version: Version
    verdict: Verdict
    decided_on: date
    valid_from: date | None = None
    valid_to: date | None = None
    scope: DecisionScope | None = None
    conditions: tuple[Condition, ...] = ()
    grounds: tuple[Ground, ...] = ()
    signatory: Text
    profile: Text
    article: Text
