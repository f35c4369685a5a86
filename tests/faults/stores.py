"""A look into every database of a stack, past the services: what was said, answered, recorded, set aside."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import asyncpg

from pic_exchange.stack import STORES, Stack
from pic_kit.relay import LOCK
from pic_schemas.envelope import Event

SERVICE_OF = {
    "notifier": "notifier",
    "consent_a": "consent-a",
    "consent_b": "consent-b",
    "customs_gateway": "customs",
    "desk": "single-window",
    "window": "single-window",
}
SAYING = tuple(store for store in STORES if store != "window")


@dataclass(frozen=True)
class Said:
    """One row of an outbox."""

    store: str
    seq: int
    topic: str
    event: Event


@dataclass(frozen=True)
class Answered:
    """One stored answer; `command` is the cause of the events that it led to."""

    world: str
    key: str
    status: int
    command: UUID


@asynccontextmanager
async def connected(stack: Stack, store: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(stack.postgres.url(store).replace("+asyncpg", ""))
    try:
        yield connection
    finally:
        await connection.close()


async def rows(stack: Stack, store: str, query: str, *values: Any) -> list[Any]:
    async with connected(stack, store) as connection:
        return list(await connection.fetch(query, *values))


async def said(stack: Stack, worlds: Sequence[str]) -> list[Said]:
    """Every outbox, each in its order."""
    query = "SELECT seq, topic, event FROM outbox WHERE world = ANY($1) ORDER BY seq"
    return [
        Said(store, row["seq"], row["topic"], Event.model_validate_json(row["event"]))
        for store in SAYING
        for row in await rows(stack, store, query, worlds)
    ]


async def ever_said(stack: Stack) -> int:
    """How many messages all outboxes hold together."""
    found = [await rows(stack, store, "SELECT count(*) AS messages FROM outbox") for store in SAYING]
    return sum(int(one[0]["messages"]) for one in found)


async def recorded(stack: Stack, worlds: Sequence[str]) -> list[str]:
    """Ids of the events of all case files."""
    query = "SELECT event_id FROM events WHERE world = ANY($1)"
    return [row["event_id"] for row in await rows(stack, "window", query, worlds)]


async def answered(stack: Stack, worlds: Sequence[str]) -> list[Answered]:
    query = "SELECT world, caller, key, status FROM answers WHERE world = ANY($1)"
    return [
        Answered(
            row["world"],
            row["key"],
            row["status"],
            uuid5(NAMESPACE_URL, f"pic-command:{row['world']}|{row['caller']}|{row['key']}"),
        )
        for store in SAYING
        for row in await rows(stack, store, query, worlds)
    ]


async def waiting(stack: Stack, worlds: Sequence[str]) -> list[str]:
    query = "SELECT type, reason, detail FROM waiting WHERE world = ANY($1)"
    return [f"{store}: {dict(row)}" for store in STORES for row in await rows(stack, store, query, worlds)]


async def parked(stack: Stack, mark: str) -> dict[str, int]:
    """How often each store parked the records whose body begins with this mark."""
    query = "SELECT count(*) AS n FROM parked WHERE convert_from(substr(body, 1, 60), 'LATIN1') LIKE $1"
    listening = [store for store in STORES if store != "desk"]
    return {store: (await rows(stack, store, query, mark + "%"))[0]["n"] for store in listening}


@asynccontextmanager
async def robbed_relay(stack: Stack, store: str) -> AsyncIterator[Any]:
    """The relay of this store loses its lock to us for a while; yields our connection."""
    holder = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND database = "
    holder += "(SELECT oid FROM pg_database WHERE datname = current_database())"
    async with connected(stack, store) as connection:
        while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
            for row in await connection.fetch(holder, LOCK):
                await connection.execute("SELECT pg_terminate_backend($1)", row["pid"])
        try:
            yield connection
        finally:
            await connection.execute("SELECT pg_advisory_unlock($1)", LOCK)
