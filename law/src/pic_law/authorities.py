"""Competent authorities, customs offices and the ports they stand at."""

from __future__ import annotations

from functools import cache
from typing import Literal, TypeVar

from pic_law import library
from pic_law.dated import Entry
from pic_law.errors import LawError, UnknownLaw

Part = Literal["export", "transit", "import"]
_EVERY_PART: tuple[Part, ...] = ("export", "transit", "import")


class Authority(Entry):
    """A competent authority (Basel Convention Art. 5); `channel` is how the exchange reaches it."""

    code: str
    state: str
    name: str
    roles: tuple[Part, ...] = _EVERY_PART
    aliases: tuple[str, ...] = ()
    invented: bool = False
    channel: Literal["electronic", "paper"] = "electronic"


class Office(Entry):
    """A customs office; its code begins with the UN/LOCODE of its place."""

    code: str
    state: str
    name: str
    synthetic: bool = False

    @property
    def port(self) -> str:
        """UN/LOCODE of the place."""
        return self.code[:5]


T = TypeVar("T", Authority, Office)


@cache
def authorities() -> dict[str, Authority]:
    """Every competent authority by its code."""
    return _by_code(library.entries(Authority, "authorities", "authorities"), "authorities.yaml")


@cache
def offices() -> dict[str, Office]:
    """Every customs office by its code."""
    return _by_code(library.entries(Office, "offices", "offices"), "offices.yaml")


@cache
def ports() -> dict[str, str]:
    """UN/LOCODE of every port with a customs office, and its State."""
    return {office.port: office.state for office in offices().values()}


def authority(code: str) -> Authority:
    """The authority of this code; raises `UnknownLaw`."""
    try:
        return authorities()[code]
    except KeyError:
        raise UnknownLaw(f"no competent authority {code!r} in authorities.yaml") from None


def authorities_of(state: str) -> tuple[Authority, ...]:
    """The competent authorities of a State, in the order of the file; empty if none is known."""
    return tuple(a for a in authorities().values() if a.state == state)


def office(code: str) -> Office:
    """The customs office of this code; raises `UnknownLaw`."""
    try:
        return offices()[code]
    except KeyError:
        raise UnknownLaw(f"no customs office {code!r} in offices.yaml") from None


def offices_of(state: str) -> tuple[Office, ...]:
    """The customs offices of a State, in the order of the file."""
    return tuple(o for o in offices().values() if o.state == state)


def _by_code(items: tuple[T, ...], file: str) -> dict[str, T]:
    found: dict[str, T] = {}
    for item in items:
        if item.code in found:
            raise LawError(f"{file}: {item.code} stands twice")
        if not item.code.startswith(item.state):
            raise LawError(f"{file}: {item.code} is not a code of {item.state}")
        found[item.code] = item
    return found
