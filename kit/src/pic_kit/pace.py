"""Under load, what comes within a moment is handled together; whoever was idle waits for nothing."""

from __future__ import annotations

import asyncio

from pic_kit.clock import monotonic


class Pace:
    """One job's pace. A loop that runs after every message spends more on rounds than on messages.

    From one round to the next it lets `times` as long go by as the round took, at most `most` seconds. What
    comes now and then finds nobody resting, and a reader that is far behind goes on at once.
    """

    def __init__(self, times: float, most: float) -> None:
        self._times = times
        self._most = most
        self._began: float | None = None

    def begin(self) -> None:
        """A round has something to do."""
        self._began = monotonic()

    async def rest(self) -> None:
        """After the round, if there was one since the last rest."""
        if self._began is not None:
            took, self._began = monotonic() - self._began, None
            if (left := min(self._most, self._times * took) - took) > 0:
                await asyncio.sleep(left)
