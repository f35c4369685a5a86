"""What States and the Union forbid or ask for beyond the Convention, and the Ban Amendment's formula."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pic_law import library
from pic_law.agreements import Outcome
from pic_law.dated import Entry, Timelines, read
from pic_law.errors import LawError
from pic_law.reach import Reach


class Prohibition(Reach):
    """What a State or the Union forbids; `transit_too` reaches States of transit as well.

    `because`: it holds only where the destination itself prohibits the waste, or regards it as hazardous.
    """

    transit_too: bool = False
    because: Literal["prohibited-there", "regarded-hazardous"] | None = None

    def is_met(self, *, prohibited_there: bool, regarded_hazardous: bool) -> bool:
        """Whether what it rests on is true."""
        met = {None: True, "prohibited-there": prohibited_there, "regarded-hazardous": regarded_hazardous}
        return met[self.because]


class Procedure(Reach):
    """What a State or the Union asks for beyond the Convention."""

    outcome: Outcome


class Ban(Entry):
    """Article 4A for one kind of operation; `national`: also what only a State's own law calls hazardous."""

    id: Literal["D", "R"]
    classes: tuple[str, ...]
    national: bool


def ban_amendment(recovery: bool) -> Ban:
    """The branch of Article 4A for disposal or for recovery."""
    return _bans()["R" if recovery else "D"]


@cache
def _bans() -> dict[str, Ban]:
    found: dict[str, Ban] = {item.id: item for item in library.entries(Ban, "prohibitions", "ban_amendment")}
    if len(found) != len(("D", "R")):
        raise LawError("prohibitions.yaml: ban_amendment: one branch for D and one for R")
    return found


@cache
def prohibitions() -> Timelines[Prohibition]:
    """Every prohibition, by id."""
    return read(Prohibition, "prohibitions", "prohibitions")


@cache
def judged() -> Timelines[Reach]:
    """What must be true besides and only a person can judge, by id."""
    return read(Reach, "prohibitions", "judged")


@cache
def procedures() -> Timelines[Procedure]:
    """What States and the Union ask for beyond the Convention, by id."""
    return read(Procedure, "procedures", "procedures")


def read_all() -> None:
    """Load everything of this room; raises `LawError`."""
    prohibitions(), judged(), procedures(), _bans()
