"""What an authority may do with a notification, by where it stands at its desk; the same on paper."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from pic_law.rules import rule


class FileState(StrEnum):
    """Where a notification stands at one authority's desk."""

    RECEIVED = "RECEIVED"
    INFO_REQUESTED = "INFO_REQUESTED"
    IN_REVIEW = "IN_REVIEW"
    IN_REVIEW_INFO_REQUESTED = "IN_REVIEW_INFO_REQUESTED"
    CONSENT = "CONSENT"
    CONSENT_WITH_CONDITIONS = "CONSENT_WITH_CONDITIONS"
    OBJECTION = "OBJECTION"
    NOT_CONSENT = "NOT_CONSENT"
    TACIT_CONSENT = "TACIT_CONSENT"
    CLOSED = "CLOSED"
    SUSPENDED = "SUSPENDED"
    WITHDRAWN = "WITHDRAWN"


class Act(StrEnum):
    """What an authority does or hears: it answers, takes its verdict, and may take a consent back."""

    ASK = "ask"
    HEAR_ANSWER = "hear-answer"
    ANSWER_CHANGE = "answer-change"
    ACKNOWLEDGE = "acknowledge"
    CONFIRM_CONTRACT = "confirm-contract"
    CONSENT = "consent"
    CONSENT_WITH_CONDITIONS = "consent-with-conditions"
    OBJECTION = "objection"
    NOT_CONSENT = "not-consent"
    WITHDRAW = "withdraw"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"


# DIWASS Art. 17(11): consent to objection, objection to consent, conditions added, modified and removed.
DESK: Mapping[FileState, Mapping[Act, FileState]] = {
    FileState.RECEIVED: {Act.ACKNOWLEDGE: FileState.IN_REVIEW, Act.ASK: FileState.INFO_REQUESTED},
    # What is not complete is not acknowledged: the answer comes first (WSR 1013/2006 Art. 8).
    FileState.INFO_REQUESTED: {Act.HEAR_ANSWER: FileState.RECEIVED},
    FileState.IN_REVIEW: {
        Act.CONFIRM_CONTRACT: FileState.IN_REVIEW,
        Act.ASK: FileState.IN_REVIEW_INFO_REQUESTED,
        Act.CONSENT: FileState.CONSENT,
        Act.CONSENT_WITH_CONDITIONS: FileState.CONSENT_WITH_CONDITIONS,
        Act.OBJECTION: FileState.OBJECTION,
        Act.NOT_CONSENT: FileState.NOT_CONSENT,
    },
    # Who asks may still decide before the answer comes.
    FileState.IN_REVIEW_INFO_REQUESTED: {
        Act.HEAR_ANSWER: FileState.IN_REVIEW,
        Act.CONFIRM_CONTRACT: FileState.IN_REVIEW_INFO_REQUESTED,
        Act.CONSENT: FileState.CONSENT,
        Act.CONSENT_WITH_CONDITIONS: FileState.CONSENT_WITH_CONDITIONS,
        Act.OBJECTION: FileState.OBJECTION,
        Act.NOT_CONSENT: FileState.NOT_CONSENT,
    },
    # What was announced for a later day is lifted before that day came.
    FileState.CONSENT: {
        Act.REINSTATE: FileState.CONSENT,
        Act.CONFIRM_CONTRACT: FileState.CONSENT,
        Act.ANSWER_CHANGE: FileState.CONSENT,
        Act.CONSENT_WITH_CONDITIONS: FileState.CONSENT_WITH_CONDITIONS,
        Act.OBJECTION: FileState.OBJECTION,
        Act.WITHDRAW: FileState.WITHDRAWN,
        Act.SUSPEND: FileState.SUSPENDED,
    },
    FileState.CONSENT_WITH_CONDITIONS: {
        Act.REINSTATE: FileState.CONSENT_WITH_CONDITIONS,
        Act.CONFIRM_CONTRACT: FileState.CONSENT_WITH_CONDITIONS,
        Act.ANSWER_CHANGE: FileState.CONSENT_WITH_CONDITIONS,
        Act.CONSENT: FileState.CONSENT,
        Act.CONSENT_WITH_CONDITIONS: FileState.CONSENT_WITH_CONDITIONS,
        Act.OBJECTION: FileState.OBJECTION,
        Act.WITHDRAW: FileState.WITHDRAWN,
        Act.SUSPEND: FileState.SUSPENDED,
    },
    FileState.OBJECTION: {
        Act.CONFIRM_CONTRACT: FileState.OBJECTION,
        Act.ASK: FileState.OBJECTION,
        Act.HEAR_ANSWER: FileState.OBJECTION,
        Act.CONSENT: FileState.CONSENT,
        Act.CONSENT_WITH_CONDITIONS: FileState.CONSENT_WITH_CONDITIONS,
    },
    FileState.NOT_CONSENT: {},
    # Reached by the silence that the State of export records; what the authority says supersedes it.
    FileState.TACIT_CONSENT: {
        Act.REINSTATE: FileState.TACIT_CONSENT,
        Act.CONFIRM_CONTRACT: FileState.TACIT_CONSENT,
        Act.ANSWER_CHANGE: FileState.TACIT_CONSENT,
        Act.CONSENT: FileState.CONSENT,
        Act.CONSENT_WITH_CONDITIONS: FileState.CONSENT_WITH_CONDITIONS,
        Act.OBJECTION: FileState.OBJECTION,
        Act.WITHDRAW: FileState.WITHDRAWN,
        Act.SUSPEND: FileState.SUSPENDED,
    },
    FileState.CLOSED: {},
    # Lifted, the consent stands again that stood before; withdrawn, nothing follows but a new notification.
    FileState.SUSPENDED: {Act.REINSTATE: FileState.CONSENT, Act.WITHDRAW: FileState.WITHDRAWN},
    FileState.WITHDRAWN: {},
}

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


def needs(table: Mapping[S, Mapping[A, S]], state: S, act: A) -> str:
    """The fewest acts that lead from a state to where this one is possible."""
    ways: list[tuple[S, tuple[A, ...]]] = [(state, ())]
    seen = {state}
    for here, way in ways:
        if act in table[here]:
            return f"first: {', '.join(before.value for before in way)}"
        for next_act, after in table[here].items():
            if after not in seen:
                seen.add(after)
                ways.append((after, (*way, next_act)))
    return f"nothing: from {state.value} no act leads there"


UNDECIDED = frozenset(
    {
        FileState.RECEIVED,
        FileState.INFO_REQUESTED,
        FileState.IN_REVIEW,
        FileState.IN_REVIEW_INFO_REQUESTED,
    }
)
VERDICTS = frozenset({Act.CONSENT, Act.CONSENT_WITH_CONDITIONS, Act.OBJECTION, Act.NOT_CONSENT})
ON_PAPER = (
    Act.ACKNOWLEDGE,
    Act.CONFIRM_CONTRACT,
    Act.CONSENT,
    Act.CONSENT_WITH_CONDITIONS,
    Act.OBJECTION,
    Act.NOT_CONSENT,
)
"""What the authority of export may record for an authority that is not on the exchange."""


def next_state(state: FileState, act: Act) -> FileState:
    """Where the act leads. Raises Refused: ALREADY_DECIDED for one verdict too many, else STATE_FORBIDS."""
    found = DESK[state].get(act)
    if found is not None:
        return found
    decided = state not in UNDECIDED | {FileState.CLOSED} and act in VERDICTS
    detail = f"{act.value} is not possible: the file stands at {state.value}"
    raise rule("ALREADY_DECIDED" if decided else "STATE_FORBIDS").refused("", detail, needs(DESK, state, act))
