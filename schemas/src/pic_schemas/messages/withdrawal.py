"""What an authority says when it takes its consent back: for good, for a time, and when it stands again."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from pic_schemas.documents.base import AuthorityCode, Text
from pic_schemas.documents.declaration import Annex
from pic_schemas.messages.base import AUTHORITY, CUSTOMS, EXPORTER, FACILITY, Message, Service, Version
from pic_schemas.numbers import NumberText

InTransit = Literal["continue", "hold", "return"]


class _OfAConsent(Message):
    owner: ClassVar[Service] = "consent"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS, FACILITY)

    number: NumberText
    authority: AuthorityCode
    role: Literal["import", "transit"]
    version: Version = Field(description="counted with the authority's decisions: the highest one stands")
    signatory: Text
    profile: Text
    article: Text
    evidence: Annex | None = Field(default=None, description="the document behind a step on paper")


class _Interrupted(_OfAConsent):
    ground: str = Field(default="", max_length=60, description="of the law's list; empty where it has none")
    text: str = Field(default="", max_length=4000)
    effective_on: date = Field(description="the first day without it; before that day the consent stands")
    in_transit: InTransit = Field(description="what becomes of loads that have left already")


class ConsentWithdrawn(_Interrupted):
    """An authority withdrew its consent: from `effective_on` no load may start any more."""

    type = "pic.consent.withdrawn.v1"
    basis = "WSR 1013/2006 Art. 9(8); WSR 2024/1157 Art. 9; CTS 1986 No. 39 Art. 3"

    withdrawn_on: date


class ConsentSuspended(_Interrupted):
    """An authority suspended its consent: from `effective_on` no load may start until it is lifted."""

    type = "pic.consent.suspended.v1"
    basis = "SOR/2021-25 s. 12, 24"

    suspended_on: date


class ConsentReinstated(_OfAConsent):
    """What was suspended, or announced for a later day, is lifted; the consent stands as before."""

    type = "pic.consent.reinstated.v1"
    basis = "SOR/2021-25 s. 12, 24"

    reinstated_on: date
    text: str = Field(default="", max_length=4000)


class NotificationInterrupted(Message):
    """The day came from which an authority had withdrawn or suspended its consent: no load starts any more.

    Said by the State of export, and only where the day was waited for: one that is effective at once says so.
    """

    type = "pic.notification.interrupted.v1"
    owner: ClassVar[Service] = "notifier"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS, FACILITY)
    basis = "WSR 1013/2006 Art. 9(8); SOR/2021-25 s. 13(5), 25(5)"

    number: NumberText
    authority: AuthorityCode
    role: Literal["import", "transit"]
    version: Version = Field(description="of the withdrawal or suspension that takes effect")
    interruption: Literal["withdrawn", "suspended"]
    effective_on: date
    in_transit: InTransit
    profile: Text
    article: Text
