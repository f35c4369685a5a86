"""The facility's gate: receipts and certificates."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from consent import commands
from consent.api.bodies import CertificateBody, CorrectionBody, LaterCertificateBody, ReceiptBody
from consent.movement_views import MovementView
from pic_kit.commands import Command, acts
from pic_kit.problems import problems

router = APIRouter(prefix="/v1/notifications/{ref}/movements/{shipment}", tags=["movements"])

FacilityActs = Annotated[Command, acts("facility")]
Shipment = Annotated[int, Path(ge=1, le=999_999, description="serial number of the shipment (block 2)")]


@router.post("/receipt", response_model=MovementView, responses=problems())
async def receive(ref: str, shipment: Shipment, body: ReceiptBody, command: FacilityActs) -> Response:
    """Accept a load, accept it in part, or reject it (block 18)."""
    return await command.run(
        lambda work: commands.receive(work, command.caller, ref, shipment, body.delivery(work.now.date()))
    )


@router.post("/receipt/correction", response_model=MovementView, responses=problems())
async def correct_receipt(
    ref: str, shipment: Shipment, body: CorrectionBody, command: FacilityActs
) -> Response:
    """Confirm or correct the quantity received, until the certificate; nothing else of a receipt changes."""
    return await command.run(
        lambda work: commands.correct_receipt(work, command.caller, ref, shipment, body.kg, body.reason)
    )


@router.post("/certificate", response_model=MovementView, responses=problems())
async def certify(
    ref: str, shipment: Shipment, command: FacilityActs, body: CertificateBody | None = None
) -> Response:
    """Certify that disposal or recovery is completed (block 19)."""
    said = body or CertificateBody()
    return await command.run(
        lambda work: commands.certify(work, command.caller, ref, shipment, said.completed_on, said.kg)
    )


@router.post("/subsequent-certificate", response_model=MovementView, responses=problems())
async def certify_later(
    ref: str, shipment: Shipment, body: LaterCertificateBody, command: FacilityActs
) -> Response:
    """Pass on the certificate of a later facility of block 10, which completes what was interim."""
    return await command.run(
        lambda work: commands.certify_later(work, command.caller, ref, shipment, body.done(work.now.date()))
    )
