"""The quantity account of a case, worked out from its shipments and declarations when somebody looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from single_window.domain.case import CaseFile

OPEN = {None, "held"}


@dataclass
class LedgerEntry:
    """The quantity account: authorised = available + reserved + consumed."""

    authorised_kg: int = 0
    available_kg: int = 0
    reserved_kg: int = 0
    consumed_kg: int = 0
    received_kg: int = 0


def balance(case: CaseFile) -> LedgerEntry:
    """A shipment counts once: what was received, else what was released; what is held is reserved."""
    # A load without notification draws on nothing.
    declared = case.declarations.values() if case.number is not None else ()
    cancelled = {one.shipment for one in case.movements.values() if not one.live}
    exports = [one for one in declared if one.direction == "export" and one.shipment not in cancelled]
    released = {entry.shipment: entry.net_kg for entry in exports if entry.outcome == "released"}
    received: dict[int | None, int] = {
        movement.shipment: movement.received_kg
        for movement in case.movements.values()
        if movement.received_kg is not None
    }
    # What was rejected stays used until the authority of export gives it back.
    whole = {one.shipment for one in case.movements.values() if one.outcome == "accepted"}
    settled = {shipment: kg for shipment, kg in received.items() if shipment in whole}
    credited = sum(one.credited_kg for one in case.remedies.values())
    consumed = sum((released | settled).values()) - credited
    reserved = sum(
        entry.net_kg for entry in exports if entry.outcome in OPEN and entry.shipment not in released
    )
    authorised = case.authorisation.quantity_kg if case.authorisation else 0
    return LedgerEntry(
        authorised_kg=authorised,
        available_kg=authorised - reserved - consumed,
        reserved_kg=reserved,
        consumed_kg=consumed,
        received_kg=sum(received.values()),
    )
