"""Under load, what comes within a moment is handled together; whoever was idle waits for nothing."""

from __future__ import annotations

import asyncio

from pic_kit.clock import monotonic


class Pace:
    """One job's pace. A loop that runs after every message spends more on rounds than on messages.

    Each round that follows another closely makes the next wait longer, up to `most` seconds.
    """

    def __init__(self, step: float, most: float) -> None:
        self._step = step
        self._most = most
        self._rounds = 0
        self._last = float("-inf")

    async def wait(self) -> None:
        """Before a round: until enough time has gone since the last one that had something to do."""
        if (left := self._last + min(self._most, self._step * self._rounds) - monotonic()) > 0:
            await asyncio.sleep(left)

    def worked(self) -> None:
        """This round had something to do."""
        now = monotonic()
        self._rounds = self._rounds + 1 if now - self._last < 2 * self._most else 0
        self._last = now
