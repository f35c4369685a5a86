"""What a world tells: every act with the messages that it led to, and how each case stands at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pic_replay.acts import Act
from pic_replay.canonical import Event, by_case, case_hash


@dataclass(slots=True)
class Happening:
    """An act and what was said until the next one; before the first act there is none."""

    act: Act | None = None
    said: list[Event] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CaseEnd:
    """How a case stood at the end. `hash` is the same for two runs in which the same happened to it."""

    id: str
    number: str
    state: str
    ledger: Any
    hash: str


@dataclass(slots=True)
class Told:
    """The history of one world. Without acts it can only be said again, not asked again."""

    name: str
    clock: str
    happenings: list[Happening] = field(default_factory=list)
    cases: list[CaseEnd] = field(default_factory=list)

    @property
    def acts(self) -> list[Act]:
        return [happening.act for happening in self.happenings if happening.act is not None]

    @property
    def events(self) -> list[Event]:
        return [event for happening in self.happenings for event in happening.said]

    def number_of(self, case: str) -> str:
        """What people call the case."""
        places = list(by_case(self.events))
        unnumbered = f"unnumbered {places.index(case) + 1}" if case in places else case
        return next((end.number for end in self.cases if end.id == case and end.number), unnumbered)

    def act_behind(self, event_id: str) -> tuple[int, Act | None]:
        """The number of the act, counted from 1, under which a message was said."""
        for number, happening in self._numbered():
            if any(event["id"] == event_id for event in happening.said):
                return number, happening.act
        return 0, None

    def _numbered(self) -> Iterator[tuple[int, Happening]]:
        number = 0
        for happening in self.happenings:
            number += happening.act is not None
            yield number, happening

    def acts_on(self, case: str) -> list[tuple[int, Act]]:
        """Acts that name the case, or whose answer does, with their numbers."""
        names = {case, *(end.number for end in self.cases if end.id == case and end.number)}
        numbered = [(number, one.act) for number, one in self._numbered() if one.act is not None]
        return [(number, act) for number, act in numbered if _names(act, names)]


def _names(act: Act, names: set[str]) -> bool:
    text = f"{act.path} {act.body} {act.answer}"
    return any(name in text for name in names)


def case_ends(files: Sequence[Mapping[str, Any]], events: Sequence[Event]) -> list[CaseEnd]:
    """From the case files of a world and all that was said in it."""
    said = by_case(events)
    return [
        CaseEnd(
            id=file["case"],
            number=file.get("number") or "",
            state=file["state"],
            ledger=file.get("ledger"),
            hash=case_hash(said.get(file["case"], []), file["state"], file.get("ledger")),
        )
        for file in files
    ]
