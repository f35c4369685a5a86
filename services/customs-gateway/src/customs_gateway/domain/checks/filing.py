"""CH25: does the export filing state the number of every consent, where the State of export wants it?"""

from __future__ import annotations

from customs_gateway.domain.checks.examination import Examination, failed, not_applicable, passed
from pic_law.border_papers import paper
from pic_law.governing import Governing, governing
from pic_schemas.documents.notification import NotificationDocument
from pic_schemas.messages import CheckResult


def filing_states_the_consent_numbers(examination: Examination) -> CheckResult:
    """One EPA consent number for each waste stream, in the electronic export information."""
    entry, document = examination.entry, examination.document
    if entry is None or document is None or examination.direction != "export":
        return not_applicable("CH25", "no export under a notification")
    asked = _asked(examination, document)
    if asked.duty is None:
        return not_applicable("CH25", f"{examination.office_state} asks for no consent number in the filing")
    code = paper("consent-number", examination.declared.border_date).code
    stated = {one.id for one in examination.declared.documents if code in (one.type, one.category + one.type)}
    issued = {one.number for one in entry.authorisation.consent_numbers} if entry.authorisation else set()
    if not issued:
        return failed("CH25", "no consent number was issued", "/documents", basis=asked)
    if missing := issued - stated:
        return failed("CH25", f"not stated: {', '.join(sorted(missing))}", "/documents", basis=asked)
    if strange := stated - issued:
        return failed("CH25", f"never issued: {', '.join(sorted(strange))}", "/documents", basis=asked)
    return passed("CH25", f"stated: {', '.join(sorted(stated))}", asked)


def _asked(examination: Examination, document: NotificationDocument) -> Governing:
    entry = examination.entry
    lodged_on = entry.lodged_on if entry else None
    return governing(
        "customs_filing",
        state=examination.office_state,
        role="export",
        origin=document.states.export,
        destination=document.states.import_,
        waste_code=document.waste_code,
        recovery=document.recovery,
        lodged_on=lodged_on or examination.declared.border_date,
    )
