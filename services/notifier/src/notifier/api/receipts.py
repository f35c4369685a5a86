"""Receipt and certificate by the exporter, where its State alone regulates the waste (Article 6(5)(a))."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Response

from notifier.api.movement_views import MovementView
from notifier.api.movements import shown
from notifier.api.notifications import Exporter
from notifier.commands import receipts as commands
from notifier.domain.refusals import refused
from pic_kit.commands import Answer
from pic_kit.problems import problems
from pic_kit.transaction import Work
from pic_schemas.documents.base import Strict
from pic_schemas.documents.quantity import Quantity

router = APIRouter(prefix="/v1/notifications/{ref}/movements/{shipment}", tags=["movements"])


class ArrivalBody(Strict):
    """When the load arrived and how much of it was accepted; the day defaults to today."""

    received_on: date | None = None
    quantity: Quantity

    @property
    def kg(self) -> int:
        """Raises Refused: a volume without its density counts for nothing."""
        if self.quantity.kg is None:
            raise refused("BLOCK_INVALID", "a volume needs its density", "/quantity")
        return self.quantity.kg


class CompletedBody(Strict):
    """When recovery or disposal was completed; today if nothing is said."""

    completed_on: date | None = None


@router.post("/receipt", response_model=MovementView, responses=problems())
async def receive(ref: str, shipment: int, body: ArrivalBody, command: Exporter) -> Response:
    """Confirm the receipt in the facility's place; where any other State regulates the waste, it does."""

    async def act(work: Work) -> Answer:
        asked = (work, command.caller, ref, shipment)
        return shown(*await commands.receive(*asked, body.received_on, body.kg))

    return await command.run(act)


@router.post("/certificate", response_model=MovementView, responses=problems())
async def certify(ref: str, shipment: int, body: CompletedBody, command: Exporter) -> Response:
    """Certify the completion in the facility's place."""

    async def act(work: Work) -> Answer:
        return shown(*await commands.certify(work, command.caller, ref, shipment, body.completed_on))

    return await command.run(act)
