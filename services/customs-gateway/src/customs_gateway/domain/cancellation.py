"""Cancelling a shipment: the gate that releases also answers, so no load is both released and cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.movement import RegisteredMovement
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.domain.states import Act
from pic_law.rules import rule
from pic_schemas.messages import CancellationGranted, CancellationRefused, CancellationRequested

CancellationAnswer = CancellationGranted | CancellationRefused

NOTHING_CLEARED = "Nothing was cleared for export under this number"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the office that released the load says of its cancellation."""

    granted: bool
    reason: str


def hear_request(entry: RegistryEntry, message: CancellationRequested, on: date) -> CancellationAnswer | None:
    """Answered at once where nothing was cleared or the load has left; else the office answers."""
    movement = entry.movement(message.shipment, message.movement_number)
    if movement.exited_on is not None:
        return CancellationRefused(
            **_of(entry, movement, on), reason=f"The load left on {movement.exited_on}"
        )
    movement.cancellation_requested_on = message.requested_on
    if movement.released_as is not None:
        return None
    entry.cancel(movement, on)
    return CancellationGranted(**_of(entry, movement, on), reason=NOTHING_CLEARED)


def answer(
    declaration: Declaration, entry: RegistryEntry | None, ruling: Ruling, on: date
) -> CancellationAnswer:
    """The office that released the load takes its release back, or lets it stand."""
    movement = _asked(declaration, entry)
    if entry is None or movement is None:
        detail = f"nobody asked for the cancellation of what declaration {declaration.id} released"
        raise rule("STATE_FORBIDS").refused("", detail, needs="a request of the exporter")
    said = _of(entry, movement, on) | {"declaration_id": declaration.id, "office": declaration.office}
    if not ruling.granted:
        movement.cancellation_requested_on = None
        return CancellationRefused(**said, reason=ruling.reason)
    declaration.withdraw_release()
    entry.cancel(movement, on)
    return CancellationGranted(**said, reason=ruling.reason)


def refused_by_exit(
    declaration: Declaration, entry: RegistryEntry | None, on: date
) -> CancellationRefused | None:
    """A load that left can no longer be cancelled; a request that waits is answered by it."""
    movement = _asked(declaration, entry)
    if entry is None or movement is None:
        return None
    movement.cancellation_requested_on = None
    said = _of(entry, movement, on) | {"declaration_id": declaration.id, "office": declaration.office}
    return CancellationRefused(**said, reason=f"The load left on {movement.exited_on or on}")


def may_answer(declaration: Declaration, entry: RegistryEntry | None) -> None:
    """Raises Refused where no request waits for this office."""
    if _asked(declaration, entry) is None:
        raise rule("STATE_FORBIDS").refused("", "nobody asked for a cancellation")
    declaration.mind(Act.WITHDRAW_RELEASE)


def _asked(declaration: Declaration, entry: RegistryEntry | None) -> RegisteredMovement | None:
    movement = entry.movements.get(declaration.shipment or 0) if entry else None
    if movement is None or not movement.cancellation_pending:
        return None
    return movement if movement.released_as == declaration.id else None


def _of(entry: RegistryEntry, movement: RegisteredMovement, on: date) -> dict[str, Any]:
    return {
        "number": entry.number,
        "movement_number": movement.movement_number,
        "shipment": movement.shipment,
        "answered_on": on,
    }
