"""What looking found: whether a load was irregular, and how often each indicator was right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from customs_gateway.domain.declaration import Declaration
from pic_schemas.messages import Selection

Found = Literal["", "clean", "irregular"]
Stratum = Literal["", "channel", "random", "audit"]
CONFIDENCE_95 = 1.959964
SEEN_BY_LOOKING = ("CH15", "CH21")
"""Checks that only a look answers: the mass on the scales, the composition."""


def found_in(declaration: Declaration) -> Found:
    """What the officers say of it; where they say nothing, what the checks made of their results."""
    done, audit = [one for one in declaration.inspections if one.done], declaration.audit
    if not done and audit is None:
        return ""
    said = [one.irregular for one in done if one.irregular is not None]
    said += [audit.irregular] if audit is not None else []
    if said:
        return "irregular" if any(said) else "clean"
    checks = declaration.decision.checks if declaration.decision else ()
    seen = any(
        one.id in SEEN_BY_LOOKING and one.outcome == "fail" and one.severity != "WARN" for one in checks
    )
    return "irregular" if seen or declaration.report is not None else "clean"


def selected_by(declaration: Declaration) -> Selection | None:
    """The selection that was made before anybody looked: what a look finds explains nothing beforehand."""
    decisions = [*declaration.earlier, *([declaration.decision] if declaration.decision else [])]
    made = [one.selection for one in decisions if one.selection is not None]
    return next((one for one in reversed(made) if one.before_look), None)


def stratum_of(selection: Selection | None) -> Stratum:
    """A load that was drawn stands for all loads, risky or not; one that scored does not."""
    if selection is None or selection.channel == "green":
        return ""
    if selection.random.drawn:
        return "random"
    return "audit" if selection.channel == "blue" else "channel"


@dataclass(frozen=True, slots=True)
class Group:
    """Declarations of one State that were selected and found alike."""

    fired: tuple[str, ...]
    stratum: str
    found: str
    declarations: int


@dataclass(frozen=True, slots=True)
class HitRate:
    """How many fired, how many of these were looked into, how many of these were irregular."""

    fired: int
    inspected: int
    confirmed: int

    @property
    def rate(self) -> float | None:
        """None where nothing was looked into: that says nothing, not zero."""
        return self.confirmed / self.inspected if self.inspected else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's interval at 95 per cent: honest where few were looked into, and inside 0 to 1."""
        return wilson(self.confirmed, self.inspected)


def hit_rate(groups: Iterable[Group]) -> HitRate:
    """The groups together."""
    known = list(groups)
    inspected = [one for one in known if one.found]
    return HitRate(
        fired=sum(one.declarations for one in known),
        inspected=sum(one.declarations for one in inspected),
        confirmed=sum(one.declarations for one in inspected if one.found == "irregular"),
    )


def wilson(hits: int, trials: int, z: float = CONFIDENCE_95) -> tuple[float, float] | None:
    """The interval for a rate of `hits` in `trials`; None for no trial (Wilson 1927)."""
    if not trials:
        return None
    rate = hits / trials
    centre = rate + z * z / (2 * trials)
    half = z * sqrt(rate * (1 - rate) / trials + z * z / (4 * trials * trials))
    whole = 1 + z * z / trials
    return max(0.0, (centre - half) / whole), min(1.0, (centre + half) / whole)
