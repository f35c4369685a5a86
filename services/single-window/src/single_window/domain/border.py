"""What a case file knows of the border: declarations, their checks, inspections."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from single_window.domain.selection import AuditEntry, ChannelEntry


@dataclass
class CheckEntry:
    """One check of a customs decision."""

    id: str
    title: str
    outcome: str
    severity: str
    article: str
    detail: str
    source: str = ""

    @property
    def rests_on(self) -> str:
        """The article and its law; some sources have no articles."""
        if self.article in {"", "-"}:
            return self.source
        return f"{self.article} ({self.source})" if self.source else self.article


@dataclass
class InspectionEntry:
    """One look at a load; without a day, the result is not there yet."""

    inspection: int
    kind: str
    reason: str
    ordered_on: date
    inspected_on: date | None = None
    findings: str = ""
    contaminants: list[str] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)


@dataclass
class ProcedureEntry:
    """The control procedure that customs found for a load, and why."""

    outcome: str
    article: str
    source: str
    detail: str


@dataclass
class DeclarationEntry:
    """One customs declaration and the latest decision on it."""

    declaration_id: str
    direction: str
    office: str
    net_kg: int
    shipment: int | None = None
    movement_number: str | None = None
    outcome: str | None = None
    crossed_on: date | None = None
    left_on: date | None = None
    discharged_on: date | None = None
    overdue: bool = False
    reasons: list[str] = field(default_factory=list)
    # Empty where it is stored: see `findings`.
    checks: list[CheckEntry] = field(default_factory=list)
    hs: str = ""
    code: str = ""
    description: str = ""
    procedure: ProcedureEntry | None = None
    inspections: list[InspectionEntry] = field(default_factory=list)
    detained_on: date | None = None
    detained_at: str = ""
    kept: str = ""
    """What became of a load that customs kept: seized, or how the detention ended."""
    channel: ChannelEntry | None = None
    audit: AuditEntry | None = None
