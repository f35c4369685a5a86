"""What was measured: a figure beside its floor, and whether their ratio keeps the limit."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Literal


@dataclass(frozen=True, slots=True)
class Limit:
    """A ratio to reach. `least`: the figure is a rate; `most`: it is a time or a size."""

    kind: Literal["least", "most"]
    ratio: float

    def __str__(self) -> str:
        return f"{'>=' if self.kind == 'least' else '<='} {self.ratio:g}"

    def kept(self, ratio: float) -> bool:
        return ratio >= self.ratio if self.kind == "least" else ratio <= self.ratio


@dataclass(slots=True)
class Figure:
    """One row of the table. `ours` and `floor` were measured in turn; each pair is one round."""

    name: str
    unit: str
    floor_name: str
    limit: Limit
    rounds: list[tuple[float, float]] = field(default_factory=list)
    note: str = ""

    @property
    def ours(self) -> float:
        return median(ours for ours, _ in self.rounds)

    @property
    def floor(self) -> float:
        return median(floor for _, floor in self.rounds)

    @property
    def ratio(self) -> float:
        """The median of the rounds' own ratios: what slows the machine down slows both sides of a round."""
        return median(ours / floor for ours, floor in self.rounds)

    @property
    def kept(self) -> bool:
        return self.limit.kept(self.ratio)


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
