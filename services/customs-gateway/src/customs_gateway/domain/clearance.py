"""From a declaration to customs' decision: examine, reserve, decide, and say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from customs_gateway.domain.checks import examine
from customs_gateway.domain.checks.examination import Elsewhere, Examination
from customs_gateway.domain.checks.procedure import procedure_said
from customs_gateway.domain.declaration import Decision, Declaration, Outcome
from customs_gateway.domain.inspection import found_together, weighed_last
from customs_gateway.domain.ledger import Claim
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.domain.selectivity.channel import select, still_to_look
from customs_gateway.domain.selectivity.draw import Sampling, draw
from customs_gateway.domain.selectivity.facts import Facts
from pic_law.rules import rule
from pic_law.views import View
from pic_schemas.messages import (
    CheckResult,
    CustomsDecision,
    CustomsHeld,
    CustomsRefused,
    CustomsReleased,
    Selection,
)

NOTHING_ELSEWHERE = Elsewhere()

SAID_AS: dict[Outcome, type[CustomsDecision]] = {
    Outcome.RELEASED: CustomsReleased,
    Outcome.HELD: CustomsHeld,
    Outcome.REFUSED: CustomsRefused,
}


@dataclass(frozen=True, slots=True)
class Knowledge:
    """How far each producer of the case was read, and whether that is recent enough to release by itself."""

    read: dict[str, int]
    stale: bool = False


def clear(
    declaration: Declaration,
    entry: RegistryEntry | None,
    knowledge: Knowledge,
    now: datetime,
    elsewhere: Elsewhere = NOTHING_ELSEWHERE,
    views: tuple[View, ...] = (),
    sampling: Sampling | None = None,
) -> CustomsDecision:
    """Accept the declaration, decide, and settle the ledger; returns the decision as it is said."""
    declaration.accept()
    examination = _examination(declaration, entry, elsewhere, now, views)
    checks = examine(examination)
    outcome, reasons = weigh(checks, knowledge)
    selection = _selected(declaration, examination, checks, sampling)
    if outcome is Outcome.RELEASED and still_to_look(selection, declaration.inspections):
        # The company learns that customs keep the load, never what they look for.
        outcome, reasons = Outcome.HELD, (rule("CUSTOMS_CONTROL").id,)
    if entry is not None and declaration.shipment is not None:
        _account(declaration, entry, declaration.shipment, outcome)
    declaration.decide(
        Decision(
            outcome=outcome,
            decided_at=now,
            checks=checks,
            reasons=reasons,
            knowledge=dict(knowledge.read),
            ledger=entry.ledger.figures() if entry else None,
            rests_on=entry.rests_on if entry else (),
            procedure=procedure_said(examination),
            selection=selection,
        )
    )
    return _said(declaration)


def weigh(checks: Sequence[CheckResult], knowledge: Knowledge) -> tuple[Outcome, tuple[str, ...]]:
    """A failed BLOCK refuses; a failed HOLD or an unknown holds; stale knowledge releases nothing."""
    against, doubtful = _against(checks), _doubtful(checks)
    reasons = tuple(sorted({c.id for c in (*against, *doubtful)}))
    if knowledge.stale:
        return Outcome.HELD, (rule("REGISTRY_STALE").id, *reasons)
    if against:
        return Outcome.REFUSED, reasons
    return (Outcome.HELD if doubtful else Outcome.RELEASED), reasons


def _against(checks: Sequence[CheckResult]) -> list[CheckResult]:
    return [c for c in checks if c.outcome == "fail" and c.severity == "BLOCK"]


def _doubtful(checks: Sequence[CheckResult]) -> list[CheckResult]:
    doubtful = [c for c in checks if c.outcome == "fail" and c.severity == "HOLD"]
    return doubtful + [c for c in checks if c.outcome == "not-yet-known"]


def _selected(
    declaration: Declaration,
    examination: Examination,
    checks: Sequence[CheckResult],
    sampling: Sampling | None,
) -> Selection:
    """The draw is that of the day of lodging, so that nothing heard later draws again."""
    facts = Facts(
        examination,
        {check.id: check for check in checks},
        declaration.altered,
        tuple(declaration.inspections),
    )
    drawn = draw(sampling, declaration.id, declaration.lodged_at.date())
    blocked, held = bool(_against(checks)), bool(_doubtful(checks))
    return select(facts, drawn, blocked=blocked, held=held, on=examination.today)


def _examination(
    declaration: Declaration,
    entry: RegistryEntry | None,
    elsewhere: Elsewhere,
    now: datetime,
    views: tuple[View, ...],
) -> Examination:
    return Examination(
        declaration.id,
        declaration.lodged,
        entry,
        declaration.shipment,
        now.date(),
        found_together(declaration.inspections),
        weighed_last(declaration.inspections),
        elsewhere,
        views,
    )


def _account(
    declaration: Declaration,
    entry: RegistryEntry,
    shipment: int,
    outcome: Outcome,
) -> None:
    """Reserve on acceptance where there is room, consume on release, give back on refusal."""
    lodged, ledger = declaration.lodged, entry.ledger
    ledger.suspend(shipment, declaration.id)
    fits = entry.has_account and lodged.net_kg <= ledger.room(shipment)
    if fits and ledger.answered_by(shipment, declaration.id) is None:
        claim = Claim(lodged.direction, declaration.office_state, lodged.net_kg)
        ledger.reserve(shipment, declaration.id, claim)
    if outcome is Outcome.RELEASED:
        ledger.consume(shipment, declaration.id)
        if lodged.direction == "export" and declaration.movement_number is not None:
            entry.movement(shipment, declaration.movement_number).released_as = declaration.id
        return
    entry.release_undone(shipment, declaration.id)
    if outcome is Outcome.REFUSED:
        ledger.give_back(shipment, declaration.id)


def _said(declaration: Declaration) -> CustomsDecision:
    decision, lodged = declaration.decided, declaration.lodged
    return SAID_AS[decision.outcome](
        declaration_id=declaration.id,
        office=lodged.office,
        direction=lodged.direction,
        number=lodged.number,
        movement_number=declaration.movement_number,
        shipment=declaration.shipment,
        checks=decision.checks,
        knowledge=decision.knowledge,
        ledger=decision.ledger,
        rests_on=decision.rests_on,
        reasons=decision.reasons,
        procedure=decision.procedure,
    )
