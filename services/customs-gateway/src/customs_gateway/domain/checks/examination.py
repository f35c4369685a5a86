"""What a check looks at, and the four ways it can come out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from customs_gateway.domain.movement import RegisteredMovement
from customs_gateway.domain.registry import RegistryEntry
from pic_law.rules import Severity, rule
from pic_schemas.documents.notification import NotificationDocument
from pic_schemas.messages import CheckResult, DeclarationLodged
from pic_schemas.messages.customs import Direction


@dataclass(frozen=True, slots=True)
class Examination:
    """One declaration beside what is known of the notification it cites. `entry` is None if it cites none."""

    declaration: str
    declared: DeclarationLodged
    entry: RegistryEntry | None
    shipment: int | None
    today: date

    @property
    def direction(self) -> Direction:
        return self.declared.direction

    @property
    def office_state(self) -> str:
        return self.declared.office[:2]

    @property
    def document(self) -> NotificationDocument | None:
        return self.entry.document if self.entry else None

    @property
    def movement(self) -> RegisteredMovement | None:
        if self.entry is None or self.shipment is None:
            return None
        return self.entry.movements.get(self.shipment)


def passed(check: str, detail: str) -> CheckResult:
    return _result(check, "pass", detail, "", None)


def failed(check: str, detail: str, pointer: str = "", severity: Severity | None = None) -> CheckResult:
    """`severity` only where one case of a rule weighs less than the rule itself."""
    return _result(check, "fail", detail, pointer, severity)


def not_applicable(check: str, detail: str) -> CheckResult:
    return _result(check, "not-applicable", detail, "", None)


def not_yet_known(check: str, detail: str, pointer: str = "") -> CheckResult:
    """A message is missing; it never counts as a pass."""
    return _result(check, "not-yet-known", detail, pointer, None)


def _result(check: str, outcome: str, detail: str, pointer: str, severity: Severity | None) -> CheckResult:
    law = rule(check)
    return CheckResult(
        id=law.id,
        title=law.title,
        outcome=outcome,
        severity=severity or law.severity,
        article=law.article,
        source=law.source,
        detail=detail,
        pointer=pointer,
    )
