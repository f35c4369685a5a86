"""One shipment as its facility knows it, and what is said of it there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from consent.domain.states import ShipmentState
from pic_schemas.messages import (
    DutyMissed,
    MovementCompleted,
    MovementReceived,
)

Outcome = Literal["accepted", "partly-rejected", "rejected"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What arrived at the gate; `kg` is the accepted quantity, 0 for a rejected load."""

    received_on: date
    kg: int
    outcome: Outcome = "accepted"
    reason: str | None = None
    expected_completion: date | None = None


@dataclass(slots=True)
class Shipment:
    """One shipment: announced, on its way, at the gate, treated."""

    movement_number: str
    shipment: int
    start_date: date
    announced_kg: int
    state: ShipmentState = ShipmentState.PRENOTIFIED
    departed_on: date | None = None
    exited_on: date | None = None
    entered_on: date | None = None
    delivered_on: date | None = None
    receipt: MovementReceived | None = None
    certificate: MovementCompleted | None = None
    chain: list[MovementCompleted] = field(default_factory=list)
    watched: list[str] = field(default_factory=list)
    """The duties whose clocks run, by their common names."""
    missed: list[DutyMissed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LaterOperation:
    """What a facility further on certifies: the form that follows R12, R13 and D13 to D15."""

    facility: str
    operation: str
    completed_on: date
    kg: int | None = None
