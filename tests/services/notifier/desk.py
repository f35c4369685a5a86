"""The service of the State of export in this process: real HTTP, SQLite and bus; other States by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import httpx

from notifier.app import build
from pic_kit.bus import open_bus
from pic_kit.bus.base import Bus, Record
from pic_kit.migrate import bring_up_to_date
from pic_kit.runtime import Runtime
from pic_kit.settings import Settings
from pic_kit.topics import topics_of
from pic_kit.worlds import open_world, set_clock
from pic_schemas.envelope import Event, from_binary, to_binary
from pic_schemas.messages import Message
from tests.support.tokens import test_issuer

WORLD = "harbour"
START = datetime(2026, 6, 1, 8, tzinfo=UTC)

Seat = tuple[str, str, str]
EXPORTER: Seat = ("CA-PLASTIX", "CA", "exporter")
EXPORT_AUTHORITY: Seat = ("CA001", "CA", "competent-authority")
IMPORT_AUTHORITY: Seat = ("BE001", "BE", "competent-authority")
CARRIER: Seat = ("CA-ALPHA", "CA", "carrier")


@dataclass
class Desk:
    """Nothing runs by itself: `hear` reads what was said, `said` lists what the service published."""

    bus: Bus
    runtime: Runtime
    client: httpx.AsyncClient
    _sequences: Counter[tuple[str, str]] = field(default_factory=Counter)

    async def call(
        self, seat: Seat, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        agency, state, role = seat
        token = test_issuer().token(agency=agency, state=state, roles=[role], world=WORLD)
        sent = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())} | dict(headers or {})
        return await self.client.request(method, f"/v1/notifications{path}", json=body, headers=sent)

    async def post(self, seat: Seat, path: str, body: Any = None, *, expect: int = 200) -> Any:
        answer = await self.call(seat, "POST", path, body)
        assert answer.status_code == expect, answer.text
        return answer.json()

    async def hear(self, case: str, sender: str, service: str, message: Message) -> None:
        """What another service says of a case, published and read."""
        source = f"/{service}/{sender[:2]}"
        self._sequences[case, source] += 1
        event = Event(
            id=uuid5(NAMESPACE_URL, f"{case} {source} {self._sequences[case, source]}"),
            source=source,
            type=message.type,
            time=START,
            world=WORLD,
            case=case,
            sequence=self._sequences[case, source],
            sender=sender,
            recordedtime=START,
            causationid=uuid4(),
            data=message.payload(),
        )
        assert await self.bus.publish([Record(message.topic, *to_binary(event))]) == [None]
        await self.deliver()

    async def deliver(self) -> None:
        assert self.runtime.consumer is not None
        moved = 1
        while moved:
            moved = await self.runtime.relay.publish_batch()
            moved += await self.runtime.consumer.read_once(wait=0)

    async def at(self, day: str) -> None:
        now = datetime.fromisoformat(f"{day}T08:00:00+00:00")
        await self.runtime.write(lambda t: set_clock(t.connection, WORLD, now, moving=False))

    async def said(self) -> list[Event]:
        """Everything on the bus, in the order of the log."""
        while await self.runtime.relay.publish_batch():
            pass
        subscription = await self.bus.subscribe(f"test-{uuid4()}", ["pic.cases"])
        found = await subscription.fetch(limit=500, wait=0)
        await subscription.close()
        return [from_binary(r.headers, r.value) for records in found.values() for r in records]


@asynccontextmanager
async def open_desk(folder: Path, states: str = "", **more: str) -> AsyncIterator[Desk]:
    settings = Settings.from_environment({"PIC_DATA": str(folder), "PIC_STATES": states, **more})
    bus = open_bus(settings.bus_url)
    app = build(settings, bus, test_issuer().verifier())
    runtime: Runtime = app.state.runtime
    await bus.start()
    await bus.ensure_topics(topics_of(settings))
    await bring_up_to_date(runtime.database, runtime.migrations)
    await runtime.write(lambda t: open_world(t.connection, WORLD, "sandbox", START, ""))
    transport = httpx.ASGITransport(app)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://notifier") as client:
            yield Desk(bus, runtime, client)
    finally:
        if runtime.consumer is not None:
            await runtime.consumer.close()
        await runtime.stop()
        await bus.stop()
