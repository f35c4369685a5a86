"""On which grounds an authority may object, by its own law, its role and the operation."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel, ConfigDict

from pic_law import library
from pic_law.dated import Entry
from pic_law.duties import Role
from pic_law.errors import LawError
from pic_law.rules import rule
from pic_schemas.refusal import Finding


class Ground(Entry):
    """One ground with its letter; `transit` says whether a State of transit may use it too."""

    letter: str
    text: str
    transit: bool = False


class GroundList(BaseModel):
    """The grounds of one profile for recovery or for disposal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    profile: str
    recovery: bool
    grounds: tuple[Ground, ...]


class TransitLimit(Entry):
    """Where it stands that a State of transit has fewer grounds; without it, it has them all."""

    id: str
    profile: str


def grounds(profile: str, role: Role, recovery: bool) -> tuple[Ground, ...]:
    """The grounds open to this role; empty where the law lists none and reasons are stated in words."""
    listed = _lists().get((profile, recovery))
    if listed is None:
        return ()
    limited = role == "transit" and profile in _limits()
    return tuple(ground for ground in listed.grounds if ground.transit or not limited)


def check_ground(
    letter: str, *, profile: str, role: Role, recovery: bool, pointer: str = ""
) -> Finding | None:
    """What is wrong with objecting on this letter; `None` if it is open, or if the law lists no letters."""
    every = _lists().get((profile, recovery))
    open_here = grounds(profile, role, recovery)
    if every is None or any(ground.letter == letter for ground in open_here):
        return None
    open_letters = ", ".join(ground.letter for ground in open_here)
    known = any(ground.letter == letter for ground in every.grounds)
    detail = (
        f"({letter}) is {'not open to the ' + role + ' authority' if known else 'no ground'} under {profile}"
    )
    return _finding(profile, role, pointer, f"{detail}; open: {open_letters}")


def profiles_with_grounds() -> tuple[str, ...]:
    """The profiles whose law lists grounds by letter."""
    return tuple(dict.fromkeys(profile for profile, _ in _lists()))


def _finding(profile: str, role: Role, at: str, detail: str) -> Finding:
    general = rule("GROUND_NOT_OPEN")
    limit = _limits().get(profile)
    if role != "transit" or limit is None:
        return general.finding(at, detail)
    stated = {"article": limit.article, "source": limit.source, "verified": limit.verified}
    return general.model_copy(update=stated).finding(at, detail)


@cache
def _lists() -> dict[tuple[str, bool], GroundList]:
    found: dict[tuple[str, bool], GroundList] = {}
    for index, content in enumerate(library.statute("grounds")["grounds"]):
        place = f"grounds.yaml: grounds[{index}]"
        letters = tuple(
            library.entry(Ground, {"source": content["source"], **item}, place) for item in content["letters"]
        )
        key = (content["profile"], content["recovery"])
        if key in found or len({ground.letter for ground in letters}) != len(letters):
            raise LawError(f"{place}: a list or a letter stands twice")
        found[key] = GroundList(profile=key[0], recovery=key[1], grounds=letters)
    return found


@cache
def _limits() -> dict[str, TransitLimit]:
    return {item.profile: item for item in library.entries(TransitLimit, "grounds", "transit_limits")}
