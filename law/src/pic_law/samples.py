"""Small loads and samples that the law of every State of the route lets go without consent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from pic_law.agreements import Outcome
from pic_law.codes import Code
from pic_law.countries import in_group
from pic_law.dated import Entry, Timelines
from pic_law.dated import read as read_timelines

Purpose = Literal["analysis", "any"]


@dataclass(frozen=True)
class Load:
    """What one shipment weighs, and whether it is claimed to be a sample for analysis."""

    kg: int
    for_analysis: bool = False


class Sample(Entry):
    """One State's rule; of a State before a group of States."""

    id: str
    title: str
    state: str = ""
    group: str = ""
    among: str = ""
    classes: tuple[str, ...] = ()
    operations: tuple[Literal["D", "R"], ...] = ("D", "R")
    most_kg: int
    purpose: Purpose
    outcome: Outcome

    def covers(
        self, state: str, route: Sequence[str], waste: Code, recovery: bool, load: Load, on: date
    ) -> bool:
        """Whether this State's rule lets the load go."""
        return (
            (state == self.state or (self.group != "" and in_group(state, self.group, on)))
            and all(not self.among or in_group(other, self.among, on) for other in route)
            and (not self.classes or waste.waste_class in self.classes)
            and ("R" if recovery else "D") in self.operations
            and load.kg <= self.most_kg
            and (self.purpose == "any" or load.for_analysis)
        )


def exempting(
    route: Sequence[str], waste: Code, recovery: bool, load: Load | None, on: date
) -> tuple[tuple[str, Sample], ...]:
    """For each State of the route the rule that lets the load go; empty where one of them has none."""
    if load is None:
        return ()
    found = tuple(_rules(route, waste, recovery, load, on))
    return found if len(found) == len(dict.fromkeys(route)) else ()


def _rules(
    route: Sequence[str], waste: Code, recovery: bool, load: Load, on: date
) -> Iterator[tuple[str, Sample]]:
    known = sorted(samples().all_on(on), key=lambda one: not one.state)
    for state in dict.fromkeys(route):
        fitting = (one for one in known if one.covers(state, route, waste, recovery, load, on))
        if (rule := next(fitting, None)) is not None:
            yield state, rule


@cache
def samples() -> Timelines[Sample]:
    """Every rule for samples and small quantities."""
    return read_timelines(Sample, "samples", "samples")
