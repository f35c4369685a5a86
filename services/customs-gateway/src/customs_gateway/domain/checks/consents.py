"""CH02 to CH05: is the notification known, consented by everyone on the route, and valid on the day?"""

from __future__ import annotations

from collections.abc import Mapping

from customs_gateway.domain.checks.examination import (
    Examination,
    failed,
    not_applicable,
    not_yet_known,
    passed,
)
from customs_gateway.domain.standing import IN_FORCE, Standing
from customs_gateway.domain.verdict import Verdict
from pic_schemas.documents.route import States
from pic_schemas.messages import AuthorityConcerned, CheckResult

NO_NUMBER = "the declaration cites no notification"


def number_is_known(examination: Examination) -> CheckResult:
    entry = examination.entry
    if entry is None:
        return not_applicable("CH02", NO_NUMBER)
    return passed("CH02", f"{entry.number} is in the registry")


def notification_is_authorised(examination: Examination) -> CheckResult:
    entry = examination.entry
    if entry is None:
        return not_applicable("CH03", NO_NUMBER)
    standing = entry.standing_on(examination.day)
    if standing in IN_FORCE and entry.authorisation is not None:
        how = f"{entry.authorisation.how}, {entry.authorisation.authorisation_no}"
        ended = f", and ended with {entry.ended_with}" if standing is Standing.EXPIRED else ""
        return passed("CH03", f"{entry.number} is authorised ({how}){ended}")
    if (under_way := taken_back_under_way(examination, "CH03")) is not None:
        return under_way
    return failed("CH03", f"{entry.number} is {standing}, not authorised", "/number")


def every_authority_has_consented(examination: Examination) -> CheckResult:
    entry, document = examination.entry, examination.document
    if entry is None or document is None:
        return not_applicable("CH04", NO_NUMBER)
    if not _on_the_route(examination, document.states):
        where = f"{examination.office_state} is not the State of {examination.direction} on the route"
        return failed("CH04", f"{where} {' > '.join(document.states.all)}", "/office")
    verdicts = entry.verdicts_on(examination.day)
    if against := [one for one in entry.voting if not _consented(verdicts, one)]:
        if (under_way := taken_back_under_way(examination, "CH04")) is not None:
            return under_way
        return failed("CH04", "; ".join(_why_not(verdicts, one) for one in against), "/number")
    if entry.unread_decisions:
        named = ", ".join(f"{one.authority} version {one.decision_version}" for one in entry.unread_decisions)
        return not_yet_known("CH04", f"the authorisation rests on decisions not read here yet: {named}")
    return passed("CH04", "consented: " + ", ".join(one.authority for one in entry.voting))


def taken_back_under_way(examination: Examination, check: str) -> CheckResult | None:
    """A load that left before its consents were taken back: the authority said what becomes of it."""
    entry, movement = examination.entry, examination.movement
    if entry is None or examination.direction == "export":
        return None
    standing = entry.standing_on(examination.day)
    if standing not in TAKEN_BACK:
        return None
    if movement is None or movement.exited_on is None:
        return None
    said = f"{entry.number} is {standing}; shipment {movement.shipment} left on {movement.exited_on}"
    for word in ("return", "hold", "continue"):
        if word in entry.in_transit_on(examination.day):
            return _as_they_said(check, word, said)
    return None


def _as_they_said(check: str, word: str, said: str) -> CheckResult:
    if word == "continue":
        return passed(check, f"{said}, and may continue")
    if word == "hold":
        return failed(check, f"{said}, and is held for the authority", "/number", "HOLD")
    return failed(check, f"{said}, and is returned", "/number")


TAKEN_BACK = (Standing.WITHDRAWN, Standing.SUSPENDED)


def day_is_inside_the_window(examination: Examination) -> CheckResult:
    entry, declared = examination.entry, examination.declared.border_date
    if entry is None:
        return not_applicable("CH05", NO_NUMBER)
    if entry.window is None:
        return not_applicable("CH05", "nothing is authorised, so there is no window")
    start, end = entry.window
    day = declared if declared < start else examination.day
    if start <= day <= end:
        return passed("CH05", f"{day} is within {start} to {end}")
    detail = f"{day} is outside {start} to {end}"
    if _departed_in_time(examination):
        # The law asks shipments to take place within the validity; the authority decides about this one.
        return failed("CH05", f"{detail}, but the load departed within it", "/border_date", "HOLD")
    return failed("CH05", detail, "/border_date")


def _departed_in_time(examination: Examination) -> bool:
    entry, movement = examination.entry, examination.movement
    if entry is None or entry.window is None or movement is None or movement.departed_on is None:
        return False
    start, end = entry.window
    return examination.direction != "export" and start <= movement.departed_on <= end


def _on_the_route(examination: Examination, states: States) -> bool:
    places = {"export": (states.export,), "transit": states.transit, "import": (states.import_,)}
    return examination.office_state in places[examination.direction]


def _consented(verdicts: Mapping[str, Verdict], authority: AuthorityConcerned) -> bool:
    verdict = verdicts.get(authority.authority)
    return verdict is not None and verdict.consents


def _why_not(verdicts: Mapping[str, Verdict], authority: AuthorityConcerned) -> str:
    verdict = verdicts.get(authority.authority)
    if verdict is None:
        return f"{authority.authority} ({authority.role}) has not decided"
    return f"{authority.authority} ({authority.role}): {verdict.verdict}, version {verdict.version}"
