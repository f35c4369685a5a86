"""How States see a waste otherwise than the lists: by their own law, or in the dispute over one load."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from pic_law.codes import Code
from pic_law.dated import Entry, Timelines, read
from pic_law.reach import Reach

Part = Literal["export", "transit", "import"]


class Classification(Reach):
    """A State's own law on a waste; `hazardous` is Article 1(1)(b) of the Convention."""

    state: str
    parts: tuple[Part, ...]
    view: Literal["hazardous", "not-regulated"]


class Disagreement(Entry):
    """Which view prevails where authorities see the same load differently (Article 28 of the Regulation)."""

    id: str
    about: Literal["waste", "list", "operation"]
    prevails: str
    title: str


@dataclass(frozen=True)
class View:
    """How the authority of one State sees this load where that differs from what was stated.

    `code` and `operation` are what it would state; `waste` is false where it sees no waste at all.
    """

    state: str
    code: str | None = None
    operation: str | None = None
    waste: bool = True


def own_classifications(
    origin: str, destination: str, transits: Sequence[str], waste: Code, recovery: bool, on: date
) -> Iterator[Classification]:
    """What the States of the route make of the waste under their own law on that day."""
    parts: dict[Part, tuple[str, ...]] = {
        "export": (origin,),
        "transit": tuple(transits),
        "import": (destination,),
    }
    for entry in classifications().all_on(on):
        present = any(entry.state in parts[part] for part in entry.parts)
        if present and entry.concerns(origin, destination, waste, recovery, on):
            yield entry


@cache
def classifications() -> Timelines[Classification]:
    """Every classification of the file."""
    return read(Classification, "classifications", "classifications")


def disagreement(about: str, on: date) -> Disagreement | None:
    """The rule on views that differ about this; `None` where what was stated stands."""
    return next((entry for entry in disagreements().all_on(on) if entry.about == about), None)


@cache
def disagreements() -> Timelines[Disagreement]:
    """Every rule of the file, by id."""
    return read(Disagreement, "disagreements", "disagreements")
