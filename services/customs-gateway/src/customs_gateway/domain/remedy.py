"""A movement that failed, from the day it became known to its lawful end: one case for agency and customs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pic_law import remedies
from pic_law.remedies import Cause, Failed, Measure
from pic_law.rules import rule
from pic_schemas.address import Address
from pic_schemas.messages import (
    IllegalTrafficReported,
    RemedyCompleted,
    RemedyEscalated,
    RemedyOpened,
    RemedyOpposed,
    RemedyOrdered,
    ReturnDeparted,
)
from pic_schemas.messages.enforcement import Art9Letter


class Stage(StrEnum):
    """How far the case has come."""

    OPENED = "OPENED"
    ORDERED = "ORDERED"
    RETURNING = "RETURNING"
    COMPLETED = "COMPLETED"


# What may be asked for where; nothing follows a case that has come to its end.
# fmt: off
STEPS: dict[str, tuple[Stage, ...]] = {
    "order":    (Stage.OPENED, Stage.ORDERED),
    "oppose":   (Stage.ORDERED, Stage.RETURNING),
    "depart":   (Stage.ORDERED,),
    "complete": (Stage.ORDERED, Stage.RETURNING),
}
# fmt: on


@dataclass(slots=True)
class Remedy:
    """One failed movement. Every gateway concerned keeps it, built from what was said."""

    world: str
    case: str
    id: str
    cause: Cause
    facts: str
    opened_on: date
    states: tuple[str, ...]
    origin: str
    destination: str
    waste_code: str
    net_kg: int
    art9_letters: tuple[Art9Letter, ...] = ()
    number: str | None = None
    movement_number: str | None = None
    shipment: int | None = None
    duty_of: str | None = None
    due_at: datetime | None = None
    due_on: date | None = None
    due_article: str = ""
    stage: Stage = Stage.OPENED
    measure: str | None = None
    facility: str | None = None
    ordered_on: date | None = None
    finish_by: date | None = None
    opposed: list[RemedyOpposed] = field(default_factory=list)
    departed_on: date | None = None
    escalations: int = 0
    overdue: bool = False
    outcome: str | None = None
    completed_on: date | None = None

    @property
    def named(self) -> dict[str, Any]:
        return {
            "remedy_id": self.id,
            "number": self.number,
            "movement_number": self.movement_number,
            "shipment": self.shipment,
        }

    def allow(self, act: str) -> None:
        if self.stage not in STEPS[act]:
            detail = f"the case stands at {self.stage.value}; to {act} it must be {' or '.join(STEPS[act])}"
            raise rule("STATE_FORBIDS").refused("", detail)

    # What authorities decide.

    def order(
        self, by: Address, measure: str, reason: str, facility: str | None, on: date, *, recovery: bool = True
    ) -> RemedyOrdered:
        self.allow("order")
        found = self._open(measure)
        if (orders := self._who_orders(found)) is not None and by.state != orders:
            raise rule("SEAT_FORBIDS").refused("", f"{found.title}: for the authority of {orders}")
        failed = Failed(self.origin, self.destination, self.waste_code, recovery)
        finish = remedies.finish_of(found, failed, self.due_on, on)
        said = RemedyOrdered(
            **self.named,
            finish_by=finish.due_on if finish else None,
            finish_rule=finish.rule if finish else "",
            finish_article=finish.article if finish else "",
            measure=found.id,
            ordered_on=on,
            reason=reason,
            facility=facility,
            article=found.article,
            verified=found.verified,
        )
        self.hear_order(said)
        return said

    def oppose(self, reason: str, on: date) -> RemedyOpposed:
        """The return of a load is not opposed by anybody; other measures need agreement."""
        self.allow("oppose")
        if not self._ordered().opposable:
            raise rule("RETURN_NOT_OPPOSED").refused(
                "", f"{self._ordered().title}: {self._ordered().article}"
            )
        said = RemedyOpposed(**self.named, measure=self.measure or "", opposed_on=on, reason=reason)
        self.hear_opposition(said)
        return said

    def depart(self, on: date, today: date) -> ReturnDeparted:
        self.allow("depart")
        if not self._ordered().moves:
            raise rule("MEASURE_NOT_OPEN").refused("", f"nothing returns under: {self._ordered().title}")
        _between(self.ordered_on or self.opened_on, on, today, "/departed_on")
        said = ReturnDeparted(**self.named, departed_on=on, net_kg=self.net_kg)
        self.hear_departure(said)
        return said

    def complete(self, by: Address, on: date, place: str, credit_kg: int, today: date) -> RemedyCompleted:
        """Ended by the State that ordered it; only the State of export gives quantity back."""
        self.allow("complete")
        found = self._ordered()
        if (orders := self._who_orders(found)) is not None and by.state != orders:
            raise rule("SEAT_FORBIDS").refused("", f"the authority of {orders} ends what it ordered")
        if found.moves and self.stage is not Stage.RETURNING:
            raise rule("STATE_FORBIDS").refused("", "the load has not left", needs="the start of the return")
        if credit_kg > self.net_kg or (credit_kg and by.state != self.origin):
            detail = f"{credit_kg} kg: at most {self.net_kg} kg, by the authority of {self.origin}"
            raise rule("QUANTITY_EXCEEDED").refused("/credited_kg", detail)
        _between(self.departed_on or self.ordered_on or self.opened_on, on, today, "/completed_on")
        said = RemedyCompleted(
            **self.named,
            measure=found.id,
            outcome=found.outcome,
            completed_on=on,
            place=place,
            net_kg=self.net_kg,
            credited_kg=credit_kg,
        )
        self.hear_completion(said)
        return said

    def escalate(self, on: date) -> RemedyEscalated:
        """By the clock: the last day has passed, or the States still have to agree."""
        said = RemedyEscalated(
            **self.named,
            why="overdue" if self.due_on else "cooperation",
            escalated_on=on,
            due_on=self.finish_by if self.finish_by and on >= self.finish_by else self.due_on,
            times=self.escalations + 1,
        )
        self.hear_escalation(said)
        return said

    # What was said, here or by another gateway: applied again, it changes nothing.

    def hear_order(self, said: RemedyOrdered) -> None:
        if self.stage in STEPS["order"]:
            self.stage, self.measure = Stage.ORDERED, said.measure
            self.facility, self.ordered_on = said.facility, said.ordered_on
            self.finish_by = said.finish_by

    def hear_opposition(self, said: RemedyOpposed) -> None:
        if said not in self.opposed:
            self.opposed.append(said)
            self.stage, self.measure, self.finish_by = Stage.OPENED, None, None

    def hear_departure(self, said: ReturnDeparted) -> None:
        if self.stage is Stage.ORDERED:
            self.stage, self.departed_on = Stage.RETURNING, said.departed_on

    def hear_escalation(self, said: RemedyEscalated) -> None:
        self.escalations = max(self.escalations, said.times)
        self.overdue = self.overdue or said.why == "overdue"

    def hear_completion(self, said: RemedyCompleted) -> None:
        self.stage, self.outcome = Stage.COMPLETED, said.outcome
        self.measure, self.completed_on = said.measure, said.completed_on

    def _open(self, measure: str) -> Measure:
        found = remedies.measure(measure)
        if found is None or self.cause not in found.causes:
            fitting = ", ".join(one.id for one in remedies.open_for(self.cause)) or "none"
            detail = f"{measure} is not open for {self.cause}; open: {fitting}"
            raise rule("MEASURE_NOT_OPEN").refused("/measure", detail)
        return found

    def _ordered(self) -> Measure:
        return self._open(self.measure or "")

    def _who_orders(self, found: Measure) -> str | None:
        return {"export": self.origin, "import": self.destination}[found.role] if found.role else None


def opened_by_report(world: str, case: str, states: tuple[str, ...], said: IllegalTrafficReported) -> Remedy:
    """What customs reported is a case of its own, under the id of the declaration."""
    return Remedy(
        world=world,
        case=case,
        id=said.declaration_id,
        cause=said.conduct_of,
        facts=said.facts,
        opened_on=said.reported_on,
        states=states,
        origin=said.origin,
        destination=said.destination,
        waste_code=said.waste_code,
        net_kg=said.net_kg,
        art9_letters=said.art9_letters,
        number=said.number,
        movement_number=said.movement_number if said.number else None,
        shipment=said.shipment,
        duty_of=said.duty_of,
        due_at=said.due_at,
        due_on=said.due_on,
        due_article=said.article,
    )


def opened(world: str, case: str, said: RemedyOpened) -> Remedy:
    """What an authority or an office made known."""
    return Remedy(
        world=world,
        case=case,
        id=said.remedy_id,
        cause=said.cause,
        facts=said.facts,
        opened_on=said.opened_on,
        states=said.states,
        origin=said.states[0],
        destination=said.states[-1],
        waste_code=said.waste_code,
        net_kg=said.net_kg,
        art9_letters=said.art9_letters,
        number=said.number,
        movement_number=said.movement_number,
        shipment=said.shipment,
        duty_of=said.duty_of,
        due_at=said.due_at,
        due_on=said.due_on,
        due_article=said.article,
    )


def _between(first: date, on: date, today: date, pointer: str) -> None:
    if not first <= on <= today:
        raise rule("DATES_IMPOSSIBLE").refused(pointer, f"{on} is not between {first} and today, {today}")
