"""CH13, CH14 and CH21: do tariff line, waste code, operation and what was found in the load fit together?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from customs_gateway.domain.checks.examination import (
    Examination,
    failed,
    not_applicable,
    not_yet_known,
    passed,
)
from pic_law.codes import Likelihood, find, likelihood, waste
from pic_law.contamination import Limit, limits
from pic_law.recycling import misfits
from pic_law.rules import Severity
from pic_schemas.messages import CheckResult, Composition

PLAUSIBLE: frozenset[Likelihood] = frozenset({"typical", "possible"})
DECLARED_AS_CLEAN = "listed-non-hazardous"
GUIDELINE_HOLDS: Severity = "HOLD"


def tariff_line_fits_the_waste_code(examination: Examination) -> CheckResult:
    declared, document = examination.declared, examination.document
    notified = document.waste_code if document else None
    if declared.basel_code and notified and declared.basel_code != notified:
        return failed("CH13", f"{declared.basel_code} declared, {notified} notified", "/basel_code")
    code = declared.basel_code or notified
    if code is None:
        return not_applicable("CH13", "no waste code is declared or notified")
    return _plausible(declared.hs, code, likelihood(declared.hs, code, declared.border_date))


def _plausible(hs: str, code: str, found: Likelihood | None) -> CheckResult:
    if found in PLAUSIBLE:
        return passed("CH13", f"{code} under {hs} is {found}")
    if found == "impossible":
        return not_applicable("CH13", f"{code} under {hs} is impossible, which CH14 says")
    return failed("CH13", f"{code} under {hs} is {found or 'in no line of the table'}", "/hs")


def code_and_operation_are_consistent(examination: Examination) -> CheckResult:
    declared, code, day = examination.declared, examination.code, examination.declared.border_date
    if code is None:
        return not_applicable("CH14", "no waste code is declared or notified")
    if likelihood(declared.hs, code, day) == "impossible":
        return failed("CH14", f"{code} cannot be {declared.hs}", "/hs")
    if not examination.operations:
        return not_applicable("CH14", "no operation is declared")
    if wrong := list(misfits(code, examination.operations, day)):
        return failed("CH14", "; ".join(wrong), "/operations")
    return passed("CH14", f"{code} for {', '.join(examination.operations)}")


def load_is_as_clean_as_declared(examination: Examination) -> CheckResult:
    """Only waste that is declared as clean has a limit; what was found counts, whoever looked."""
    code, day = examination.code, examination.declared.border_date
    stated = waste(code, day) if code else None
    if code is None or stated is None or stated.waste_class != DECLARED_AS_CLEAN:
        return not_applicable("CH21", "the load is not declared as clean")
    origin, destination, _ = examination.route
    first = find("operation", examination.operations[0], day) if examination.operations else None
    known = limits(origin, destination, code, first is None or first.kind == "R", day)
    if examination.composition is None:
        return _not_looked_into(examination, known)
    return _found(code, examination.composition, known)


def _not_looked_into(examination: Examination, known: Sequence[Limit]) -> CheckResult:
    for limit in known:
        if limit.inspected_first and limit.destination == examination.office_state:
            return not_yet_known("CH21", f"{limit.id}: {limit.title}; nobody has looked inside", basis=limit)
    return not_applicable("CH21", "the load was not inspected")


def _found(code: str, composition: Composition, known: Sequence[Limit]) -> CheckResult:
    found: dict[str, Decimal] = {one.kind: composition.percent(one.kind) for one in composition.contaminants}
    for limit in sorted(known, key=lambda one: not one.binding):
        if above := list(limit.exceeded(found)):
            severity = None if limit.binding else GUIDELINE_HOLDS
            detail = f"not {code} by {limit.id}: {'; '.join(above)}"
            return failed("CH21", detail, "/basel_code", severity, limit)
    if not known and composition.total:
        detail = (
            f"{composition.total.normalize():f} % of other material; no number says whether that is {code}"
        )
        return failed("CH21", detail, "/basel_code", GUIDELINE_HOLDS)
    return passed("CH21", f"{composition.total.normalize():f} % of other material is within the limits")
