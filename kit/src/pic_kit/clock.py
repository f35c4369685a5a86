"""The only place that reads the machine's clock; everything else is told the time."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def wall_clock() -> datetime:
    """Now, aware UTC. For live worlds, tokens and operations; never for a sandbox world's law."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds on a clock that never jumps, for waiting and for staleness."""
    return time.monotonic()
