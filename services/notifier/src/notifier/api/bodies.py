"""What callers send beside the two documents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from notifier.commands.notifications import GuaranteeKind
from notifier.domain.prenotification import Load
from notifier.domain.updating import Update
from pic_schemas.documents.base import Strict, Text
from pic_schemas.documents.quantity import ActualQuantity, Quantity
from pic_schemas.documents.transport import Carriers, Equipment
from pic_schemas.messages import Condition, GuaranteeCover


class GuaranteeBody(Strict):
    """A financial guarantee or equivalent insurance."""

    kind: GuaranteeKind
    amount: Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=2)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217")]
    covers: GuaranteeCover
    active_loads_permitted: int | None = Field(default=None, ge=1, le=999_999)
    valid_to: date | None = None


class AuthorisationBody(Strict):
    """The permit; what is not given follows from the consents and the law."""

    authorisation_no: Text | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    conditions: Annotated[tuple[Condition, ...], Field(max_length=100)] = ()


class CancellationBody(Strict):
    """Why a shipment that was announced shall not start."""

    reason: Text


class BatchBody(Strict):
    """Shipments in the order in which they are to be numbered."""

    loads: Annotated[tuple[Load, ...], Field(min_length=1, max_length=500)]


class ReschedulingBody(Strict):
    """The day on which the shipment starts instead, and why."""

    start_date: date
    reason: Text


class UpdateBody(Strict):
    """What the movement document is to state instead, until the shipment starts; what is left out stays."""

    block_5: ActualQuantity | None = None
    block_8: Carriers | None = None
    equipment: Annotated[tuple[Equipment, ...], Field(max_length=100)] | None = None

    @model_validator(mode="after")
    def _something_changes(self) -> Self:
        if not self.update().fields:
            raise ValueError("nothing is to change")
        return self

    def update(self) -> Update:
        return Update(self.block_5, self.block_8, self.equipment)


class DepartureBody(Strict):
    """Take-over by the first carrier; the day defaults to today, the weight to what was announced."""

    departed_on: date | None = None
    place: Text
    actual_quantity: Quantity | None = None
    signature: Text
