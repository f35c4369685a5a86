"""A long log from a short one: what happened in one world is written again, word for word, in many others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import uuid4

from pic_kit.bus import open_bus
from pic_kit.bus.base import Bus, Received, Record
from pic_schemas.catalogue import TOPICS

AT_ONCE = 2000


async def lengthen(brokers: str, world: str, wanted: int) -> int:
    """Write copies of a world's history until the log holds at least `wanted` records; returns how many.

    The copies are mixed message by message: a batch holds as many cases as in a busy exchange.
    """
    bus = open_bus(f"kafka://{brokers}")
    await bus.start()
    try:
        log = await _everything(bus)
        history = [record for record in log if dict(record.headers)["ce_world"] == world.encode()]
        copies = -(-(wanted - len(log)) // len(history)) if wanted > len(log) else 0
        names = [f"copy-{uuid4().hex[:8]}" for _ in range(copies)]
        for piece in _pieces(history, world, names):
            failures = [error for error in await bus.publish(piece) if error is not None]
            if failures:
                raise failures[0]
        return len(log) + len(history) * copies
    finally:
        await bus.stop()


async def read_log(brokers: str) -> list[Received]:
    """Everything that a broker holds of the exchange, worlds first."""
    bus = open_bus(f"kafka://{brokers}")
    await bus.start()
    try:
        return await _everything(bus)
    finally:
        await bus.stop()


async def _everything(bus: Bus) -> list[Received]:
    reader = await bus.subscribe(f"bench.{uuid4().hex}", tuple(TOPICS))
    found: list[Received] = []
    while any((await reader.behind()).values()):
        for batch in (await reader.fetch(limit=10_000, wait=1)).values():
            found += batch
    await reader.close()
    return sorted(found, key=lambda one: (one.topic != "pic.worlds", one.topic, one.partition, one.offset))


def _pieces(history: Sequence[Received], world: str, names: Sequence[str]) -> Iterator[list[Record]]:
    piece: list[Record] = []
    for record in history:
        for name in names:
            piece.append(copied(record, world, name))
            if len(piece) == AT_ONCE:
                yield piece
                piece = []
    if piece:
        yield piece


def copied(record: Received, world: str, name: str) -> Record:
    """The same in a world of another name."""
    headers = tuple((key, name.encode() if key == "ce_world" else value) for key, value in record.headers)
    return Record(record.topic, record.key.replace(world.encode(), name.encode(), 1), headers, record.value)
