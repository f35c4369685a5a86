"""How a load that is kept goes on: let go by an authority, returned, disposed of, seized."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.ledger import Claim
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.domain.states import Act, State
from pic_law import detentions
from pic_law.detentions import Decider, End
from pic_law.rules import rule
from pic_schemas.address import Address, Role
from pic_schemas.messages import CustomsSeized, DetentionEnded
from pic_schemas.messages.enforcement import Detection

ACTS: dict[str, Act] = {
    "RELEASED_BY_CA_DECISION": Act.RELEASE_BY_AUTHORITY,
    "RETURNED": Act.RETURN,
    "DISPOSED_LOCALLY": Act.DISPOSE,
    "SEIZED": Act.SEIZE,
}


@dataclass(frozen=True, slots=True)
class Seizure:
    """What the office says of a seizure: on what law, how it was found and hidden, what becomes of it."""

    legal_basis: str
    detection: Detection
    disposal: str
    concealment: str | None = None
    operation: str | None = None
    seized_on: date | None = None


def detention_ended(
    declaration: Declaration, entry: RegistryEntry | None, by: Address, measure: str, reason: str, today: date
) -> DetentionEnded:
    """An authority decides in writing about a load that is held for it or detained."""
    found = _open(measure)
    _mind_who_decides(declaration, by, found)
    declaration.end_detention(ACTS[found.outcome])
    if found.outcome == "RELEASED_BY_CA_DECISION":
        _let_go(declaration, entry, f"{by.agency} let it go: {reason}")
    return DetentionEnded(
        **_of(declaration),
        measure=found.id,
        outcome=found.outcome,
        decided_on=today,
        authority=by.agency,
        reason=reason,
        article=found.article,
        verified=found.verified,
    )


def seized(declaration: Declaration, wish: Seizure, today: date) -> CustomsSeized:
    """The office takes the load; the report of it leaves the State without names."""
    detained_on, on = _kept_since(declaration), wish.seized_on or today
    declaration.end_detention(Act.SEIZE)
    if not detained_on <= on <= today:
        detail = f"{on} is not between the detention on {detained_on} and today, {today}"
        raise rule("DATES_IMPOSSIBLE").refused("/seized_on", detail)
    said = CustomsSeized(
        **_of(declaration),
        seized_on=on,
        net_kg=declaration.lodged.net_kg,
        legal_basis=wish.legal_basis,
        detection=wish.detection,
        concealment=wish.concealment,
        disposal=wish.disposal,
        operation=wish.operation,
    )
    declaration.seizure = said
    return said


def ended_by_remedy(declaration: Declaration, outcome: str) -> None:
    """The case of a reported load came to its end: so did its detention."""
    if declaration.state in (State.DETAINED, State.SEIZED):
        declaration.end_detention(Act.RETURN if outcome == "TAKEN_BACK" else Act.DISPOSE)


def _open(measure: str) -> End:
    found = detentions.end(measure)
    if found is None or "office" in found.by:
        fitting = ", ".join(one.id for one in detentions.ends() if "office" not in one.by)
        raise rule("MEASURE_NOT_OPEN").refused("/measure", f"{measure} is none of {fitting}")
    return found


def _mind_who_decides(declaration: Declaration, by: Address, found: End) -> None:
    places: dict[Decider, str] = {"export": declaration.lodged.origin, "here": declaration.office_state}
    deciding = {places[one] for one in found.by if one in places}
    if by.role is not Role.COMPETENT_AUTHORITY or by.state not in deciding:
        detail = f"{found.title}: for the authority of {' or '.join(sorted(deciding))}"
        raise rule("SEAT_FORBIDS").refused("", detail)


def _kept_since(declaration: Declaration) -> date:
    return declaration.detention.detained_on if declaration.detention else date.min


def _let_go(declaration: Declaration, entry: RegistryEntry | None, words: str) -> None:
    """The authority answers for the quantity as well: it is accounted for, room or not."""
    shipment = declaration.shipment
    if entry is None or shipment is None:
        return
    lodged = declaration.lodged
    claim = Claim(lodged.direction, declaration.office_state, lodged.net_kg, answered_by=words)
    entry.ledger.record(shipment, declaration.id, claim)
    entry.ledger.consume(shipment, declaration.id)
    if lodged.direction == "export" and declaration.movement_number is not None:
        entry.movement(shipment, declaration.movement_number).released_as = declaration.id


def _of(declaration: Declaration) -> dict[str, Any]:
    return {
        "declaration_id": declaration.id,
        "office": declaration.office,
        "direction": declaration.lodged.direction,
        "number": declaration.lodged.number,
        "movement_number": declaration.movement_number,
        "shipment": declaration.shipment,
    }
