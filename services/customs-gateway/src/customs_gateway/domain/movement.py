"""One shipment as customs hear of it, from its announcement to the certificate."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from pic_schemas.documents.transport import Equipment


@dataclass(slots=True)
class Passage:
    """The stamps of one State of transit (block 22), and the day by which the exit is expected."""

    entered_on: date | None = None
    entered_at: str | None = None
    exited_on: date | None = None
    exited_at: str | None = None
    discharged_on: date | None = None
    due_on: date | None = None
    overdue: bool = False


@dataclass(slots=True)
class RegisteredMovement:
    """One shipment as customs know it."""

    shipment: int
    movement_number: str
    prenotified_on: date | None = None
    start_date: date | None = None
    quantity_kg: int | None = None
    equipment: tuple[Equipment, ...] = ()
    declared_complete: bool = False
    departed_on: date | None = None
    exited_on: date | None = None
    entered_on: date | None = None
    received_on: date | None = None
    received_kg: int | None = None
    completed_on: date | None = None
    released_as: str | None = None
    cancellation_requested_on: date | None = None
    cancelled_on: date | None = None
    transits: dict[str, Passage] = field(default_factory=dict)
    exit_overdue: bool = False

    @property
    def cancellation_pending(self) -> bool:
        return self.cancellation_requested_on is not None and self.cancelled_on is None
