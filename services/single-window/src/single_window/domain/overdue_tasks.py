"""What waits for authorities and facility while a receipt or a certificate is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pic_schemas import messages as said
from single_window.domain.case import CaseFile
from single_window.domain.duty import Duty, end_of
from single_window.domain.shipment import MovementEntry


def missing_for(case: CaseFile) -> Iterator[Duty]:
    """Both authorities see what is missing until it comes: the one asks, the other sees to its facility."""
    for movement in case.live_movements:
        if movement.overdue is not None:
            yield Duty(
                said.MovementOverdue,
                f"Follow up shipment {movement.shipment}: no {movement.overdue.missing} since it was due",
                movement.movement_number,
                movement.shipment,
                overdue_since(movement),
                movement.overdue.article,
            )


def overdue_since(movement: MovementEntry) -> datetime | None:
    found = movement.overdue
    return end_of(found.due_on) if found else None
