"""Under load, what comes within a moment is handled together; whoever was idle waits for nothing."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from pic_kit.clock import monotonic


class Pace:
    """One job's pace. A loop that runs after every message spends more on rounds than on messages.

    A round and the time before and after it in which nothing is done take `times` as long as the round alone,
    at most `most` seconds. Who waited for something to do has rested already, and a reader that is far behind
    goes on at once, as does one that somebody waits for.
    """

    def __init__(self, times: float, most: float) -> None:
        self._times = times
        self._most = most
        self._free_since = float("-inf")
        self._began: float | None = None
        self._hurried = asyncio.Event()

    def hurry(self) -> None:
        """Somebody waits for the next round: no rest before it."""
        self._hurried.set()

    def begin(self) -> None:
        """A round has something to do."""
        self._began = monotonic()
        self._hurried.clear()

    async def rest(self) -> None:
        """After the round, if there was one since the last rest."""
        if self._began is None:
            return
        now = monotonic()
        took, waited, self._began = now - self._began, self._began - self._free_since, None
        if (left := min(self._most, self._times * took) - took - waited) > 0:
            await nap(left, self._hurried)
        self._free_since = monotonic()


async def nap(seconds: float, until: asyncio.Event) -> None:
    """So long, or until that happens."""
    # Not wait_for: in Python 3.11 it swallows a cancellation that comes together with the event.
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await until.wait()
