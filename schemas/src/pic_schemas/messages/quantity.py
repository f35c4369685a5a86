"""What is said about the quantity account of a notification beside declarations and releases."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from pic_schemas.documents.base import Text
from pic_schemas.messages.base import AUTHORITY, CUSTOMS
from pic_schemas.messages.customs import Direction, FromCustoms, Ledger
from pic_schemas.numbers import NumberText


class QuantityOverridden(FromCustoms):
    """An officer answers by name for a quantity that the account did not allow."""

    type = "pic.quantity.overridden.v1"
    senders = (CUSTOMS,)
    receivers = (AUTHORITY, CUSTOMS)
    basis = "Implementing Regulation (EU) 2024/2145 Art. 8"

    direction: Direction
    number: NumberText
    shipment: int = Field(ge=1)
    net_kg: Annotated[int, Field(ge=1)]
    officer: Text
    reason: Text
    overridden_on: date
    ledger: Ledger = Field(description="The account with this quantity in it")
