"""What this process wrote last, kept as it is: nobody has to read his own words again."""

from __future__ import annotations

from typing import Any, NamedTuple

Place = tuple[str, tuple[str, ...]]
LAPTOP, SERVER = 2_000_000, 100_000_000
"""How many characters are kept; what was read out of them takes several times as much memory."""


class _Kept(NamedTuple):
    written: str
    aggregate: Any
    size: int


class Memory:
    """Aggregates by table and key, each beside the text of its row. The least recently used go first.

    An aggregate is taken out when a transaction has locked its row, and kept again once that transaction has
    committed: two never hold the same, and what was rolled back is gone. What stands in the row decides:
    where it is another text, because another process wrote it or a backup was restored, it is read.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._kept: dict[Place, _Kept] = {}

    def take(self, place: Place, written: str) -> Any | None:
        """The aggregate whose row reads like this, which is the caller's alone from now on; or None."""
        kept = self._drop(place)
        return kept.aggregate if kept is not None and kept.written == written else None

    def holds(self, place: Place, written: str) -> bool:
        """Whether `take` would give it."""
        kept = self._kept.get(place)
        return kept is not None and kept.written == written

    def keep(self, place: Place, written: str, aggregate: Any, size: int) -> None:
        """After the commit. The caller must not touch it again. `size`: in characters, with its parts."""
        self._drop(place)
        self._kept[place] = _Kept(written, aggregate, size)
        self._size += size
        while self._size > self._most:
            self._drop(next(iter(self._kept)))

    def _drop(self, place: Place) -> _Kept | None:
        kept = self._kept.pop(place, None)
        self._size -= kept.size if kept is not None else 0
        return kept
