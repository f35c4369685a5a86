"""Movements: the exporter announces a shipment, the carrier takes it over."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from notifier.api.bodies import BatchBody, CancellationBody, DepartureBody, ReschedulingBody, UpdateBody
from notifier.api.movement_views import BatchView, MovementView
from notifier.api.notifications import Exporter
from notifier.commands import movements as commands
from notifier.domain.movement import Movement
from notifier.domain.prenotification import Load
from notifier.store import Kept
from pic_kit.commands import Answer, Command, acts
from pic_kit.problems import problems
from pic_kit.transaction import Work

router = APIRouter(prefix="/v1/notifications/{ref}/movements", tags=["movements"])

Carrier = Annotated[Command, acts("carrier")]


@router.post("", response_model=MovementView, status_code=201, responses=problems())
async def prenotify(ref: str, body: Load, command: Exporter) -> Response:
    """Announce the next shipment; its movement document is composed from the notification."""

    async def act(work: Work) -> Answer:
        return shown(*await commands.prenotify(work, command.caller, ref, body), status=201)

    return await command.run(act)


@router.post("/batch", response_model=BatchView, status_code=201, responses=problems())
async def prenotify_all(ref: str, body: BatchBody, command: Exporter) -> Response:
    """Announce many shipments: all of them, or none with every finding at its place (`/loads/5/...`)."""

    async def act(work: Work) -> Answer:
        kept, movements = await commands.prenotify_all(work, command.caller, ref, body.loads)
        view = BatchView.from_movements(kept.notification, movements)
        return Answer(view, 201, {"ETag": f'"{kept.version}"'})

    return await command.run(act)


@router.post("/{shipment}/rescheduling", response_model=MovementView, responses=problems())
async def reschedule(ref: str, shipment: int, body: ReschedulingBody, command: Exporter) -> Response:
    """Move a shipment that was announced to another day of the window; it keeps its number."""

    async def act(work: Work) -> Answer:
        asked = (work, command.caller, ref, shipment, body.start_date, body.reason)
        return shown(*await commands.reschedule(*asked))

    return await command.run(act)


@router.post("/{shipment}/update", response_model=MovementView, responses=problems())
async def update(ref: str, shipment: int, body: UpdateBody, command: Exporter) -> Response:
    """Quantity, carriers, containers until the start, as far as every law of the route lets them change."""

    async def act(work: Work) -> Answer:
        return shown(*await commands.update(work, command.caller, ref, shipment, body.update()))

    return await command.run(act)


@router.post("/{shipment}/cancellation", status_code=202, response_model=MovementView, responses=problems())
async def request_cancellation(
    ref: str, shipment: int, body: CancellationBody, command: Exporter
) -> Response:
    """Ask for a shipment not to start. Customs of export answer: at once if nothing was cleared."""

    async def act(work: Work) -> Answer:
        asked = (work, command.caller, ref, shipment, body.reason)
        return shown(*await commands.request_cancellation(*asked), status=202)

    return await command.run(act)


@router.post("/{shipment}/departure", response_model=MovementView, responses=problems())
async def depart(ref: str, shipment: int, body: DepartureBody, command: Carrier) -> Response:
    """The first carrier takes the load over, after customs of export released it."""
    kg = body.actual_quantity.kg if body.actual_quantity else None

    async def act(work: Work) -> Answer:
        done = await commands.depart(
            work, command.caller, ref, shipment, departed_on=body.departed_on, place=body.place, kg=kg
        )
        return shown(*done)

    return await command.run(act)


def shown(kept: Kept, movement: Movement, status: int = 200) -> Answer:
    return Answer(MovementView.from_movement(movement), status, {"ETag": f'"{kept.version}"'})
