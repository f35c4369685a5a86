"""What a check looks at, and the four ways it can come out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from customs_gateway.domain.movement import RegisteredMovement
from customs_gateway.domain.registry import RegistryEntry
from pic_law.rules import Severity, rule
from pic_law.views import View
from pic_schemas.documents.notification import NotificationDocument
from pic_schemas.messages import CheckResult, Composition, DeclarationLodged
from pic_schemas.messages.customs import Direction


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What other cases say: cases that are open on the same companies, containers that are on the way."""

    open_cases: tuple[str, ...] = ()
    in_use: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    """Other offices that refused the same containers or reference."""
    irregular: tuple[str, ...] = ()
    """Earlier loads of the same companies that were found to be irregular."""


@dataclass(frozen=True, slots=True)
class Examination:
    """One declaration beside what is known of the notification it cites. `entry` is None if it cites none."""

    declaration: str
    declared: DeclarationLodged
    entry: RegistryEntry | None
    shipment: int | None
    today: date
    composition: Composition | None = None
    weighed_kg: int | None = None
    elsewhere: Elsewhere = Elsewhere()
    views: tuple[View, ...] = ()
    """How authorities of the route see the load, each by its latest statement."""

    @property
    def direction(self) -> Direction:
        return self.declared.direction

    @property
    def day(self) -> date:
        """The day it is judged by: a load that still stands here does not cross on a day that is over."""
        return max(self.declared.border_date, self.today)

    @property
    def office_state(self) -> str:
        return self.declared.office[:2]

    @property
    def document(self) -> NotificationDocument | None:
        return self.entry.document if self.entry else None

    @property
    def code(self) -> str | None:
        """The waste code that counts: the notified one where a notification is cited."""
        return self.document.waste_code if self.document else self.declared.basel_code

    @property
    def operations(self) -> tuple[str, ...]:
        return self.document.operation if self.document else self.declared.operations

    @property
    def route(self) -> tuple[str, str, tuple[str, ...]]:
        """State of export, State of import, States of transit."""
        if self.document is not None:
            states = self.document.states
            return states.export, states.import_, states.transit
        return self.declared.origin, self.declared.destination, self.declared.transits

    @property
    def movement(self) -> RegisteredMovement | None:
        if self.entry is None or self.shipment is None:
            return None
        return self.entry.movements.get(self.shipment)


class Basis(Protocol):
    """The entry of the law that decided inside a check, with the place where it stands."""

    @property
    def article(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def verified(self) -> bool: ...


def passed(check: str, detail: str, basis: Basis | None = None) -> CheckResult:
    return _result(check, "pass", detail, basis=basis)


def failed(
    check: str,
    detail: str,
    pointer: str = "",
    severity: Severity | None = None,
    basis: Basis | None = None,
) -> CheckResult:
    """`severity` only where one case of a rule weighs less than the rule itself."""
    return _result(check, "fail", detail, pointer, severity, basis)


def not_applicable(check: str, detail: str) -> CheckResult:
    return _result(check, "not-applicable", detail)


def not_yet_known(check: str, detail: str, pointer: str = "", basis: Basis | None = None) -> CheckResult:
    """A message or a look at the load is missing; it never counts as a pass."""
    return _result(check, "not-yet-known", detail, pointer, basis=basis)


def _result(
    check: str,
    outcome: str,
    detail: str,
    pointer: str = "",
    severity: Severity | None = None,
    basis: Basis | None = None,
) -> CheckResult:
    law = rule(check)
    stated = basis or law
    return CheckResult(
        id=law.id,
        title=law.title,
        outcome=outcome,
        severity=severity or law.severity,
        article=stated.article,
        source=stated.source,
        detail=detail,
        pointer=pointer,
        verified=stated.verified,
    )
