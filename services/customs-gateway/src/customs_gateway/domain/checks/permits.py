"""CH18: the permit that a State on the route asks for at its own border."""

from __future__ import annotations

from customs_gateway.domain.checks.examination import Examination, failed, not_applicable, passed
from pic_law.requirements import Requirement, requirements
from pic_law.rules import Severity
from pic_schemas.messages import CheckResult
from pic_schemas.refusal import Refused


def national_permits_are_cited(examination: Examination) -> CheckResult:
    """A permit is cited by the id that `requirements` gives it, as the type of an additional document."""
    try:
        asked = _asked(examination)
    except Refused as refusal:
        return not_applicable("CH18", str(refusal))
    if not asked:
        return not_applicable("CH18", f"{examination.office_state} asks for no permit at its border")
    cited = {one.type: one.id for one in examination.declared.documents}
    if missing := [one for one in asked if one.id not in cited]:
        said = "; ".join(f"{one.id}: {one.title}" for one in missing)
        # What was not re-read in its source is asked for, and does not end the matter.
        severity: Severity = "BLOCK" if any(one.verified for one in missing) else "HOLD"
        return failed("CH18", f"not cited: {said}", "/documents", severity, missing[0])
    return passed("CH18", ", ".join(f"{one.id} {cited[one.id]}" for one in asked), asked[0])


def _asked(examination: Examination) -> list[Requirement]:
    """The permits of this border. Raises `Refused` for a code that is out of date."""
    code, day = examination.code, examination.declared.border_date
    if code is None:
        return []
    origin, destination, transits = examination.route
    place = {"export": origin, "import": destination}.get(examination.direction, examination.office_state)
    if place != examination.office_state:
        return []
    operation = examination.operations[0] if examination.operations else None
    asked = requirements(origin, destination, code, day, transits=transits, operation=operation)
    at = f"customs-{examination.direction}"
    ours = (one for one in asked if one.transit in (None, examination.office_state))
    return [one for one in ours if one.kind == "permit" and one.at == at]
