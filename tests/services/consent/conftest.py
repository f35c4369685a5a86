"""A consent process on SQLite and the embedded bus, with its neighbours' voices."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from consent.app import build
from pic_kit.bus import open_bus
from pic_kit.bus.base import Bus
from pic_kit.settings import Settings
from pic_schemas.envelope import Event, from_binary
from tests.services.consent.case import Neighbours
from tests.support.tokens import test_issuer

WORLD = "consent-test"
keys = count(1)


@dataclass
class Process:
    """One consent process, as its callers see it."""

    client: httpx.AsyncClient
    position: dict[str, str] = field(default_factory=dict)

    def as_(self, agency: str, state: str, *roles: str, world: str = WORLD) -> dict[str, str]:
        token = test_issuer().token(agency=agency, state=state, roles=list(roles), world=world)
        position = {"Exchange-Position": self.position["last"]} if "last" in self.position else {}
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": f"key-{next(keys)}"} | position

    async def post(self, path: str, who: dict[str, str], body: Any = None) -> httpx.Response:
        return await self.client.post(path, headers=who, json=body)

    async def get(self, path: str, who: dict[str, str]) -> httpx.Response:
        return await self.client.get(path, headers=who)


@dataclass
class House:
    """The bus, the neighbours, and as many consent processes as a test starts."""

    bus: Bus
    neighbours: Neighbours
    start: Callable[..., Any]

    async def said(self, *types: str, by: str) -> list[Event]:
        """What a producer said, waited for until the last of `types` has come."""
        subscription = await self.bus.subscribe(f"test-{next(keys)}", ["pic.cases"])
        found: list[Event] = []
        try:
            while [event.type for event in found] != list(types):
                batches = await subscription.fetch(limit=500, wait=5)
                assert batches, f"only {[event.type for event in found]} came"
                events = [from_binary(r.headers, r.value) for batch in batches.values() for r in batch]
                found += [event for event in events if event.source == by]
        finally:
            await subscription.close()
        return found


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    bus = open_bus(f"embedded:///{tmp_path / 'bus.sqlite3'}")
    await bus.start()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(bus.stop)

        async def start(states: str = "", deployment: str = "one", database: str = "") -> Process:
            environment = {"PIC_DATA": str(tmp_path / deployment), "PIC_STATES": states}
            environment |= {"PIC_DEPLOYMENT": deployment}
            environment |= {"PIC_CONSENT_DATABASE_URL": database} if database else {}
            process = _running(bus, Settings.from_environment(environment))
            return await stack.enter_async_context(process)

        yield House(bus, Neighbours(bus, WORLD), start)


@asynccontextmanager
async def _running(bus: Bus, settings: Settings) -> AsyncIterator[Process]:
    app = build(settings, bus, test_issuer().verifier())
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://consent") as client,
    ):
        yield Process(client)
