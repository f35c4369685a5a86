"""The life of a notification as one table: which act is possible in which state, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from notifier.domain.refusals import refused
from pic_schemas.refusal import Refused


class State(StrEnum):
    """Where a notification stands in the State of export."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    INFO_REQUESTED_EXPORT = "INFO_REQUESTED_EXPORT"
    CARRIED_OUT = "CARRIED_OUT"
    TRANSMITTED = "TRANSMITTED"
    INFO_REQUESTED = "INFO_REQUESTED"
    UNDER_DECISION = "UNDER_DECISION"
    CONSENTED = "CONSENTED"
    CHANGE_PENDING = "CHANGE_PENDING"
    OBJECTED = "OBJECTED"
    INVALID = "INVALID"
    WITHDRAWN = "WITHDRAWN"
    SUSPENDED = "SUSPENDED"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    EXPIRED = "EXPIRED"
    EXHAUSTED = "EXHAUSTED"
    UNDER_PROHIBITION = "UNDER_PROHIBITION"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class Step:
    """An act: the states in which it may happen, the state that follows (None: the same), what forbids it."""

    act: str
    before: tuple[State, ...]
    after: State | None
    basis: str
    rule: str = "STATE_FORBIDS"


# fmt: off
(DRAFT, SUBMITTED, INFO_REQUESTED_EXPORT, CARRIED_OUT, TRANSMITTED, INFO_REQUESTED, UNDER_DECISION, CONSENTED,
 CHANGE_PENDING, OBJECTED, INVALID, WITHDRAWN, SUSPENDED, CONSENT_WITHDRAWN, EXPIRED, EXHAUSTED,
 UNDER_PROHIBITION, CLOSED) = State
HINDERED = (OBJECTED, SUSPENDED, UNDER_PROHIBITION)
UNDECIDED = (TRANSMITTED, INFO_REQUESTED, UNDER_DECISION)
ENDED = (EXPIRED, EXHAUSTED)
ASKED = (*UNDECIDED, CONSENTED, CHANGE_PENDING, *HINDERED, *ENDED)
HERE = (SUBMITTED, INFO_REQUESTED_EXPORT, CARRIED_OUT)
ALIVE = (*HERE, *UNDECIDED, CONSENTED, CHANGE_PENDING, SUSPENDED, UNDER_PROHIBITION)
OVER = (OBJECTED, INVALID, WITHDRAWN, CONSENT_WITHDRAWN)
LIFE: tuple[Step, ...] = (
    Step("revise",            (DRAFT,),              None,           "Basel Annex V A"),
    Step("submit",            (DRAFT,),              SUBMITTED,      "Basel Art. 6(1)"),
    Step("attach",            (DRAFT, *ALIVE, OBJECTED, *ENDED), None,        "Basel Annex V A"),
    Step("lodge guarantee",   (*ALIVE, *ENDED),      None,           "WSR 1013/2006 Art. 6(3)"),
    Step("approve guarantee", (*ALIVE, *ENDED),      None,           "WSR 1013/2006 Art. 6(4)"),
    Step("ask",               (SUBMITTED,),          INFO_REQUESTED_EXPORT, "WSR 2024/1157 Art. 8(2), (4)"),
    Step("answer",            (INFO_REQUESTED_EXPORT, *ASKED), None, "WSR 2024/1157 Art. 8(3)"),
    Step("resume checking",   (INFO_REQUESTED_EXPORT, UNDER_PROHIBITION), SUBMITTED,
         "WSR 2024/1157 Art. 8(3)"),
    Step("declare invalid",   (SUBMITTED, INFO_REQUESTED_EXPORT), INVALID, "WSR 2024/1157 Art. 8"),
    Step("carry out",         (SUBMITTED,),          CARRIED_OUT,    "WSR 1013/2006 Art. 7(1)"),
    Step("transmit",          (CARRIED_OUT,),        TRANSMITTED,    "Basel Art. 6(1)",    "NOT_CARRIED_OUT"),
    Step("await information", (TRANSMITTED, UNDER_PROHIBITION), INFO_REQUESTED, "WSR 1013/2006 Art. 8(1)"),
    Step("resume waiting",    (INFO_REQUESTED, UNDER_PROHIBITION), TRANSMITTED, "WSR 1013/2006 Art. 8(1)"),
    Step("await decisions",   (TRANSMITTED, INFO_REQUESTED, *HINDERED), UNDER_DECISION, "Basel 6(2)"),
    Step("consent",           (*UNDECIDED, *HINDERED, *ENDED), CONSENTED, "Basel Art. 6(3)"),
    Step("object",            ASKED,                 OBJECTED,       "Basel Art. 6(2), (4)"),
    Step("suspend consent",   ASKED,                 SUSPENDED,      "SOR/2021-25 s. 12, 24"),
    Step("withdraw consent",  ASKED,                 CONSENT_WITHDRAWN, "WSR 1013/2006 Art. 9(8)"),
    Step("record silence",    ASKED,                 None,           "Basel Art. 6(4)"),
    Step("record on paper",   ASKED,                 None,           "Basel Art. 6(2), (4)"),
    Step("withdraw",          (*HERE, *UNDECIDED, UNDER_PROHIBITION), WITHDRAWN, "Basel Art. 6(1)"),
    Step("authorise",         (CONSENTED,),          None,           "Basel Art. 6(3)",    "CONSENT_MISSING"),
    Step("prenotify",         (CONSENTED,),          None,           "Basel Art. 6(3)(a)", "CONSENT_MISSING"),
    Step("change",            (SUBMITTED, CARRIED_OUT, *UNDECIDED, CONSENTED), None, "WSR 1013/2006 Art. 17"),
    Step("await agreement",   (CONSENTED, SUSPENDED, UNDER_PROHIBITION), CHANGE_PENDING,
         "WSR 1013/2006 Art. 17(1)"),
    Step("answer change",     ALIVE,                 None,           "WSR 1013/2006 Art. 17(2)"),
    Step("end change",        (CHANGE_PENDING,),     CONSENTED,      "WSR 1013/2006 Art. 17(2)"),
    Step("expire",            (CONSENTED, *HINDERED, EXHAUSTED), EXPIRED, "WSR 1013/2006 Art. 9(4), (6)"),
    Step("exhaust",           (CONSENTED, *HINDERED, EXPIRED), EXHAUSTED, "WSR 1013/2006 Annex IC p. 17"),
    Step("prohibit",          (*HERE, *UNDECIDED, CONSENTED, CHANGE_PENDING, OBJECTED, SUSPENDED),
         UNDER_PROHIBITION, "Basel Art. 4(1)"),
    Step("lift prohibition",  (UNDER_PROHIBITION,),  None,           "Basel Art. 4(1), 13(2)"),
    Step("resume asking",     (UNDER_PROHIBITION,),  INFO_REQUESTED_EXPORT, "Basel Art. 13(2)"),
    Step("resume sending",    (UNDER_PROHIBITION,),  CARRIED_OUT,    "Basel Art. 13(2)"),
    Step("release guarantee", (*ALIVE, *OVER, *ENDED, CLOSED), None, "WSR 1013/2006 Art. 6(5)"),
    Step("lapse",             (OBJECTED,),           CLOSED,         "WSR 1013/2006 Art. 11(5), 12(4)"),
    Step("close",             (CONSENTED, *ENDED, *OVER), CLOSED,    "WSR 1013/2006 Art. 16(e)"),
)
# fmt: on
STEPS = {step.act: step for step in LIFE}
# What the answers of the authorities come to, and the step that says so.
REACHED_BY = {
    TRANSMITTED: "resume waiting",
    INFO_REQUESTED: "await information",
    UNDER_DECISION: "await decisions",
    CONSENTED: "consent",
    EXPIRED: "expire",
    EXHAUSTED: "exhaust",
    UNDER_PROHIBITION: "prohibit",
    INFO_REQUESTED_EXPORT: "resume asking",
    SUBMITTED: "resume checking",
    CARRIED_OUT: "resume sending",
    CHANGE_PENDING: "await agreement",
    SUSPENDED: "suspend consent",
    CONSENT_WITHDRAWN: "withdraw consent",
    OBJECTED: "object",
}


def forbidden(act: str, state: State) -> Refused:
    """Why this act is not possible now, and which acts would have to come first."""
    step, way = STEPS[act], way_to(act, state)
    detail = f"the notification is {state}; to {act} it must be {' or '.join(step.before)}"
    needs = f"first: {', '.join(way)}" if way else f"nothing: from {state} no act leads there"
    return refused(step.rule, detail, needs=needs)


def way_to(act: str, state: State) -> tuple[str, ...]:
    """The fewest acts that lead from a state to where this act is possible; empty if none do."""
    ways: list[tuple[State, tuple[str, ...]]] = [(state, ())]
    seen = {state}
    for here, way in ways:
        if here in STEPS[act].before:
            return way
        for step in LIFE:
            if step.act == "prohibit":
                continue  # what stops everything is no way to anything
            if here in step.before and step.after is not None and step.after not in seen:
                seen.add(step.after)
                ways.append((step.after, (*way, step.act)))
    return ()
