"""The customs gateway in this process, and a voice that says on the bus what the other services would."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import httpx

from customs_gateway.app import build
from pic_kit.bus import open_bus
from pic_kit.bus.base import Bus, Record
from pic_kit.settings import Settings
from pic_schemas.envelope import Event, from_binary, to_binary
from pic_schemas.messages import Message, WorldOpened
from tests.services.customs_gateway import story
from tests.support.tokens import test_issuer

OFFICES = {"export": ("CA", "CAMTR001"), "import": ("BE", "BEANR001"), "transit": ("NL", "NLRTM001")}


@dataclass
class Border:
    """Requests go to the gateway with the position of what was said last, so that it has heard it."""

    bus: Bus
    app: Any
    http: httpx.AsyncClient
    heard: dict[str, int] = field(default_factory=Counter)

    async def say(self, *messages: Message, source: str = "/notifier/CA", case: str = story.CASE) -> None:
        """What happened elsewhere, in this order."""
        for message in messages:
            await self._publish(self._event(message, source, case), message.topic)

    async def open_world(self) -> None:
        message = WorldOpened(mode="sandbox", now=story.CLEARED_AT)
        await self._publish(self._event(message, "/single-window/exchange", None), message.topic)

    def _event(self, message: Message, source: str, case: str | None) -> Event:
        stream = f"{case or ''}={source}"
        self.heard[stream] += 1
        identity = uuid5(NAMESPACE_URL, f"{stream}:{self.heard[stream]}")
        return Event(
            id=identity,
            source=source,
            type=message.type,
            time=datetime(2026, 7, 14, 9, tzinfo=UTC),
            world=story.WORLD,
            case=case,
            sequence=self.heard[stream],
            sender="CA/competent-authority/CA001",
            recordedtime=datetime(2026, 7, 14, 9, tzinfo=UTC),
            causationid=identity,
            data=message.payload(),
        )

    async def _publish(self, event: Event, topic: str) -> None:
        binary = to_binary(event)
        assert await self.bus.publish([Record(topic, *binary)]) == [None]

    async def ready(self, **limits: Any) -> None:
        """Everything that the first scenario has said by the day of export."""
        await self.say(story.guarantee_lodged(), story.guarantee_approved(), story.transmitted())
        await self.say(story.decision(), source="/consent/BE")
        await self.say(story.authorised(**limits), story.prenotified())

    async def ready_by_way_of_rotterdam(self) -> None:
        """The same with the Netherlands as a State of transit, which consented too."""
        document = story.notification_document("s01-transit-notification.yaml")
        await self.say(story.guarantee_lodged(), story.guarantee_approved(), story.transmitted(document))
        await self.say(story.decision(), source="/consent/BE")
        await self.say(story.decision("NL001"), source="/consent/NL")
        await self.say(story.authorised(), story.prenotified())

    async def lodge(self, direction: str = "export", **changes: Any) -> httpx.Response:
        declared = story.declared(direction, **changes).model_dump(mode="json", exclude={"declaration_id"})
        return await self.post("/v1/declarations", direction, declared)

    async def post(self, path: str, direction: str = "export", body: Any = None) -> httpx.Response:
        state, office = OFFICES[direction]
        headers = self.headers(state, office, "customs") | {"Idempotency-Key": str(uuid4())}
        return await self.http.post(path, json=body, headers=headers)

    async def get(
        self, path: str, state: str = "BE", agency: str = "BE001", role: str = "competent-authority"
    ) -> httpx.Response:
        return await self.http.get(path, headers=self.headers(state, agency, role))

    def headers(self, state: str, agency: str, role: str) -> dict[str, str]:
        token = test_issuer().token(agency=agency, state=state, roles=[role], world=story.WORLD)
        position = ",".join(f"{stream}:{last}" for stream, last in self.heard.items())
        return {"Authorization": f"Bearer {token}", "Exchange-Position": position}

    async def said(self) -> list[Event]:
        """What the gateway itself has put on the log, as anybody would read it."""
        await self.app.state.runtime.relay.publish_batch()
        subscription = await self.bus.subscribe("listener", ["pic.cases"])
        batches = await subscription.fetch(limit=1000, wait=1)
        await subscription.close()
        events = [from_binary(one.headers, one.value) for records in batches.values() for one in records]
        # The gateway's own relay may have sent the same rows at the same moment.
        once = {event.id: event for event in events}.values()
        return [event for event in once if event.source.startswith("/customs-gateway/")]


@asynccontextmanager
async def border_in(folder: Path, **settings: str) -> AsyncIterator[Border]:
    """A border with its own store and bus; the gateway runs by itself."""
    found = Settings.from_environment({"PIC_DATA": str(folder), **settings})
    bus = open_bus(found.bus_url)
    await bus.start()
    app = build(found, bus, test_issuer().verifier())
    transport = httpx.ASGITransport(app)
    try:
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://customs") as http,
        ):
            border = Border(bus, app, http)
            await border.open_world()
            yield border
    finally:
        await bus.stop()
