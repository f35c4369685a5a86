"""CH10, CH17 and CH23: the companies of the declaration, the guarantee, and the permit of the facility."""

from __future__ import annotations

from datetime import date

from customs_gateway.domain.checks.consents import NO_NUMBER, taken_back_under_way
from customs_gateway.domain.checks.examination import (
    Examination,
    failed,
    not_applicable,
    passed,
)
from customs_gateway.domain.guarantee import Guarantee
from customs_gateway.domain.registry import RegistryEntry
from pic_law.governing import Governing
from pic_law.notified import guarantee_of
from pic_law.rules import Severity
from pic_schemas.messages import CheckResult

FACILITY_GROUNDS = ("facility-permit",)
"""Of the law's grounds for taking a consent back, those that speak of the facility."""


def companies_are_those_notified(examination: Examination) -> CheckResult:
    declared, document = examination.declared, examination.document
    if document is None:
        return not_applicable("CH10", NO_NUMBER)
    if declared.exporter != document.exporter.registration_no:
        detail = f"{declared.exporter} declared, {document.exporter.registration_no} notified (block 1)"
        return failed("CH10", detail, "/exporter")
    notified = {document.importer.registration_no, document.facility.registration_no}
    if declared.consignee not in notified:
        names = ", ".join(sorted(notified))
        return failed("CH10", f"{declared.consignee} declared, {names} notified (blocks 2, 10)", "/consignee")
    return passed("CH10", f"{declared.exporter} to {declared.consignee}, as notified")


def facility_is_licensed(examination: Examination) -> CheckResult:
    """Customs hear of a facility's permit from the authority that took its consent back because of it."""
    entry, document = examination.entry, examination.document
    if entry is None or document is None:
        return not_applicable("CH23", NO_NUMBER)
    facility = document.facility.registration_no
    for authority, verdict in sorted(entry.verdicts_on(examination.day).items()):
        if verdict.interrupted and verdict.ground in FACILITY_GROUNDS:
            since = f"{authority} took its consent back on {verdict.decided_on}"
            detail = f"{facility}: {since}, because of the permit of the facility"
            return failed("CH23", detail, "/consignee", _unless_it_left_before(examination))
    return passed("CH23", f"no authority says that the permit of {facility} ended")


def _unless_it_left_before(examination: Examination) -> Severity:
    """A load that was under way waits for the authority, which may name another facility."""
    said = taken_back_under_way(examination, "CH23")
    returned = said is not None and said.outcome == "fail" and said.severity == "BLOCK"
    return "BLOCK" if said is None or returned else "HOLD"


def guarantee_is_effective(examination: Examination) -> CheckResult:
    entry, day = examination.entry, examination.declared.border_date
    if entry is None:
        return not_applicable("CH17", NO_NUMBER)
    if any(_covers(guarantee, day) for guarantee in entry.guarantees.values()):
        return passed("CH17", f"a guarantee is approved and covers {day}")
    if (free := _free_of_guarantees(entry)) is not None:
        return not_applicable("CH17", f"no State of the route asks for one: {free.article}, {free.source}")
    why = "; ".join(_why_not(guarantee, day) for guarantee in entry.guarantees.values())
    return failed("CH17", why or "no guarantee is approved", "/number")


def _free_of_guarantees(entry: RegistryEntry) -> Governing | None:
    """The law that does without one, where no other State of the route asks for it."""
    document = entry.document
    if document is None or entry.lodged_on is None:
        return None
    asked = guarantee_of(document, entry.lodged_on)
    return None if asked.wanted else asked.law


def _covers(guarantee: Guarantee, day: date) -> bool:
    approved = guarantee.approved_on is not None and guarantee.released_on is None
    return approved and (guarantee.valid_to is None or day <= guarantee.valid_to)


def _why_not(guarantee: Guarantee, day: date) -> str:
    if guarantee.approved_on is None:
        return f"guarantee {guarantee.guarantee_id} is not approved"
    if guarantee.released_on is not None:
        return f"guarantee {guarantee.guarantee_id} was released on {guarantee.released_on}"
    return f"guarantee {guarantee.guarantee_id} ends on {guarantee.valid_to}, before {day}"
