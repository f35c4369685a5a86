"""The life of a customs declaration: one table of what may follow what, and the acts that move it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from customs_gateway.domain.inspection import Inspection
from customs_gateway.domain.movement import Passage
from customs_gateway.domain.states import PROCEDURE, Act, State
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
