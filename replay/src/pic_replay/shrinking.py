"""The fewest steps that still fail in the same way: pieces are left out as long as it does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

S = TypeVar("S")
StillFails = Callable[[Sequence[S]], Awaitable[bool]]


async def shortest_failing(steps: Sequence[S], still_fails: StillFails[S]) -> list[S]:
    """`steps` fail as they are. The last one stays: it is where the failure shows.

    Delta debugging (Zeller and Hildebrandt, 2002): leave out halves, quarters, ... until no step can go.
    """
    last, rest = steps[-1], list(steps[:-1])
    if not rest or await still_fails([last]):
        return [last]
    pieces = 2
    while rest:
        smaller = await _without_a_piece(rest, pieces, last, still_fails)
        if smaller is not None:
            rest, pieces = smaller, max(pieces - 1, 2)
        elif pieces >= len(rest):
            break
        else:
            pieces = min(2 * pieces, len(rest))
    return [*rest, last]


async def _without_a_piece(rest: list[S], pieces: int, last: S, still_fails: StillFails[S]) -> list[S] | None:
    size = -(-len(rest) // pieces)
    # From the end: what stands late depends on much, and little depends on it.
    for start in reversed(range(0, len(rest), size)):
        smaller = rest[:start] + rest[start + size :]
        if await still_fails([*smaller, last]):
            return smaller
    return None
