"""Ctrl-C ends a replay in order: its worlds are deleted first, however often it is pressed meanwhile."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run_in_order(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run it to its end. The first Ctrl-C cancels it, the next ones find it ending.

    asyncio's own handler breaks the loop off at the second one, in the middle of the deleting.
    Raises KeyboardInterrupt when it was stopped; from then on Ctrl-C is ignored, for nothing is left to stop.
    """
    if threading.current_thread() is not threading.main_thread():
        return asyncio.run(coroutine)
    asked: list[int] = []

    async def stoppable() -> T:
        loop, playing = asyncio.get_running_loop(), asyncio.ensure_future(coroutine)

        def stop(number: int, _frame: object) -> None:
            if not asked:
                loop.call_soon_threadsafe(playing.cancel)
            asked.append(number)

        signal.signal(signal.SIGINT, stop)
        return await playing

    before = signal.getsignal(signal.SIGINT)
    try:
        return asyncio.run(stoppable())
    except asyncio.CancelledError as error:
        if asked:
            raise KeyboardInterrupt from error
        raise
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN if asked else before)
