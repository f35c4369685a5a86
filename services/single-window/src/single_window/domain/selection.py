"""What customs selected a load for, and what an audit found; for officials only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass
class IndicatorEntry:
    """One sign of risk that scored, or could not be answered; for officials only."""

    id: str
    title: str
    outcome: str
    points: int
    detail: str
    source: str
    verified: bool = True


@dataclass
class ChannelEntry:
    """The channel that customs selected a load for, and why; for officials only."""

    channel: str
    points: int
    because: str
    asks_for: str | None
    drawn: bool
    indicators: list[IndicatorEntry] = field(default_factory=list)


@dataclass
class AuditEntry:
    """What an audit after the release found; for officials only."""

    audited_on: date
    officer: str
    findings: str
    irregular: bool
