"""CH01 and CH13: do these goods need a notification, and do tariff line and waste code fit together?"""

from __future__ import annotations

from customs_gateway.domain.checks.examination import (
    Examination,
    failed,
    not_applicable,
    passed,
)
from pic_law.codes import Likelihood, hs_entry, likelihood, waste
from pic_schemas.messages import CheckResult

PLAUSIBLE: frozenset[Likelihood] = frozenset({"typical", "possible"})
NEEDS_NO_CONSENT = "listed-non-hazardous"


def notification_is_cited(examination: Examination) -> CheckResult:
    """Whether a State nevertheless controls an Annex IX waste is asked where prohibitions are."""
    declared, day = examination.declared, examination.declared.border_date
    if declared.number is not None:
        return passed("CH01", f"{declared.number} is cited")
    if declared.basel_code is not None:
        stated = waste(declared.basel_code, day)
        if stated is not None and stated.waste_class == NEEDS_NO_CONSENT:
            return passed("CH01", f"{stated.code} needs no prior informed consent")
        return failed("CH01", f"{declared.basel_code} is declared and no notification cited", "/number")
    line = hs_entry(declared.hs, day)
    if line is not None and line.watched:
        return failed("CH01", f"{declared.hs} is watched: neither notification nor waste code", "/number")
    return not_applicable("CH01", f"{declared.hs} is not watched and no waste code is declared")


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
    detail = f"{code} under {hs} is {found or 'in no line of the table'}"
    return failed("CH13", detail, "/hs", "BLOCK" if found == "impossible" else None)
