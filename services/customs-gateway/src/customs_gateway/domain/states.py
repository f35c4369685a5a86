"""Where a declaration stands, what can be done with it there, and where that leads: one table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

ANY_DIRECTION = frozenset({"export", "import", "transit"})
EXPORT = frozenset({"export"})
IMPORT = frozenset({"import"})
TRANSIT = frozenset({"transit"})


class State(StrEnum):
    """Where a declaration stands."""

    LODGED = "LODGED"
    ACCEPTED = "ACCEPTED"
    HELD = "HELD"
    RELEASED = "RELEASED"
    REFUSED = "REFUSED"
    INSPECTION_ORDERED = "INSPECTION_ORDERED"
    DETAINED = "DETAINED"
    EXIT_CONFIRMED = "EXIT_CONFIRMED"
    NOT_EXITED = "NOT_EXITED"
    ENTRY_RECORDED = "ENTRY_RECORDED"
    TRANSIT_ENTERED = "TRANSIT_ENTERED"
    TRANSIT_EXITED = "TRANSIT_EXITED"
    DISCHARGED = "DISCHARGED"
    # Of the twenty letters that the column of the state has.
    RELEASED_BY_AUTHORITY = "RELEASED_BY_CA"
    SEIZED = "SEIZED"
    RETURNED = "RETURNED"
    DISPOSED_LOCALLY = "DISPOSED_LOCALLY"
    RELEASE_WITHDRAWN = "RELEASE_WITHDRAWN"
    WITHDRAWN = "WITHDRAWN"


class Act(StrEnum):
    """What may happen to a declaration."""

    ACCEPT = "accept"
    RELEASE = "release"
    HOLD = "hold"
    REFUSE = "refuse"
    REASSESS = "reassess"
    EXAMINE_AGAIN = "examine again"
    AMEND = "amend"
    WITHDRAW = "withdraw"
    CONFIRM_EXIT = "confirm exit"
    MISS_EXIT = "miss the exit"
    RECORD_ENTRY = "record entry"
    ENTER_TRANSIT = "stamp into transit"
    EXIT_TRANSIT = "stamp out of transit"
    DISCHARGE = "discharge the transit"
    RELEASE_BY_AUTHORITY = "let go by decision of an authority"
    SEIZE = "seize"
    RETURN = "return"
    DISPOSE = "dispose of locally"
    ORDER_INSPECTION = "order an inspection"
    RECORD_INSPECTION = "record an inspection"
    DETAIN = "detain"
    REPORT = "report illegal traffic"
    WITHDRAW_RELEASE = "withdraw the release"


class Step(NamedTuple):
    """Where an act leads, and for which directions it is open."""

    to: State
    directions: frozenset[str] = ANY_DIRECTION


PROCEDURE: Mapping[tuple[State, Act], Step] = {
    (State.LODGED, Act.ACCEPT): Step(State.ACCEPTED),
    (State.ACCEPTED, Act.RELEASE): Step(State.RELEASED),
    (State.ACCEPTED, Act.HOLD): Step(State.HELD),
    (State.ACCEPTED, Act.REFUSE): Step(State.REFUSED),
    (State.HELD, Act.REASSESS): Step(State.LODGED),
    (State.HELD, Act.EXAMINE_AGAIN): Step(State.LODGED),
    (State.RELEASED, Act.EXAMINE_AGAIN): Step(State.LODGED),
    (State.HELD, Act.AMEND): Step(State.LODGED),
    (State.RELEASED, Act.AMEND): Step(State.LODGED),
    (State.HELD, Act.WITHDRAW): Step(State.WITHDRAWN),
    (State.RELEASED, Act.WITHDRAW): Step(State.WITHDRAWN),
    (State.HELD, Act.ORDER_INSPECTION): Step(State.INSPECTION_ORDERED),
    (State.RELEASED, Act.ORDER_INSPECTION): Step(State.INSPECTION_ORDERED),
    (State.REFUSED, Act.ORDER_INSPECTION): Step(State.INSPECTION_ORDERED),
    (State.INSPECTION_ORDERED, Act.ORDER_INSPECTION): Step(State.INSPECTION_ORDERED),
    (State.INSPECTION_ORDERED, Act.RECORD_INSPECTION): Step(State.INSPECTION_ORDERED),
    (State.INSPECTION_ORDERED, Act.REASSESS): Step(State.LODGED),
    (State.HELD, Act.DETAIN): Step(State.DETAINED),
    (State.REFUSED, Act.DETAIN): Step(State.DETAINED),
    (State.REFUSED, Act.REPORT): Step(State.REFUSED),
    (State.DETAINED, Act.REPORT): Step(State.DETAINED),
    (State.RELEASED, Act.WITHDRAW_RELEASE): Step(State.RELEASE_WITHDRAWN, EXPORT),
    (State.RELEASED, Act.CONFIRM_EXIT): Step(State.EXIT_CONFIRMED, EXPORT),
    (State.RELEASED, Act.MISS_EXIT): Step(State.NOT_EXITED, EXPORT),
    (State.NOT_EXITED, Act.CONFIRM_EXIT): Step(State.EXIT_CONFIRMED, EXPORT),
    (State.NOT_EXITED, Act.WITHDRAW): Step(State.WITHDRAWN, EXPORT),
    (State.NOT_EXITED, Act.WITHDRAW_RELEASE): Step(State.RELEASE_WITHDRAWN, EXPORT),
    (State.NOT_EXITED, Act.EXAMINE_AGAIN): Step(State.LODGED, EXPORT),
    (State.NOT_EXITED, Act.ORDER_INSPECTION): Step(State.INSPECTION_ORDERED, EXPORT),
    (State.RELEASED, Act.RECORD_ENTRY): Step(State.ENTRY_RECORDED, IMPORT),
    # The release of a transit declaration opens the transit.
    (State.RELEASED, Act.ENTER_TRANSIT): Step(State.TRANSIT_ENTERED, TRANSIT),
    (State.TRANSIT_ENTERED, Act.EXIT_TRANSIT): Step(State.TRANSIT_EXITED, TRANSIT),
    (State.TRANSIT_EXITED, Act.DISCHARGE): Step(State.DISCHARGED, TRANSIT),
    # A load is kept until an authority decides about it in writing.
    (State.HELD, Act.RELEASE_BY_AUTHORITY): Step(State.RELEASED_BY_AUTHORITY),
    (State.DETAINED, Act.RELEASE_BY_AUTHORITY): Step(State.RELEASED_BY_AUTHORITY),
    (State.RELEASED_BY_AUTHORITY, Act.CONFIRM_EXIT): Step(State.EXIT_CONFIRMED, EXPORT),
    (State.RELEASED_BY_AUTHORITY, Act.RECORD_ENTRY): Step(State.ENTRY_RECORDED, IMPORT),
    (State.RELEASED_BY_AUTHORITY, Act.ENTER_TRANSIT): Step(State.TRANSIT_ENTERED, TRANSIT),
    (State.DETAINED, Act.RETURN): Step(State.RETURNED),
    (State.DETAINED, Act.DISPOSE): Step(State.DISPOSED_LOCALLY),
    (State.DETAINED, Act.SEIZE): Step(State.SEIZED),
    (State.SEIZED, Act.REPORT): Step(State.SEIZED),
    (State.SEIZED, Act.RETURN): Step(State.RETURNED),
    (State.SEIZED, Act.DISPOSE): Step(State.DISPOSED_LOCALLY),
}
