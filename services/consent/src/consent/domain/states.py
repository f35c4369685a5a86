"""Both state machines, each as one table: a file at a desk (which is the law's), a shipment at a gate."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pic_law.desk import DESK, UNDECIDED, VERDICTS, Act, FileState, needs, next_state
from pic_law.rules import rule

__all__ = [
    "DESK",
    "GATE",
    "UNDECIDED",
    "VERDICTS",
    "Act",
    "FileState",
    "ShipmentState",
    "Step",
    "next_at_gate",
    "next_state",
]


class ShipmentState(StrEnum):
    """Where a shipment stands, as the facility knows it."""

    PRENOTIFIED = "PRENOTIFIED"
    CANCELLED = "CANCELLED"
    DEPARTED = "DEPARTED"
    EXITED = "EXITED"
    ENTERED = "ENTERED"
    RECEIVED = "RECEIVED"
    PARTIALLY_REJECTED = "PARTIALLY_REJECTED"
    REJECTED = "REJECTED"
    INTERIM_COMPLETED = "INTERIM_COMPLETED"
    COMPLETED = "COMPLETED"


class Step(StrEnum):
    """What happens to a shipment: heard from carrier and customs, or done by the facility."""

    CANCEL = "cancellation"
    DEPART = "departure"
    EXIT = "exit"
    ENTER = "entry"
    RECEIVE = "receipt"
    RECEIVE_IN_PART = "receipt in part"
    REJECT = "rejection"
    COMPLETE = "certificate of completion"
    COMPLETE_INTERIM = "certificate of the interim operation"
    COMPLETE_LATER = "certificate of the subsequent operation"
    CONTINUE = "certificate of a further interim operation"


_DONE = {Step.COMPLETE: ShipmentState.COMPLETED, Step.COMPLETE_INTERIM: ShipmentState.INTERIM_COMPLETED}
_ENTERED = {Step.ENTER: ShipmentState.ENTERED}
_EXITED = {Step.EXIT: ShipmentState.EXITED} | _ENTERED

GATE: Mapping[ShipmentState, Mapping[Step, ShipmentState]] = {
    ShipmentState.PRENOTIFIED: {Step.DEPART: ShipmentState.DEPARTED, Step.CANCEL: ShipmentState.CANCELLED}
    | _EXITED,
    ShipmentState.CANCELLED: {},
    ShipmentState.DEPARTED: _EXITED,
    ShipmentState.EXITED: _ENTERED,
    ShipmentState.ENTERED: {
        Step.RECEIVE: ShipmentState.RECEIVED,
        Step.RECEIVE_IN_PART: ShipmentState.PARTIALLY_REJECTED,
        Step.REJECT: ShipmentState.REJECTED,
    },
    ShipmentState.RECEIVED: _DONE,
    ShipmentState.PARTIALLY_REJECTED: _DONE,
    ShipmentState.REJECTED: {},
    ShipmentState.INTERIM_COMPLETED: {
        Step.COMPLETE_LATER: ShipmentState.COMPLETED,
        Step.CONTINUE: ShipmentState.INTERIM_COMPLETED,
    },
    ShipmentState.COMPLETED: {},
}


def next_at_gate(state: ShipmentState, step: Step) -> ShipmentState:
    """Where the facility's step leads. Raises Refused (STATE_FORBIDS)."""
    found = GATE[state].get(step)
    if found is None:
        detail = f"{step.value} is not possible: the shipment stands at {state.value}"
        raise rule("STATE_FORBIDS").refused("", detail, needs(GATE, state, step))
    return found


def heard_on_the_way(state: ShipmentState, step: Step) -> ShipmentState:
    """Where news of the journey leads; news that comes late changes nothing."""
    return GATE[state].get(step, state)
