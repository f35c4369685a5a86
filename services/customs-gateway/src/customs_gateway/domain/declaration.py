"""The life of a customs declaration: one table of what may follow what, and the acts that move it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from customs_gateway.domain.inspection import Inspection
from customs_gateway.domain.movement import Passage
from pic_law.rules import rule
from pic_schemas.messages import (
    CheckResult,
    ControlProcedure,
    CustomsAudited,
    CustomsDetained,
    CustomsSeized,
    DeclarationLodged,
    IllegalTrafficReported,
    Ledger,
    RestsOn,
    Selection,
)
from pic_schemas.messages.enforcement import InspectionKind

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


class Outcome(StrEnum):
    """What customs decided."""

    RELEASED = "released"
    HELD = "held"
    REFUSED = "refused"


ACT_OF = {Outcome.RELEASED: Act.RELEASE, Outcome.HELD: Act.HOLD, Outcome.REFUSED: Act.REFUSE}


@dataclass(frozen=True, slots=True)
class Decision:
    """What customs decided and everything it rests on."""

    outcome: Outcome
    decided_at: datetime
    checks: tuple[CheckResult, ...]
    reasons: tuple[str, ...]
    knowledge: dict[str, int]
    ledger: Ledger | None
    rests_on: tuple[RestsOn, ...]
    procedure: ControlProcedure | None = None
    selection: Selection | None = None


@dataclass(slots=True)
class Declaration:
    """One declaration of one shipment at one office."""

    world: str
    id: str
    case: str
    lodged: DeclarationLodged
    lodged_at: datetime
    shipment: int | None
    movement_number: str | None
    states: tuple[str, ...]
    state: State = State.LODGED
    decision: Decision | None = None
    crossed_on: date | None = None
    passage: Passage | None = None
    earlier: list[Decision] = field(default_factory=list)
    inspections: list[Inspection] = field(default_factory=list)
    detention: CustomsDetained | None = None
    report: IllegalTrafficReported | None = None
    seizure: CustomsSeized | None = None
    audit: CustomsAudited | None = None
    altered: tuple[str, ...] = ()
    """JSON pointers of everything that was altered after lodging."""

    @property
    def office(self) -> str:
        return self.lodged.office

    @property
    def office_state(self) -> str:
        return self.lodged.office[:2]

    @property
    def decided(self) -> Decision:
        """The decision of a declaration that was examined, as every stored one was."""
        if self.decision is None:
            raise LookupError(f"declaration {self.id} was not examined")
        return self.decision

    @property
    def open_inspections(self) -> list[int]:
        """The inspections whose result is not there yet."""
        return [one.number for one in self.inspections if not one.done]

    def accept(self) -> None:
        self._act(Act.ACCEPT)

    def reopen(self) -> None:
        """The declaration is looked at again; what was decided before stays on record."""
        if self.open_inspections:
            detail = f"inspection {self.open_inspections[0]} has no result yet"
            raise rule("STATE_FORBIDS").refused("", detail, needs="the result of every inspection")
        self._again(Act.REASSESS)

    @property
    def may_change(self) -> bool:
        """Whether a fact that is heard now still matters to the decision: it stands, and nothing crossed."""
        return (self.state, Act.EXAMINE_AGAIN) in PROCEDURE

    def examine_again(self) -> None:
        """A fact arrived that the decision rests on."""
        self._again(Act.EXAMINE_AGAIN)

    def amend(self, lodged: DeclarationLodged) -> None:
        """The declaration says something else now, and is decided anew."""
        self._again(Act.AMEND)
        self.lodged = lodged

    def withdraw(self) -> None:
        self._act(Act.WITHDRAW)

    def _again(self, act: Act) -> None:
        self._act(act)
        if self.decision is not None:
            self.earlier.append(self.decision)

    def decide(self, decision: Decision) -> None:
        self._act(ACT_OF[decision.outcome])
        self.decision = decision

    def confirm_exit(self, on: date, today: date) -> None:
        self._cross(Act.CONFIRM_EXIT, on, today, "/exited_on")

    def record_entry(self, on: date, today: date) -> None:
        self._cross(Act.RECORD_ENTRY, on, today, "/entered_on")

    def enter_transit(self, on: date, today: date) -> None:
        self._cross(Act.ENTER_TRANSIT, on, today, "/entered_on")

    def exit_transit(self) -> None:
        self._act(Act.EXIT_TRANSIT)

    def discharge(self) -> None:
        self._act(Act.DISCHARGE)

    @property
    def entered_transit(self) -> Passage:
        """The stamps of this transit; none before the load was stamped in."""
        return self.passage or Passage()

    def misses_its_exit(self) -> bool:
        """The time for the exit is over: whether the release still waited for it."""
        if self.state is not State.RELEASED or self.lodged.direction != "export":
            return False
        self._act(Act.MISS_EXIT)
        return True

    def order_inspection(self, kind: InspectionKind, reason: str, on: date) -> Inspection:
        self._act(Act.ORDER_INSPECTION)
        ordered = Inspection(len(self.inspections) + 1, kind, reason, on)
        self.inspections.append(ordered)
        return ordered

    def inspection(self, number: int) -> Inspection:
        """The inspection of this number that waits for its result."""
        if not 1 <= number <= len(self.inspections):
            raise rule("INSPECTION_UNKNOWN").refused("", f"declaration {self.id} has no inspection {number}")
        self._act(Act.RECORD_INSPECTION)
        return self.inspections[number - 1]

    def withdraw_release(self) -> None:
        """The shipment was cancelled before it left."""
        self._act(Act.WITHDRAW_RELEASE)

    def detain(self, detention: CustomsDetained) -> None:
        self._act(Act.DETAIN)
        self.detention = detention

    def report_illegal_traffic(self, report: IllegalTrafficReported) -> None:
        self.mind_the_report()
        self._act(Act.REPORT)
        self.report = report

    def end_detention(self, act: Act) -> None:
        """What becomes of a load that was kept."""
        self._act(act)

    def mind_the_report(self) -> None:
        """A load is reported once; whoever was told then answers then."""
        if self.report is not None:
            detail = f"declaration {self.id} was reported on {self.report.reported_on}"
            raise rule("STATE_FORBIDS").refused("", detail)

    def _cross(self, act: Act, on: date, today: date, pointer: str) -> None:
        self._act(act)
        if on > today:
            raise rule("DATES_IMPOSSIBLE").refused(pointer, f"{on} has not come: today is {today}")
        if self.decision is not None and on < self.decision.decided_at.date():
            released = self.decision.decided_at.date()
            raise rule("DATES_IMPOSSIBLE").refused(pointer, f"{on} is before the release on {released}")
        self.crossed_on = on

    def mind(self, act: Act) -> State:
        """Where the act leads. Raises Refused where it is not possible."""
        step = PROCEDURE.get((self.state, act))
        if step is None or self.lodged.direction not in step.directions:
            detail = f"{self.lodged.direction} declaration {self.id} is {self.state}: no way to {act}"
            raise rule("STATE_FORBIDS").refused("", detail)
        return step.to

    def _act(self, act: Act) -> None:
        self.state = self.mind(act)
