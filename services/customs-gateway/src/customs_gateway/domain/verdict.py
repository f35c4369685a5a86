"""The latest decision of one authority, as far as it matters at the border."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pic_schemas.messages import Condition, DecisionTaken, SilenceRecorded

TACIT = "tacit-consent"
CONSENTING = ("consent", "consent-with-conditions", TACIT)


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

    @property
    def consents(self) -> bool:
        return self.verdict in CONSENTING

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
            quantity_kg=scope.quantity_kg if scope else None,
            shipments=scope.shipments if scope else None,
            conditions=decision.conditions,
        )
