"""The field's words for states, seats, outcomes and countries."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pic_law.countries import countries
from pic_law.duties import profiles

STATES: Mapping[str, str] = {
    "OPENED": "No notification",
    "DRAFT": "Draft",
    "SUBMITTED": "Submitted",
    "INFO_REQUESTED_EXPORT": "Information asked for by the State of export",
    "INFO_REQUESTED": "Information asked for",
    "CHANGE_PENDING": "Change waits for agreement",
    "INVALID": "Declared invalid",
    "WITHDRAWN": "Withdrawn",
    "CARRIED_OUT": "Properly carried out",
    "TRANSMITTED": "Transmitted",
    "UNDER_DECISION": "Under decision",
    "CONSENTED": "Consented",
    "OBJECTED": "Objected",
    "SUSPENDED": "Suspended",
    "CONSENT_WITHDRAWN": "Consent withdrawn",
    "TAKE_BACK_PENDING": "To be taken back or disposed of",
    "RETURNING": "On its way back",
    "TAKEN_BACK": "Taken back",
    "DISPOSED_OTHERWISE": "Disposed of otherwise",
    "DISPOSED_BY_IMPORT_STATE": "Disposed of by the State of import",
    "ALTERNATIVE_TREATMENT": "Treated at another facility",
    "COOPERATION": "The States cooperate",
    "OPENED_FAILURE": "Failed",
    "ORDERED": "Ordered",
    "OVERDUE": "Overdue",
    "INTERIM_COMPLETED": "Interim operation completed",
    "EXPIRED": "Expired",
    "EXHAUSTED": "Used up",
    "UNDER_PROHIBITION": "Under a prohibition",
    "CLOSED": "Closed",
    "PRENOTIFIED": "Announced",
    "CANCELLATION_REQUESTED": "Cancellation asked for",
    "CANCELLED": "Cancelled",
    "EXPORT_CLEARED": "Cleared for export",
    "DEPARTED": "Departed",
    "EXITED": "Left the State of export",
    "IN_TRANSIT": "In transit",
    "TRANSIT_LEFT": "Left the State of transit",
    "ENTERED": "Entered the State of import",
    "ARRIVED": "At the facility",
    "RECEIVED": "Received",
    "PARTIALLY_REJECTED": "Partly rejected",
    "REJECTED": "Rejected",
    "OVERDUE_RECEIPT": "No receipt in time",
    "OVERDUE_CERTIFICATE": "No certificate in time",
    "COMPLETED": "Recovery or disposal completed",
    "DECLARED": "Declared",
    "HELD": "Held",
    "RELEASED": "Released",
    "REFUSED": "Refused",
    "DECLARATION_WITHDRAWN": "Declaration withdrawn",
    "UNDER_INSPECTION": "Under inspection",
    "green": "Green: released on its papers",
    "yellow": "Yellow: the papers are looked at",
    "red": "Red: the load is looked into",
    "blue": "Blue: audited after release",
    "DETAINED": "Detained",
    "ILLEGAL_TRAFFIC": "Illegal traffic",
    "SEIZED": "Seized",
    "RETURNED": "Returned",
    "DISPOSED_LOCALLY": "Disposed of where it was kept",
    "RELEASED_BY_CA_DECISION": "Let go by decision of an authority",
    "released": "Released",
    "held": "Held",
    "refused": "Refused",
    "consent": "Consent",
    "consent-with-conditions": "Consent with conditions",
    "objection": "Objection",
    "not-consent": "No consent",
    "tacit-consent": "Consent by silence",
    "withdrawn": "Withdrawn",
    "suspended": "Suspended",
    "PROHIBITED": "Prohibited",
    "PIC": "Prior informed consent",
    "PIC_TACIT": "Prior informed consent, tacit where the law allows",
    "GENERAL_INFO": "General information (green list)",
    "NONE": "No control procedure",
    "pass": "Passed",
    "fail": "Failed",
    "not-applicable": "Not applicable",
    "not-yet-known": "Not yet known",
}
STAGES = ("DRAFT", "SUBMITTED", "CARRIED_OUT", "TRANSMITTED", "UNDER_DECISION", "CONSENTED", "CLOSED")
INSTEAD: Mapping[str, str] = {
    "INFO_REQUESTED_EXPORT": "SUBMITTED",
    "INVALID": "CARRIED_OUT",
    "INFO_REQUESTED": "TRANSMITTED",
    "WITHDRAWN": "CONSENTED",
    "OBJECTED": "CONSENTED",
    "CHANGE_PENDING": "CONSENTED",
    "SUSPENDED": "CONSENTED",
    "CONSENT_WITHDRAWN": "CONSENTED",
    "EXPIRED": "CONSENTED",
    "EXHAUSTED": "CONSENTED",
    "UNDER_PROHIBITION": "CONSENTED",
}
"""The stage whose place a state takes that is not on the straight way."""
ROLES: Mapping[str, str] = {
    "exporter": "Exporter",
    "competent-authority": "Competent authority",
    "customs": "Customs",
    "carrier": "Carrier",
    "facility": "Facility",
    "observer": "Observer",
    "operator": "Operator",
    "exchange": "Exchange",
}
GOOD = {
    "CONSENTED",
    "CLOSED",
    "COMPLETED",
    "RECEIVED",
    "RELEASED",
    "released",
    "consent",
    "consent-with-conditions",
    "tacit-consent",
    "pass",
}
BAD = {
    "OBJECTED",
    "INVALID",
    "WITHDRAWN",
    "SUSPENDED",
    "CONSENT_WITHDRAWN",
    "withdrawn",
    "suspended",
    "REJECTED",
    "REFUSED",
    "DETAINED",
    "ILLEGAL_TRAFFIC",
} | {
    "refused",
    "red",
    "objection",
    "not-consent",
    "fail",
}


def state(name: str | None) -> str:
    return STATES.get(name or "", (name or "open").replace("_", " ").replace("-", " ").capitalize())


def role(name: str) -> str:
    return ROLES.get(name, name.capitalize())


def tone(name: str | None) -> str:
    return "good" if name in GOOD else "bad" if name in BAD else "wait"


PROFILE = re.compile(r"\(([A-Z][A-Z0-9_]+)\)$")


def basis(article: str) -> str:
    """What something rests on, as told to a reader: the law by its name, and not everything is law."""
    found = PROFILE.search(article)
    if found is not None and found[1] in profiles():
        law = profiles()[found[1]].title.partition(", notifications")[0]
        article = f"{article[: found.start()]}({law})"
    return article.replace("design:", "Rule of the exchange:")


def country(code: str) -> str:
    """The name of a State that the law knows, else its code."""
    known = countries().get(code)
    return known.name if known else code


def stages(standing: str) -> list[tuple[str, str]]:
    """The procedure as steps, each `done`, `here` or `ahead`; a step aside takes the place of a stage."""
    place_of = INSTEAD.get(standing)
    steps = [standing if name == place_of else name for name in STAGES]
    here = steps.index(standing) if standing in steps else -1
    marks = ("done" if place < here else "here" if place == here else "ahead" for place in range(len(steps)))
    return list(zip(steps, marks, strict=True))
