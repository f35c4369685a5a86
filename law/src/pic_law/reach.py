"""Whom and what an entry of the law reaches: pairs of States, waste codes, operations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator

from pic_law.codes import Code
from pic_law.countries import in_group
from pic_law.dated import Entry


def _several(stated: object) -> object:
    return (stated,) if isinstance(stated, str) else stated


Groups = Annotated[tuple[str, ...], BeforeValidator(_several)]
"""One group of countries or several."""


class Reach(Entry):
    """An entry that concerns some movements; what is not stated does not matter."""

    id: str
    title: str
    origin: str | None = None
    origin_group: str | None = None
    origin_outside: Groups = ()
    destination: str | None = None
    destination_group: str | None = None
    destination_outside: Groups = ()
    except_destinations: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    plastic: bool | None = None
    operations: tuple[Literal["D", "R"], ...] = ("D", "R")

    def concerns(self, origin: str, destination: str, waste: Code, recovery: bool, on: date) -> bool:
        """Whether a movement of this waste between these States falls under the entry on that day."""
        return (
            self.holds(on)
            and place(origin, self.origin, self.origin_group, self.origin_outside, on)
            and place(destination, self.destination, self.destination_group, self.destination_outside, on)
            and destination not in self.except_destinations
            and self._covers(waste)
            and ("R" if recovery else "D") in self.operations
        )

    def _covers(self, waste: Code) -> bool:
        listed = not self.codes or waste.code in self.codes
        of_class = not self.classes or waste.waste_class in self.classes
        return listed and of_class and self.plastic in (None, waste.plastic)


def place(state: str, itself: str | None, group: str | None, outside: Sequence[str], on: date) -> bool:
    """Whether a State is the one named, belongs to the group named and stands outside all the others."""
    named = itself in (None, state)
    inside = group is None or in_group(state, group, on)
    return named and inside and not any(in_group(state, other, on) for other in outside)
