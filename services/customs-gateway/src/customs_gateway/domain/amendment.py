"""What may become of a declaration before its load crosses: amended, withdrawn, answered for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from customs_gateway.domain.contradictions import mind
from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.ledger import Claim
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.domain.states import State
from pic_law.rules import rule
from pic_schemas.messages import (
    DeclarationAmended,
    DeclarationLodged,
    DeclarationWithdrawn,
    QuantityOverridden,
)
from pic_schemas.numbers import UnreadableNumber, normalise
from pic_schemas.refusal import Refused

FIXED = ("direction", "office", "ucr", "number", "movement_number", "shipment")
"""What makes it this declaration: another shipment or another office is another declaration."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An officer who takes the responsibility for a quantity, by name and with a reason."""

    officer: str
    reason: str


def amended(
    declaration: Declaration, entry: RegistryEntry | None, now_says: DeclarationLodged, reason: str
) -> DeclarationAmended:
    """The declaration as it now stands; whatever cannot be amended or be true is told at once."""
    named = now_says.model_copy(update={"number": _as_registered(now_says.number)})
    _mind_what_is_fixed(declaration.lodged, named)
    mind(named)
    mind_a_cancellation(declaration, entry)
    changed = tuple(_changes(declaration.lodged, named))
    if not changed:
        raise rule("STATE_FORBIDS").refused("", f"declaration {declaration.id} says all of this already")
    declaration.amend(named)
    declaration.altered = tuple(sorted({*declaration.altered, *changed}))
    return DeclarationAmended(**dict(named), changed=changed, reason=reason)


def withdrawn(
    declaration: Declaration, entry: RegistryEntry | None, reason: str, on: date
) -> DeclarationWithdrawn:
    """What the declaration drew is free again; the shipment itself is not cancelled by it."""
    if declaration.inspections:
        # Who knows that the load is looked into takes nothing back any more.
        detail = f"an inspection of declaration {declaration.id} was ordered"
        raise rule("STATE_FORBIDS").refused("", detail)
    if (control := rule("CUSTOMS_CONTROL").id) in declaration.decided.reasons:
        # The next declaration of the same load would be drawn and scored as if nothing had been said.
        raise rule(control).refused("", f"declaration {declaration.id} is kept for a control")
    mind_a_cancellation(declaration, entry)
    declaration.withdraw()
    if entry is not None and declaration.shipment is not None:
        entry.release_undone(declaration.shipment, declaration.id)
        entry.ledger.give_back(declaration.shipment, declaration.id)
    return DeclarationWithdrawn(**_of(declaration), reason=reason, withdrawn_on=on)


def overridden(
    declaration: Declaration, entry: RegistryEntry | None, answer: Answer, on: date
) -> QuantityOverridden:
    """Only where a person decides anyway: a load that may not leave at all is no officer's to let go."""
    shipment = declaration.shipment
    if entry is None or shipment is None or not _held_for_its_quantity(declaration):
        detail = f"declaration {declaration.id} is {declaration.state}, and not held for its quantity alone"
        raise rule("STATE_FORBIDS").refused("", detail, needs="a declaration that CH07 holds")
    lodged = declaration.lodged
    words = f"{answer.officer} answers for it: {answer.reason}"
    claim = Claim(lodged.direction, declaration.office_state, lodged.net_kg, answered_by=words)
    entry.ledger.record(shipment, declaration.id, claim)
    return QuantityOverridden(
        declaration_id=declaration.id,
        office=declaration.office,
        direction=lodged.direction,
        number=entry.number or "",
        shipment=shipment,
        net_kg=lodged.net_kg,
        officer=answer.officer,
        reason=answer.reason,
        overridden_on=on,
        ledger=entry.ledger.figures(),
    )


def _held_for_its_quantity(declaration: Declaration) -> bool:
    decided = declaration.decision
    return declaration.state is State.HELD and decided is not None and "CH07" in decided.reasons


def mind_a_cancellation(declaration: Declaration, entry: RegistryEntry | None) -> None:
    """Raises Refused while the exporter waits for an answer about this very shipment."""
    movement = entry.movements.get(declaration.shipment or 0) if entry else None
    if movement is not None and movement.cancellation_pending and movement.released_as == declaration.id:
        detail = f"the cancellation of shipment {movement.shipment} waits for an answer"
        raise rule("STATE_FORBIDS").refused("", detail, needs="the answer to the cancellation")


def _mind_what_is_fixed(stands: DeclarationLodged, now_says: DeclarationLodged) -> None:
    findings = [
        rule("STATE_FORBIDS").finding(f"/{name}", f"{getattr(stands, name)} was lodged; lodge another one")
        for name in FIXED
        if getattr(stands, name) != getattr(now_says, name)
    ]
    if findings:
        raise Refused.invalid(*findings)


def _changes(stands: DeclarationLodged, now_says: DeclarationLodged) -> Iterator[str]:
    for name in type(stands).model_fields:
        if getattr(stands, name) != getattr(now_says, name):
            yield f"/{name}"


def _as_registered(number: str | None) -> str | None:
    try:
        return normalise(number) if number is not None else None
    except UnreadableNumber:
        return number


def _of(declaration: Declaration) -> dict[str, Any]:
    return {
        "declaration_id": declaration.id,
        "office": declaration.office,
        "direction": declaration.lodged.direction,
        "number": declaration.lodged.number,
        "movement_number": declaration.movement_number,
        "shipment": declaration.shipment,
    }
