"""The bus: one interface, a log in a file for a laptop and Kafka for servers."""

from __future__ import annotations

from pic_kit.bus.base import Bus


def open_bus(url: str, *, lasting: bool = True) -> Bus:
    """A bus that is not started yet. A log that is not `lasting` survives no power cut.

    `embedded:///bus.sqlite3` (relative), `embedded:////var/lib/pic/bus.sqlite3` (absolute), or
    `kafka://host:port,host:port`. Raises ValueError for anything else.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "embedded" and rest.startswith("/"):
        from pic_kit.bus.embedded import EmbeddedBus

        return EmbeddedBus(rest[1:], lasting=lasting)
    if scheme == "kafka" and rest:
        from pic_kit.bus.kafka import KafkaBus

        return KafkaBus(rest)
    raise ValueError(f"not a bus: {url!r}; expected embedded:///path or kafka://host:port")
