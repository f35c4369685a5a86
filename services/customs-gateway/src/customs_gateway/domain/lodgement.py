"""A declaration as it is lodged: which shipment it means, and what becomes of it at the border afterwards."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from customs_gateway.domain.consignment import states_of
from customs_gateway.domain.contradictions import mind
from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.movement import RegisteredMovement
from customs_gateway.domain.passage import registered
from customs_gateway.domain.registry import RegistryEntry
from pic_law.rules import rule
from pic_schemas.messages import CustomsEntered, CustomsExited, DeclarationLodged
from pic_schemas.numbers import UnreadableNumber, movement_number, parse_movement


def lodge(
    world: str, case: str, lodged: DeclarationLodged, entry: RegistryEntry | None, now: datetime
) -> Declaration:
    """The declaration, with the shipment that it means."""
    mind(lodged)
    shipment = _shipment(lodged, entry)
    return Declaration(
        world=world,
        id=lodged.declaration_id,
        case=case,
        lodged=lodged,
        lodged_at=now,
        shipment=shipment,
        movement_number=_movement_number(lodged, entry, shipment),
        states=entry.states if entry else states_of(lodged),
    )


def exit_confirmed(
    declaration: Declaration, entry: RegistryEntry | None, on: date, today: date
) -> CustomsExited:
    """The load left the State of export."""
    declaration.confirm_exit(on, today)
    movement = registered(declaration, entry)
    if movement is not None:
        movement.exited_on = on
    return CustomsExited(**_of(declaration, movement), exited_on=on)


def entry_recorded(
    declaration: Declaration, entry: RegistryEntry | None, on: date, today: date
) -> CustomsEntered:
    """The load entered the State of import (movement document block 21)."""
    declaration.record_entry(on, today)
    movement = registered(declaration, entry)
    if movement is not None:
        _not_before_the_exit(movement, on)
        movement.entered_on = on
    return CustomsEntered(**_of(declaration, movement), entered_on=on)


def _not_before_the_exit(movement: RegisteredMovement, on: date) -> None:
    if movement.exited_on is not None and on < movement.exited_on:
        detail = f"{on} is before the exit on {movement.exited_on}"
        raise rule("DATES_IMPOSSIBLE").refused("/entered_on", detail)


def _of(declaration: Declaration, movement: RegisteredMovement | None) -> dict[str, Any]:
    return {
        "declaration_id": declaration.id,
        "office": declaration.office,
        "number": declaration.lodged.number,
        "movement_number": movement.movement_number if movement else None,
        "shipment": movement.shipment if movement else None,
    }


def _shipment(lodged: DeclarationLodged, entry: RegistryEntry | None) -> int | None:
    """The declared shipment, or the one of the declared movement document; None if the two disagree."""
    if entry is None or lodged.movement_number is None:
        return lodged.shipment
    known = {movement.movement_number: movement.shipment for movement in entry.movements.values()}
    meant = known.get(lodged.movement_number) or _serial(lodged.movement_number, entry)
    return meant if lodged.shipment in (None, meant) else None


def _serial(text: str, entry: RegistryEntry) -> int | None:
    try:
        number, serial = parse_movement(text)
    except UnreadableNumber:
        return None
    return serial if number == entry.number else None


def _movement_number(
    lodged: DeclarationLodged, entry: RegistryEntry | None, shipment: int | None
) -> str | None:
    if entry is None or entry.number is None or shipment is None:
        return lodged.movement_number
    if shipment in entry.movements:
        return entry.movements[shipment].movement_number
    return lodged.movement_number or movement_number(entry.number, shipment)
