"""Whether anything was lost: what was said, what the log holds and what was heard are counted apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg

from bench.logbook import read_log
from pic_exchange.stack import STORES, Stack

SAID = "SELECT count(*) FROM outbox WHERE world = $1"
LEFT_BEHIND = """
SELECT (SELECT count(*) FROM outbox WHERE world = $1 AND published_at IS NULL)
     + (SELECT count(*) FROM waiting WHERE world = $1) + (SELECT count(*) FROM parked)
"""
HEARD = "SELECT count(*) FROM events WHERE world = $1"
CLOSED = "SELECT count(*) FROM cases WHERE world = $1 AND state = 'CLOSED'"
COMPLETED = "SELECT count(*) FROM events WHERE world = $1 AND doc LIKE '%\"pic.movement.completed.v1\"%'"


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one world, when it is quiet."""

    said: int
    logged: int
    heard: int
    left_behind: int
    closed: int
    completed: int

    def losses(self, cases: int, movements: int) -> list[str]:
        """In words; empty when every message arrived once and every case came to its end."""
        pairs: Mapping[str, tuple[int, int]] = {
            "messages in the log, of those said": (self.logged, self.said),
            "messages in the window, of those said": (self.heard, self.said),
            "messages unpublished, waiting or parked": (self.left_behind, 0),
            "cases closed": (self.closed, cases),
            "movements with their certificate": (self.completed, movements),
        }
        return [
            f"{what}: {found:,}, not {wanted:,}" for what, (found, wanted) in pairs.items() if found != wanted
        ]


async def tally(stack: Stack, world: str) -> Tally:
    """Each store is asked what it said, the log what it holds, the window what it knows."""
    said = left = 0
    for store in STORES:
        said += await _ask(stack, store, SAID, world)
        left += await _ask(stack, store, LEFT_BEHIND, world)
    name = world.encode()
    log = await read_log(stack.kafka.brokers)
    return Tally(
        said=said,
        logged=sum(dict(record.headers).get("ce_world") == name for record in log),
        heard=await _ask(stack, "window", HEARD, world),
        left_behind=left,
        closed=await _ask(stack, "window", CLOSED, world),
        completed=await _ask(stack, "window", COMPLETED, world),
    )


async def _ask(stack: Stack, store: str, query: str, world: str) -> int:
    connection = await asyncpg.connect(stack.postgres.url(store).replace("+asyncpg", ""))
    try:
        return int(await connection.fetchval(query, world))
    finally:
        await connection.close()
