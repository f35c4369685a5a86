"""An audit after the release: what the books say of a load that was let go on its papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.selectivity.hits import selected_by
from customs_gateway.domain.states import State
from pic_law.indicators import all_indicators
from pic_law.rules import rule
from pic_schemas.messages import CustomsAudited, Selection

RELEASED = frozenset(
    {
        *(State.RELEASED, State.RELEASED_BY_AUTHORITY),
        *(State.EXIT_CONFIRMED, State.ENTRY_RECORDED),
        *(State.TRANSIT_ENTERED, State.TRANSIT_EXITED, State.DISCHARGED),
    }
)
"""Where a load was let go, and may have gone on."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the auditor found, by name; today if no day is said."""

    officer: str
    findings: str
    irregular: bool
    audited_on: date | None = None


def audited(declaration: Declaration, record: Record, today: date) -> CustomsAudited:
    """The audit stands on record and moves nothing: what comes of it is a report or a failed movement."""
    if declaration.state not in RELEASED:
        detail = f"declaration {declaration.id} is {declaration.state}: an audit follows a release"
        raise rule("STATE_FORBIDS").refused("", detail, needs="the release of the load")
    if declaration.audit is not None:
        raise rule("STATE_FORBIDS").refused("", f"audited on {declaration.audit.audited_on}")
    released, on = declaration.decided.decided_at.date(), record.audited_on or today
    if not released <= on <= today:
        detail = f"{on} is not between the release on {released} and today, {today}"
        raise rule("DATES_IMPOSSIBLE").refused("/audited_on", detail)
    declaration.audit = CustomsAudited(
        declaration_id=declaration.id,
        office=declaration.office,
        direction=declaration.lodged.direction,
        number=declaration.lodged.number,
        movement_number=declaration.movement_number,
        shipment=declaration.shipment,
        audited_on=on,
        officer=record.officer,
        findings=record.findings,
        irregular=record.irregular,
        asked_by=_asking(selected_by(declaration), released),
    )
    return declaration.audit


def _asking(selection: Selection | None, on: date) -> tuple[str, ...]:
    """The indicators that asked; none where an officer audits of his own accord."""
    if selection is None or selection.channel != "blue":
        return ()
    known = ((one, all_indicators().on(one, on)) for one in selection.scored)
    return tuple(one for one, by in known if by is not None and by.asks_for == "audit")
