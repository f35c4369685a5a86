"""Which arrows of the drawn state machines a history of messages has walked along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from customs_gateway.domain.states import State as Declared
from notifier.domain.life import State
from pic_exchange.diagrams import declaration, desk, notification, shipment
from pic_law.desk import FileState
from pic_schemas.catalogue import load
from pic_schemas.envelope import Event, from_structured
from single_window.domain.case import AuthorityEntry, CaseFile
from single_window.domain.projections import apply, opened_by

DRAWN = {"notification": notification, "desk": desk, "shipment": shipment, "declaration": declaration}
OF_VERDICT = {
    "consent": FileState.CONSENT,
    "consent-with-conditions": FileState.CONSENT_WITH_CONDITIONS,
    "objection": FileState.OBJECTION,
    "not-consent": FileState.NOT_CONSENT,
    "tacit-consent": FileState.TACIT_CONSENT,
    "suspended": FileState.SUSPENDED,
    "withdrawn": FileState.WITHDRAWN,
}
DECIDED = {
    "pic.customs.released.v1": Declared.RELEASED,
    "pic.customs.held.v1": Declared.HELD,
    "pic.customs.refused.v1": Declared.REFUSED,
}
REACHED = {
    "pic.inspection.ordered.v1": Declared.INSPECTION_ORDERED,
    "pic.declaration.amended.v1": Declared.LODGED,
    "pic.declaration.withdrawn.v1": Declared.WITHDRAWN,
    "pic.customs.detained.v1": Declared.DETAINED,
    "pic.customs.exited.v1": Declared.EXIT_CONFIRMED,
    "pic.customs.entered.v1": Declared.ENTRY_RECORDED,
    "pic.customs.seized.v1": Declared.SEIZED,
    "pic.exit.overdue.v1": Declared.NOT_EXITED,
    "pic.transit.entered.v1": Declared.TRANSIT_ENTERED,
    "pic.transit.exited.v1": Declared.TRANSIT_EXITED,
    "pic.transit.discharged.v1": Declared.DISCHARGED,
}
ENDED = {
    "RELEASED_BY_CA_DECISION": Declared.RELEASED_BY_AUTHORITY,
    "RETURNED": Declared.RETURNED,
    "DISPOSED_LOCALLY": Declared.DISPOSED_LOCALLY,
}
GRANTED = "pic.cancellation.granted.v1"


@dataclass(frozen=True, slots=True, order=True)
class Transition:
    """One arrow; several acts may lead along it."""

    machine: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.machine}: {self.before} -> {self.after}"


def drawn() -> set[Transition]:
    """Every arrow of docs/states.md."""
    return {
        Transition(name, str(arrow.before), str(arrow.after))
        for name, machine in DRAWN.items()
        for arrow in machine()
    }


def walked(events: Iterable[Mapping[str, Any]]) -> set[Transition]:
    """The arrows along which the cases of one world went, in the order in which it was said."""
    walks: dict[str, _Walk] = {}
    for document in events:
        event = from_structured(document)
        if event.case is not None:
            walks.setdefault(event.case, _Walk(opened_by(event))).hear(event)
    return {transition for walk in walks.values() for transition in walk.seen}


@dataclass(slots=True)
class _Walk:
    """One case, its states before the next message, and the arrows so far."""

    case: CaseFile
    seen: set[Transition] = field(default_factory=set)
    states: dict[tuple[str, str], str] = field(default_factory=dict)
    # Several messages of one cause are one step of the machine that says them: its causes, its start.
    causes: set[UUID] = field(default_factory=set)
    stood: str = ""

    def hear(self, event: Event) -> None:
        if event.causationid not in self.causes:
            self.causes, self.stood = {event.causationid}, self.case.state
        self.causes.add(event.id)
        apply(self.case, event, load(event))
        if self.case.state in set(State):
            self._reach("notification", "", self.case.state)
            if self.stood != self.case.state:
                self.seen.add(Transition("notification", self.stood, self.case.state))
        for authority in self.case.authorities.values():
            self._reach("desk", authority.authority, at_desk(self.case, authority))
        for movement in self.case.movements.values():
            # Cleared for export is what customs say of it; at the gate nothing has happened yet.
            if movement.state != "EXPORT_CLEARED":
                self._reach("shipment", str(movement.shipment), movement.state)
        for subject, state in self._at_customs(event):
            self._reach("declaration", subject, state)

    def _reach(self, machine: str, subject: str, state: str) -> None:
        before = self.states.get((machine, subject))
        self.states[machine, subject] = str(state)
        if before is not None and before != state:
            self.seen.add(Transition(machine, before, str(state)))

    def _at_customs(self, event: Event) -> Iterator[tuple[str, str]]:
        declared = str(event.data.get("declaration_id") or "")
        if event.type == "pic.declaration.lodged.v1":
            yield declared, Declared.LODGED
        elif event.type in DECIDED:
            # A decision examines again what had been decided, and accepts it before it says anything.
            yield from ((declared, state) for state in (Declared.LODGED, Declared.ACCEPTED))
            yield declared, DECIDED[event.type]
        elif event.type in REACHED and declared:
            yield declared, REACHED[event.type]
        elif event.type == "pic.detention.ended.v1":
            yield declared, ENDED[event.data["outcome"]]
        elif event.type == GRANTED:
            for entry in self.case.declarations.values():
                known = ("declaration", entry.declaration_id) in self.states
                if known and entry.direction == "export" and entry.shipment == event.data["shipment"]:
                    yield entry.declaration_id, Declared.RELEASE_WITHDRAWN


def at_desk(case: CaseFile, entry: AuthorityEntry) -> FileState:
    """Where the notification stands at this authority, from what it said so far."""
    if entry.verdict is not None:
        return OF_VERDICT[entry.verdict]
    asked = any(one.authority == entry.authority and one.answered_on is None for one in case.requests)
    if entry.acknowledged_on is not None:
        return FileState.IN_REVIEW_INFO_REQUESTED if asked else FileState.IN_REVIEW
    return FileState.INFO_REQUESTED if asked else FileState.RECEIVED
