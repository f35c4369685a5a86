"""The latest decision of one authority, as far as it matters at the border."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from pic_law.conditions import smallest
from pic_schemas.messages import (
    Condition,
    ConsentSuspended,
    ConsentWithdrawn,
    DecisionTaken,
    InTransit,
    SilenceRecorded,
)

TACIT = "tacit-consent"
WITHDRAWN, SUSPENDED = "withdrawn", "suspended"
CONSENTING = ("consent", "consent-with-conditions", TACIT)


@dataclass(frozen=True, slots=True)
class Ending:
    """How and from which day a consent is taken back; before that day it stands."""

    on: date
    verdict: str
    in_transit: InTransit
    ground: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The latest decision of one authority."""

    version: int
    verdict: str
    decided_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    quantity_kg: int | None = None
    shipments: int | None = None
    conditions: tuple[Condition, ...] = ()
    in_transit: InTransit | None = None
    ground: str = ""
    """Why it was taken back, by the law's list; empty where nothing was."""
    ending: Ending | None = None

    @property
    def consents(self) -> bool:
        return self.verdict in CONSENTING

    @property
    def interrupted(self) -> bool:
        return self.verdict in (WITHDRAWN, SUSPENDED)

    def taken_back(self, message: ConsentWithdrawn | ConsentSuspended) -> Verdict:
        """The consent that stands until the day that the authority named; what it limited stays known."""
        what = WITHDRAWN if isinstance(message, ConsentWithdrawn) else SUSPENDED
        ending = Ending(message.effective_on, what, message.in_transit, message.ground)
        return replace(self, version=message.version, ending=ending)

    def lifted(self, version: int) -> Verdict:
        """The consent stands as before."""
        verdict = self.verdict if self.consents else "consent"
        return replace(self, version=version, verdict=verdict, in_transit=None, ground="", ending=None)

    def as_of(self, day: date) -> Verdict:
        """What it comes to on a day: a consent that was taken back from then on is gone."""
        end = self.ending
        if end is None or day < end.on:
            return self
        return replace(
            self,
            verdict=end.verdict,
            decided_on=end.on,
            in_transit=end.in_transit,
            ground=end.ground,
            ending=None,
        )

    @classmethod
    def silent(cls, recorded: SilenceRecorded) -> Verdict:
        """Below every decision of the authority itself, whichever is heard first."""
        return cls(
            version=0,
            verdict=TACIT,
            decided_on=recorded.clock_end.date(),
            valid_from=recorded.valid_from,
            valid_to=recorded.valid_to,
        )

    @classmethod
    def of(cls, decision: DecisionTaken) -> Verdict:
        scope = decision.scope
        return cls(
            version=decision.version,
            verdict=decision.verdict,
            decided_on=decision.decided_on,
            valid_from=decision.valid_from,
            valid_to=decision.valid_to,
            quantity_kg=_least(scope.quantity_kg if scope else None, decision, "max-quantity-kg"),
            shipments=_least(scope.shipments if scope else None, decision, "max-shipments"),
            conditions=decision.conditions,
        )


def _least(stated: int | None, decision: DecisionTaken, condition: str) -> int | None:
    """A condition that states less stands before what the consent states."""
    found = [limit for limit in (stated, smallest(condition, decision.conditions)) if limit is not None]
    return min(found, default=None)
