"""What this service shows: declarations with every check, the registry, the ledger."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field

from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.guarantee import Guarantee
from customs_gateway.domain.inspection import Inspection
from customs_gateway.domain.movement import Passage, RegisteredMovement
from customs_gateway.domain.registry import RegistryEntry
from pic_schemas.messages import (
    CheckResult,
    Condition,
    ControlProcedure,
    CustomsAudited,
    CustomsDetained,
    CustomsSeized,
    IllegalTrafficReported,
    Ledger,
    NotificationAuthorised,
    RestsOn,
    Selection,
)


class DeclarationView(BaseModel):
    """A declaration, what was decided, and everything the decision rests on."""

    declaration_id: str
    case: str
    direction: str
    office: str
    number: str | None
    movement_number: str | None
    shipment: int | None
    hs: str
    net_kg: int
    border_date: date
    state: str
    outcome: str
    decided_at: datetime
    checks: tuple[CheckResult, ...]
    reasons: tuple[str, ...]
    knowledge: dict[str, int]
    ledger: Ledger | None
    rests_on: tuple[RestsOn, ...]
    crossed_on: date | None
    passage: Passage | None
    procedure: ControlProcedure | None
    inspections: list[Inspection]
    detention: CustomsDetained | None
    seizure: CustomsSeized | None
    illegal_traffic: IllegalTrafficReported | None
    selection: Selection | None = Field(description="The channel, for officials only")
    audit: CustomsAudited | None

    @classmethod
    def of(cls, declaration: Declaration) -> DeclarationView:
        lodged, decision = declaration.lodged, declaration.decided
        return cls(
            declaration_id=declaration.id,
            case=declaration.case,
            direction=lodged.direction,
            office=lodged.office,
            number=lodged.number,
            movement_number=declaration.movement_number,
            shipment=declaration.shipment,
            hs=lodged.hs,
            net_kg=lodged.net_kg,
            border_date=lodged.border_date,
            state=declaration.state,
            outcome=decision.outcome,
            decided_at=decision.decided_at,
            checks=decision.checks,
            reasons=decision.reasons,
            knowledge=decision.knowledge,
            ledger=decision.ledger,
            rests_on=decision.rests_on,
            crossed_on=declaration.crossed_on,
            passage=declaration.passage,
            procedure=decision.procedure,
            inspections=declaration.inspections,
            detention=declaration.detention,
            seizure=declaration.seizure,
            illegal_traffic=declaration.report,
            selection=decision.selection,
            audit=declaration.audit,
        )


class DeclarationPage(BaseModel):
    """Declarations in the order of their ids; `next` is the `after` of the next page."""

    items: list[DeclarationView]
    next: str | None


class AuthorityView(BaseModel):
    """One authority and its latest decision, as customs know it."""

    state: str
    authority: str
    role: str
    voting: bool
    verdict: str | None
    decision_version: int | None
    valid_from: date | None
    valid_to: date | None
    conditions: tuple[Condition, ...]
    ends_on: date | None = Field(None, description="from when it is withdrawn or suspended, as announced")


class RegistryView(BaseModel):
    """A notification as customs know it."""

    case: str
    number: str
    state: str
    states: tuple[str, ...]
    authorities: list[AuthorityView]
    authorisation: NotificationAuthorised | None
    guarantees: list[Guarantee]
    movements: list[RegisteredMovement]
    ledger: Ledger

    @classmethod
    def of(cls, entry: RegistryEntry, on: date) -> RegistryView:
        return cls(
            case=entry.case,
            number=entry.number or "",
            state=entry.standing_on(on),
            states=entry.states,
            authorities=_authorities(entry, on),
            authorisation=entry.authorisation,
            guarantees=list(entry.guarantees.values()),
            movements=[entry.movements[shipment] for shipment in sorted(entry.movements)],
            ledger=entry.ledger.figures(),
        )


class ShipmentAccount(BaseModel):
    """What one shipment draws from the notification."""

    shipment: int
    kg: int
    state: str
    declarations: list[str]


class LedgerView(Ledger):
    """The quantity account of a notification, shipment by shipment."""

    case: str
    number: str
    waste_code: str | None
    """The stream: a notification covers one waste code, so its account is the account of the stream."""
    lines: tuple[ShipmentAccount, ...]

    @classmethod
    def of_entry(cls, entry: RegistryEntry) -> LedgerView:
        lines = tuple(
            ShipmentAccount(
                shipment=shipment,
                kg=line.kg,
                state="consumed" if line.consumed else "reserved",
                declarations=sorted(line.claims),
            )
            for shipment, line in sorted(entry.ledger.lines.items())
        )
        figures = dict(entry.ledger.figures())
        stream = entry.document.waste_code if entry.document else None
        return cls(case=entry.case, number=entry.number or "", waste_code=stream, lines=lines, **figures)


def _authorities(entry: RegistryEntry, on: date) -> list[AuthorityView]:
    views, verdicts = [], entry.verdicts_on(on)
    for authority in entry.authorities:
        verdict = verdicts.get(authority.authority)
        views.append(
            AuthorityView(
                **dict(authority),
                verdict=verdict.verdict if verdict else None,
                decision_version=verdict.version if verdict else None,
                valid_from=verdict.valid_from if verdict else None,
                valid_to=verdict.valid_to if verdict else None,
                conditions=verdict.conditions if verdict else (),
                ends_on=verdict.ending.on if verdict and verdict.ending else None,
            )
        )
    return views
