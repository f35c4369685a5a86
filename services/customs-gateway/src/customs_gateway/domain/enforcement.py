"""What an office says when it looks into a load: ordered, found, detained, reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.registry import RegistryEntry
from pic_law import codes
from pic_law.illegal_traffic import Conduct, letter, owed, presumed
from pic_law.rules import rule
from pic_schemas.messages import (
    Composition,
    CustomsDetained,
    IllegalTrafficReported,
    InspectionOrdered,
    InspectionRecorded,
)
from pic_schemas.messages.enforcement import Art9Letter, InspectionKind


@dataclass(frozen=True, slots=True)
class Result:
    """What an inspection found; a look at the papers finds no composition."""

    findings: str
    composition: Composition | None = None
    inspected_on: date | None = None
    weighed_kg: int | None = None
    irregular: bool | None = None


@dataclass(frozen=True, slots=True)
class Detention:
    """Where the load is kept, since when and why, where the office says more than its decision did."""

    place: str | None = None
    reason: str | None = None
    detained_on: date | None = None


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What an office reports: the letters of Article 9(1), the facts, and what it can say beyond them."""

    letters: tuple[Art9Letter, ...]
    facts: str
    conduct_of: Conduct | None = None
    waste_code: str | None = None


def inspection_ordered(
    declaration: Declaration, kind: InspectionKind, reason: str | None, today: date
) -> InspectionOrdered:
    """The load stays where it is until the result is there."""
    why = reason or _decided(declaration)
    ordered = declaration.order_inspection(kind, why, today)
    return InspectionOrdered(
        **_of(declaration), inspection=ordered.number, kind=kind, reason=why, ordered_on=today
    )


def inspection_recorded(
    declaration: Declaration, number: int, result: Result, today: date
) -> InspectionRecorded:
    """What was found stands on record; the declaration can be looked at again."""
    inspection, on = declaration.inspection(number), result.inspected_on or today
    inspection.result(result.findings, result.composition, on, today)
    inspection.weighed_kg, inspection.irregular = result.weighed_kg, result.irregular
    return InspectionRecorded(
        **_of(declaration),
        inspection=inspection.number,
        kind=inspection.kind,
        inspected_on=on,
        findings=result.findings,
        composition=result.composition,
        weighed_kg=result.weighed_kg,
        attachments=tuple(inspection.attachments),
        irregular=result.irregular,
    )


def detained(declaration: Declaration, wish: Detention, today: date) -> CustomsDetained:
    """The load is kept until an authority decides about it in writing."""
    decided_on, on = declaration.decided.decided_at.date(), wish.detained_on or today
    if not decided_on <= on <= today:
        detail = f"{on} is not between the decision on {decided_on} and today, {today}"
        raise rule("DATES_IMPOSSIBLE").refused("/detained_on", detail)
    said = CustomsDetained(
        **_of(declaration),
        detained_on=on,
        place=wish.place or declaration.office,
        reason=wish.reason or _decided(declaration),
        reasons=declaration.decided.reasons,
        net_kg=declaration.lodged.net_kg,
        equipment=declaration.lodged.equipment,
    )
    declaration.detain(said)
    return said


def illegal_traffic_reported(
    declaration: Declaration, entry: RegistryEntry | None, suspicion: Suspicion, now: datetime
) -> IllegalTrafficReported:
    """The report informs the State of export: what it has to ensure is due from this day (Art. 9(2))."""
    declaration.mind_the_report()
    lodged = declaration.lodged
    said = IllegalTrafficReported(
        **_of(declaration),
        **_owed(declaration, entry, suspicion, now),
        art9_letters=suspicion.letters,
        facts=suspicion.facts,
        reported_on=now.date(),
        hs=lodged.hs,
        declared_code=lodged.basel_code,
        net_kg=lodged.net_kg,
        origin=lodged.origin,
        destination=lodged.destination,
        exporter=lodged.exporter,
        consignee=lodged.consignee,
    )
    declaration.report_illegal_traffic(said)
    return said


def _owed(
    declaration: Declaration, entry: RegistryEntry | None, suspicion: Suspicion, now: datetime
) -> dict[str, Any]:
    code = _waste_code(declaration, entry, suspicion, now.date())
    conduct = _conduct(declaration.lodged.number, suspicion, now.date())
    duty = owed(
        conduct,
        origin=declaration.lodged.origin,
        destination=declaration.lodged.destination,
        waste_code=code,
        recovery=_recovery(declaration, entry, now.date()),
        informed=now,
    )
    stated: dict[str, Any] = {"waste_code": code, "conduct_of": conduct}
    if duty is not None:
        stated |= {"duty_of": duty.state, "profile": duty.profile}
    if duty is not None and (due := duty.due) is not None:
        stated |= {"due_at": due.due_at, "due_on": due.due_on, "due_basis": due.basis}
        stated |= {"rule": due.rule, "article": due.article, "verified": due.verified}
    return stated


def _conduct(number: str | None, suspicion: Suspicion, on: date) -> Conduct:
    for place, one in enumerate(suspicion.letters):
        if letter(one).uncited and number is not None:
            detail = f"letter {one}, {letter(one).title.lower()}: {number} is cited"
            raise rule("ILLEGAL_GROUND").refused(f"/art9_letters/{place}", detail)
    found = suspicion.conduct_of or presumed(suspicion.letters, on)
    if found is None:
        detail = f"letters {', '.join(suspicion.letters)} do not say whose conduct it was"
        raise rule("ILLEGAL_GROUND").refused("/conduct_of", detail, needs="whose conduct it was")
    return found


def _waste_code(declaration: Declaration, entry: RegistryEntry | None, suspicion: Suspicion, on: date) -> str:
    notified = entry.document.waste_code if entry and entry.document else None
    stated = suspicion.waste_code or declaration.lodged.basel_code or notified
    if stated is None:
        raise rule("CODE_UNKNOWN").refused("/waste_code", "no waste code is declared: say what the load is")
    if codes.waste(stated, on) is None:
        codes.lookup(codes.list_of(stated), stated, on, "/waste_code")
    return stated


def _recovery(declaration: Declaration, entry: RegistryEntry | None, on: date) -> bool:
    """Recovery if that is what is declared; what is not declared counts as disposal."""
    if entry and entry.document:
        return entry.document.recovery
    stated = declaration.lodged.operations
    first = codes.find("operation", stated[0], on) if stated else None
    return first is not None and first.kind == "R"


def _decided(declaration: Declaration) -> str:
    decided = declaration.decided
    return f"{decided.outcome}: {', '.join(decided.reasons) or 'no finding'}"


def _of(declaration: Declaration) -> dict[str, Any]:
    return {
        "declaration_id": declaration.id,
        "office": declaration.office,
        "direction": declaration.lodged.direction,
        "number": declaration.lodged.number,
        "movement_number": declaration.movement_number,
        "shipment": declaration.shipment,
    }
