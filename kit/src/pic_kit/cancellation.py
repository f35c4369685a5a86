"""Whether a task was asked to stop, or a library let a cancellation of its own escape."""

from __future__ import annotations

import asyncio


def asked_to_stop() -> bool:
    """aiokafka cancels its inner futures when a broker goes; such a CancelledError is no order to us.

    Taken for one, it ended a consumer for good after a broker had been away for some seconds.
    """
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0
