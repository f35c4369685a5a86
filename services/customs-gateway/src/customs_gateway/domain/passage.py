"""A load in a State of transit: stamped in, stamped out, discharged; what is late is said, not decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.movement import Passage, RegisteredMovement
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.domain.states import State
from pic_law.passages import passage
from pic_law.rules import rule
from pic_schemas.documents.movement import CustomsStamp, TransitStamp
from pic_schemas.messages import (
    DeclarationLodged,
    ExitOverdue,
    TransitDischarged,
    TransitEntered,
    TransitExited,
    TransitOverdue,
)


@dataclass(frozen=True, slots=True)
class Stamping:
    """Who stamps, and for which day."""

    office: str
    on: date
    today: date


def transit_entered(declaration: Declaration, entry: RegistryEntry | None, stamp: Stamping) -> TransitEntered:
    """The load is in the State of transit; from here it is expected to leave again."""
    declaration.enter_transit(stamp.on, stamp.today)
    limit = passage("transit", declaration.office_state, stamp.on)
    declaration.passage = Passage(stamp.on, stamp.office, due_on=limit.last_day(stamp.on))
    _register(declaration, entry)
    return TransitEntered(
        **_of(declaration, stamp.office),
        entered_on=stamp.on,
        due_on=limit.last_day(stamp.on),
        article=limit.article,
        source=limit.source,
        verified=limit.verified,
    )


def transit_exited(declaration: Declaration, entry: RegistryEntry | None, stamp: Stamping) -> TransitExited:
    """The load left through this office, which may be another one of the same State."""
    entered = declaration.entered_transit
    declaration.exit_transit()
    _between(entered.entered_on, stamp, "the entry", "/exited_on")
    entered.exited_on, entered.exited_at = stamp.on, stamp.office
    _register(declaration, entry)
    return TransitExited(**_of(declaration, stamp.office), exited_on=stamp.on)


def transit_discharged(
    declaration: Declaration, entry: RegistryEntry | None, stamp: Stamping
) -> TransitDischarged:
    """The office that opened the transit has seen both stamps, and ends it."""
    left = declaration.entered_transit
    declaration.discharge()
    _between(left.exited_on, stamp, "the exit", "/discharged_on")
    left.discharged_on = stamp.on
    _register(declaration, entry)
    return TransitDischarged(**_of(declaration, stamp.office), discharged_on=stamp.on)


def transit_overdue(
    declaration: Declaration, entry: RegistryEntry | None, today: date
) -> TransitOverdue | None:
    """By the clock; None where the load has left."""
    stamped = declaration.passage
    if declaration.state is not State.TRANSIT_ENTERED or stamped is None or stamped.due_on is None:
        return None
    stamped.overdue = True
    _register(declaration, entry)
    limit = passage("transit", declaration.office_state, stamped.entered_on or today)
    return TransitOverdue(
        **_of(declaration, declaration.office),
        entered_on=stamped.entered_on or today,
        due_on=stamped.due_on,
        overdue_on=today,
        remark=f"Entered on {stamped.entered_on} and not stamped out",
        article=limit.article,
        source=limit.source,
        verified=limit.verified,
    )


def exit_overdue(declaration: Declaration, today: date) -> ExitOverdue | None:
    """By the clock; None where the load has left, or its release no longer stands."""
    released = declaration.decided.decided_at.date()
    limit = passage("exit", declaration.office_state, released)
    if today < limit.last_day(released) or not declaration.misses_its_exit():
        return None
    return ExitOverdue(
        **_of(declaration, declaration.office),
        released_on=released,
        due_on=limit.last_day(released),
        overdue_on=today,
        remark=f"Released on {released} and not confirmed as gone",
        article=limit.article,
        source=limit.source,
        verified=limit.verified,
    )


def presented(stamps: Iterable[TransitStamp]) -> dict[str, Passage]:
    """Block 22 as a declarant presents it, State by State."""
    return {
        one.country: Passage(_day(one.entry), _office(one.entry), _day(one.exit), _office(one.exit))
        for one in stamps
    }


def before(lodged: DeclarationLodged, transits: Iterable[str]) -> tuple[str, ...]:
    """The States of transit that a load has crossed when it stands at this office."""
    crossed = tuple(transits)
    if lodged.direction == "import":
        return crossed
    state = lodged.office[:2]
    return crossed[: crossed.index(state)] if lodged.direction == "transit" and state in crossed else ()


def _day(stamp: CustomsStamp | None) -> date | None:
    return stamp.on if stamp else None


def _office(stamp: CustomsStamp | None) -> str | None:
    return stamp.office if stamp else None


def _register(declaration: Declaration, entry: RegistryEntry | None) -> None:
    movement = registered(declaration, entry)
    if movement is not None and declaration.passage is not None:
        # A copy: a declaration and an entry are kept, and changed, each for itself.
        movement.transits[declaration.office_state] = replace(declaration.passage)


def registered(declaration: Declaration, entry: RegistryEntry | None) -> RegisteredMovement | None:
    """The shipment that a declaration is part of, where customs know of it."""
    if entry is None or declaration.shipment is None or declaration.movement_number is None:
        return None
    return entry.movement(declaration.shipment, declaration.movement_number)


def _between(first: date | None, stamp: Stamping, what: str, pointer: str) -> None:
    if first is None or not first <= stamp.on <= stamp.today:
        detail = f"{stamp.on} is not between {what} on {first} and today, {stamp.today}"
        raise rule("DATES_IMPOSSIBLE").refused(pointer, detail)


def _of(declaration: Declaration, office: str) -> dict[str, Any]:
    return {
        "declaration_id": declaration.id,
        "office": office,
        "number": declaration.lodged.number,
        "movement_number": declaration.movement_number,
        "shipment": declaration.shipment,
    }
