"""Movements as the facility's file shows them."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from consent.domain.facility_file import FacilityFile
from consent.domain.facility_record import Mark
from consent.domain.shipment import Outcome, Shipment
from consent.domain.states import ShipmentState
from consent.due_views import DueView
from pic_schemas.messages import (
    DutyMissed,
)
from pic_schemas.messages.overdue import Missing

SHOWN = {"number", "shipment", "missing", "due_on", "rule", "article", "source"}


class MovementView(BaseModel):
    """One shipment at the facility."""

    case: str
    number: str
    movement_number: str
    shipment: int
    version: int
    state: ShipmentState
    facility: str
    start_date: date
    announced_kg: int
    departed_on: date | None
    exited_on: date | None
    entered_on: date | None
    received_on: date | None
    received_kg: int | None
    outcome: Outcome | None
    reason: str | None
    expected_completion: date | None
    completed_on: date | None
    completed_kg: int | None
    receipt_due: DueView | None
    certificate_due: DueView | None
    delivered_on: date | None
    missed: list[DutyMissed]
    question: str | None = Field(description="what the quantity received makes one ask; it blocks nothing")


class MissedView(BaseModel):
    """A receipt or certificate that the facility did not give in time; without `ended_on` it is missing."""

    case: str
    number: str
    shipment: int
    missing: Missing
    due_on: date
    ended_on: date | None
    rule: str
    article: str
    source: str


def movement_view(file: FacilityFile, shipment: Shipment, version: int) -> MovementView:
    receipt, certificate = shipment.receipt, shipment.certificate
    receipt_due, certificate_due = file.receipt_due(shipment), file.certificate_due(shipment)
    return MovementView(
        case=file.case,
        number=file.number,
        movement_number=shipment.movement_number,
        shipment=shipment.shipment,
        version=version,
        state=shipment.state,
        facility=file.facility,
        start_date=shipment.start_date,
        announced_kg=shipment.announced_kg,
        departed_on=shipment.departed_on,
        exited_on=shipment.exited_on,
        entered_on=shipment.entered_on,
        received_on=receipt.received_on if receipt else None,
        received_kg=receipt.quantity_kg if receipt else None,
        outcome=receipt.outcome if receipt else None,
        reason=receipt.reason if receipt else None,
        expected_completion=receipt.expected_completion if receipt else None,
        completed_on=certificate.completed_on if certificate else None,
        completed_kg=certificate.quantity_kg if certificate else None,
        receipt_due=DueView.of(receipt_due),
        certificate_due=DueView.of(certificate_due),
        delivered_on=shipment.delivered_on,
        missed=shipment.missed,
        question=receipt.question if receipt else None,
    )


def missed_view(mark: Mark) -> MissedView:
    return MissedView(case=mark.case, ended_on=mark.ended_on, **mark.alert.model_dump(include=SHOWN))
