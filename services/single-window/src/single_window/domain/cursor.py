"""The feed's cursor: how far each partition of the log was read, and which places are still awaited."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

Place = tuple[str, int]
START = -1

_PART = re.compile(r"([a-z.]{1,40})-(\d{1,4}):(-?\d{1,18})((?:~\d{1,18})*)")


_LIFE = re.compile(r"[0-9a-f]{1,32}")


class UnreadableCursor(ValueError):
    """The text is no cursor of this feed."""


class CursorOfALostLog(Exception):
    """The log that the cursor was a place of is gone; its places mean others in the log that followed."""


@dataclass
class Cursor:
    """`holes` are places before the last one whose message still waits for another: they come later.

    A log position means the same after the window was deleted and has read the log again, but not after the
    log itself was lost: `life` tells one log from the next.
    """

    life: str
    last: dict[Place, int] = field(default_factory=dict)
    holes: dict[Place, set[int]] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str, places: Iterable[Place], life: str) -> Cursor:
        """An empty text is the start of the log; raises UnreadableCursor, CursorOfALostLog."""
        cursor = cls(life, dict.fromkeys(places, START))
        named, _, parts = text.rpartition("/")
        for part in parts.split(",") if parts else ():
            match = _PART.fullmatch(part)
            if match is None:
                raise UnreadableCursor(f"{part!r} is no part of a cursor; send back `after` as you got it")
            place = match[1], int(match[2])
            cursor.last[place] = int(match[3])
            cursor.holes[place] = {int(hole) for hole in match[4].split("~") if hole}
        if text and _LIFE.fullmatch(named) is None:
            raise UnreadableCursor(f"{text[:40]!r} is no cursor; send back `after` as you got it")
        if text and named != life:
            raise CursorOfALostLog(
                "this cursor is of a log that was lost and built again; begin again with an empty `after` "
                "and pass over the events whose id you have seen"
            )
        return cursor

    @property
    def positions(self) -> dict[Place, tuple[int, frozenset[int]]]:
        return {place: (last, frozenset(self.holes.get(place, ()))) for place, last in self.last.items()}

    def take(self, place: Place, offset: int) -> None:
        """The event of this place was handed out."""
        self.holes.get(place, set()).discard(offset)
        self.last[place] = max(offset, self.last.get(place, START))

    def skip(self, place: Place, offset: int) -> None:
        """The message of this place waits: it will be handed out when it is applied."""
        self.holes.setdefault(place, set()).add(offset)
        self.last[place] = max(offset, self.last.get(place, START))

    def __str__(self) -> str:
        parts = []
        for (topic, partition), last in sorted(self.last.items()):
            holes = "".join(f"~{hole}" for hole in sorted(self.holes.get((topic, partition), ())))
            if last > START or holes:
                parts.append(f"{topic}-{partition}:{last}{holes}")
        return f"{self.life}/{','.join(parts)}" if parts else ""
