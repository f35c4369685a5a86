"""What a library says a hundred times a second, as aiokafka does of a broker that is away, is said once."""

from __future__ import annotations

import logging

from pic_kit.clock import monotonic

SECONDS = 10.0
MOST = 500


class SaidBefore(logging.Filter):
    """Of these libraries, each text (before its arguments) is let through once in ten seconds."""

    def __init__(self, *libraries: str) -> None:
        super().__init__()
        self._libraries = libraries
        self._said: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """False for what was said a moment ago; the next that comes through tells how many were left out."""
        if record.name.partition(".")[0] not in self._libraries:
            return True
        text, now = (record.name, str(record.msg)), monotonic()
        last, held_back = self._said.get(text, (float("-inf"), 0))
        if now - last < SECONDS:
            self._said[text] = (last, held_back + 1)
            return False
        if held_back:
            record.msg, record.args = f"{record.getMessage()} (and {held_back} times before)", ()
        if len(self._said) >= MOST:
            self._said.clear()
        self._said[text] = (now, 0)
        return True
