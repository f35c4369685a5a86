"""A snapshot of a world: what was asked in it from its opening on, and what that must come to again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pic_schemas.envelope import Event
from pic_schemas.identities import Identities

_REPETITION = re.compile(r"/messages/([0-9a-f-]{36})/repetition")
Place = tuple[str, str, int]


@dataclass(frozen=True)
class Snapshot:
    """`since`: where its clock began; `now`: where it stood. `cases`: the digest of each, by its number.

    `places`: of messages that an act names by their id: case, producer and sequence.
    """

    world: str
    name: str
    since: datetime
    now: datetime
    label: str
    digest: str
    cases: dict[str, str] = field(default_factory=dict)
    acts: list[dict[str, Any]] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)


def places_named(acts: Iterable[Mapping[str, Any]], events: Iterable[Event]) -> dict[str, Place]:
    """Where the messages stand that an act says once more: in another world they have other ids."""
    wanted = {found[1] for act in acts if (found := _REPETITION.search(act["path"]))}
    return {
        str(one.id): (one.case or "", one.source, one.sequence) for one in events if str(one.id) in wanted
    }


def without_body(acts: Sequence[Mapping[str, Any]]) -> int | None:
    """The number of the first act that was too long to be kept whole, counted from 1."""
    return next((number for number, act in enumerate(acts, 1) if "too_long" in act), None)


def renamed(act: Mapping[str, Any], known: Identities, ids: Mapping[Place, str], snapshot: Snapshot) -> str:
    """The act's path with the names of this world. `ids`: its messages by their places."""
    path = str(known.applied(act["path"]))
    if (found := _REPETITION.search(act["path"])) and found[1] in snapshot.places:
        case, source, sequence = snapshot.places[found[1]]
        there = (str(known.applied(case)), source, sequence)
        path = act["path"].replace(found[1], ids.get(there, found[1]))
    return path


def told_differently(snapshot: Snapshot, digest: str, cases: Mapping[str, str]) -> str:
    """Why the world that was built again is not the one of the snapshot; empty when it is."""
    if digest == snapshot.digest:
        return ""
    numbers = sorted(snapshot.cases.keys() | cases.keys())
    other = [number for number in numbers if snapshot.cases.get(number) != cases.get(number)]
    return f"{', '.join(other) or 'the world'} would be told otherwise than when the snapshot was taken"
