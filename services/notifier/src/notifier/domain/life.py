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
    CARRIED_OUT = "CARRIED_OUT"
    TRANSMITTED = "TRANSMITTED"
    UNDER_DECISION = "UNDER_DECISION"
    CONSENTED = "CONSENTED"
    OBJECTED = "OBJECTED"
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
(DRAFT, SUBMITTED, CARRIED_OUT, TRANSMITTED, UNDER_DECISION, CONSENTED, OBJECTED, CLOSED) = State
ASKED = (TRANSMITTED, UNDER_DECISION, CONSENTED, OBJECTED)
ALIVE = (SUBMITTED, CARRIED_OUT, TRANSMITTED, UNDER_DECISION, CONSENTED)
LIFE: tuple[Step, ...] = (
    Step("revise",            (DRAFT,),              None,           "Basel Annex V A"),
    Step("submit",            (DRAFT,),              SUBMITTED,      "Basel Art. 6(1)"),
    Step("attach",            (DRAFT, *ALIVE, OBJECTED), None,           "Basel Annex V A"),
    Step("lodge guarantee",   ALIVE,                 None,           "WSR 1013/2006 Art. 6(3)"),
    Step("approve guarantee", ALIVE,                 None,           "WSR 1013/2006 Art. 6(4)"),
    Step("carry out",         (SUBMITTED,),          CARRIED_OUT,    "WSR 1013/2006 Art. 7(1)"),
    Step("transmit",          (CARRIED_OUT,),        TRANSMITTED,    "Basel Art. 6(1)",    "NOT_CARRIED_OUT"),
    Step("await decisions",   ASKED,                 UNDER_DECISION, "Basel Art. 6(2), (4)"),
    Step("consent",           ASKED,                 CONSENTED,      "Basel Art. 6(3)"),
    Step("object",            ASKED,                 OBJECTED,       "Basel Art. 6(2), (4)"),
    Step("record silence",    ASKED,                 None,           "Basel Art. 6(4)"),
    Step("record on paper",   ASKED,                 None,           "Basel Art. 6(2), (4)"),
    Step("authorise",         (CONSENTED,),          None,           "Basel Art. 6(3)",    "CONSENT_MISSING"),
    Step("prenotify",         (CONSENTED,),          None,           "Basel Art. 6(3)(a)", "CONSENT_MISSING"),
    Step("release guarantee", (*ALIVE, OBJECTED),    None,           "WSR 1013/2006 Art. 6(5)"),
    Step("close",             (CONSENTED, OBJECTED), CLOSED,         "WSR 1013/2006 Art. 16(e)"),
)
# fmt: on
STEPS = {step.act: step for step in LIFE}
REACHED_BY = {step.after: step.act for step in LIFE if step.after}


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
            if here in step.before and step.after is not None and step.after not in seen:
                seen.add(step.after)
                ways.append((step.after, (*way, step.act)))
    return ()
