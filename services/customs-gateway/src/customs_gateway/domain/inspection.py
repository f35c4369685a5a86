"""Inspections of a load: what was ordered, what was found, and what all of them found together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from pic_law.rules import rule
from pic_schemas.messages import Composition, Evidence
from pic_schemas.messages.enforcement import InspectionKind

MOST = 50
"""Attachments of one inspection."""


@dataclass(slots=True)
class Inspection:
    """One inspection of one declaration."""

    number: int
    kind: InspectionKind
    reason: str
    ordered_on: date
    inspected_on: date | None = None
    findings: str | None = None
    composition: Composition | None = None
    weighed_kg: int | None = None
    attachments: list[Evidence] = field(default_factory=list)
    irregular: bool | None = None
    """What the officer says of it; None leaves it to the checks."""

    @property
    def done(self) -> bool:
        return self.inspected_on is not None

    def attach(self, evidence: Evidence) -> None:
        """Before the result: what is attached is part of it. The same bytes are attached once."""
        self._mind_the_result("another inspection")
        if len(self.attachments) >= MOST and evidence not in self.attachments:
            detail = f"inspection {self.number} has {MOST} attachments"
            raise rule("STATE_FORBIDS").refused("", detail, needs="another inspection")
        if evidence not in self.attachments:
            self.attachments.append(evidence)

    def result(self, findings: str, composition: Composition | None, on: date, today: date) -> None:
        """What was found stands; a second look is another inspection."""
        self._mind_the_result("another inspection")
        if not self.ordered_on <= on <= today:
            detail = f"{on} is not between the order on {self.ordered_on} and today, {today}"
            raise rule("DATES_IMPOSSIBLE").refused("/inspected_on", detail)
        self.inspected_on, self.findings, self.composition = on, findings, composition

    def _mind_the_result(self, needs: str) -> None:
        if self.inspected_on is not None:
            detail = f"inspection {self.number} was recorded for {self.inspected_on}"
            raise rule("STATE_FORBIDS").refused("", detail, needs=needs)


def weighed_last(inspections: Iterable[Inspection]) -> int | None:
    """What the scales said last; None if the load was not weighed."""
    found = [one for one in inspections if one.weighed_kg is not None]
    return (
        max(found, key=lambda one: (one.inspected_on or date.min, one.number)).weighed_kg if found else None
    )


def found_together(inspections: Iterable[Inspection]) -> Composition | None:
    """The latest composition that was found; None if nobody has looked inside."""
    found = [one for one in inspections if one.composition is not None]
    return (
        max(found, key=lambda one: (one.inspected_on or date.min, one.number)).composition if found else None
    )
