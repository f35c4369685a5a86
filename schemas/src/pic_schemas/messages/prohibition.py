"""What stops or ends a notification beside the decisions on it: a prohibition, and its own use."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from pic_schemas.documents.base import Country, Kilograms, Strict, Text
from pic_schemas.messages.base import AUTHORITY, CUSTOMS, EXPORTER, FACILITY, Message, Service
from pic_schemas.numbers import NumberText

Cause = Literal["law", "view", "told"]


class _OfANotification(Message):
    owner: ClassVar[Service] = "notifier"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS, FACILITY)

    number: NumberText


class Prohibiting(Strict):
    """One entry of the law, or one State's word, that forbids the movement."""

    rule: Text
    article: str
    source: str
    verified: bool = True
    detail: Text


class NotificationProhibited(_OfANotification):
    """The movement is prohibited from this day on: nothing starts, whatever was consented to."""

    type = "pic.notification.prohibited.v1"
    basis = "Basel Convention Art. 4(1), 4(5), 4A, 13(2); N15"

    prohibited_on: date
    cause: Cause = Field(
        description="law: a dated entry; view: how an authority sees the load; told: by a State"
    )
    told_by: Country | None = None
    reasons: tuple[Prohibiting, ...] = Field(min_length=1)


class ProhibitionLifted(_OfANotification):
    """The prohibition is over: the notification stands where its authorities' answers put it."""

    type = "pic.prohibition.lifted.v1"
    basis = "Basel Convention Art. 13(2)"

    lifted_on: date
    detail: str = Field(default="", max_length=4000)


class NotificationExhausted(_OfANotification):
    """Quantity or number of shipments is used up, and everything that was announced has come to its end."""

    type = "pic.notification.exhausted.v1"
    basis = "WSR 1013/2006 Annex IC p. 17; DIWASS Regulation (EU) 2025/1290 Art. 17(7)"

    exhausted_on: date
    used_up: Literal["quantity", "shipments"]
    quantity_kg: Kilograms = Field(description="what counts against the consented quantity")
    shipments: int = Field(ge=0)
