"""The channel as officials are told of it."""

from __future__ import annotations

from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.selectivity.channel import still_to_look
from pic_schemas.messages import CustomsSelected, Selection


def selected(declaration: Declaration) -> CustomsSelected | None:
    """What is new about the channel; None where nothing is, or where a load was green all along.

    Once somebody has looked, only a channel that asks for another look is told.
    """
    now, before = _at(declaration, -1), _at(declaration, -2)
    if now is None or (now.channel == "green" and (before is None or before.channel == "green")):
        return None
    if not now.before_look and not still_to_look(now, declaration.inspections):
        return None
    if before is not None and _essence(before) == _essence(now):
        return None
    lodged = declaration.lodged
    return CustomsSelected(
        declaration_id=declaration.id,
        office=declaration.office,
        direction=lodged.direction,
        number=lodged.number,
        movement_number=declaration.movement_number,
        shipment=declaration.shipment,
        selection=now,
    )


def _at(declaration: Declaration, place: int) -> Selection | None:
    decisions = [*declaration.earlier, *([declaration.decision] if declaration.decision else [])]
    return decisions[place].selection if len(decisions) >= -place else None


def _essence(selection: Selection) -> tuple[object, ...]:
    return selection.channel, selection.asks_for, selection.scored, selection.random.drawn
