"""The house under test: the single window, a service that lodges guarantees and one that approves them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import httpx

from pic_kit.access import Verifier
from pic_kit.bus import open_bus
from pic_kit.bus.base import Bus, Record
from pic_kit.runtime import Runtime
from pic_kit.settings import Settings
from pic_kit.topics import topics_of
from pic_schemas.catalogue import message_type
from pic_schemas.envelope import Event, to_binary
from single_window.app import SingleWindow, build
from tests.support.tiny_exchange import services

WORLD = "test"
START = "2026-06-01T08:00:00Z"
SECRET = "the-operators-secret"


def settings_in(folder: Path) -> Settings:
    return Settings.from_environment({"PIC_DATA": str(folder), "PIC_OPERATOR_SECRET": SECRET})


def case_id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


@dataclass
class House:
    """`client` is at the front door. `lodging` lodges; `authority` approves, and reviews in 30 days."""

    window: SingleWindow
    bus: Bus
    client: httpx.AsyncClient
    lodging: Runtime
    authority: Runtime
    _tokens: dict[tuple[str, ...], str] = field(default_factory=dict)

    async def token(self, client_id: str, secret: str) -> str:
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        answer = await self.client.post("/oauth/token", data=form)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def operate(
        self, method: str, path: str, body: Any = None, key: str | None = None
    ) -> httpx.Response:
        if ("operator",) not in self._tokens:
            self._tokens["operator",] = await self.token("operator", SECRET)
        headers = {
            "Authorization": f"Bearer {self._tokens['operator',]}",
            "Idempotency-Key": key or uuid4().hex,
        }
        return await self.client.request(method, path, json=body, headers=headers)

    async def open_world(self, world: str = WORLD, **order: Any) -> dict[str, Any]:
        answer = await self.operate("POST", "/v1/worlds", {"world": world, "now": START, **order})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def seat(self, role: str, state: str, agency: str, world: str = WORLD) -> str:
        who = (role, state, agency, world)
        if who not in self._tokens:
            order = {"agency": agency, "state": state, "roles": [role]}
            answer = await self.operate("POST", f"/v1/worlds/{world}/clients", order)
            assert answer.status_code == 201, answer.text
            client = answer.json()
            self._tokens[who] = await self.token(client["client_id"], client["client_secret"])
        return self._tokens[who]

    async def observe(self, path: str, world: str = WORLD) -> httpx.Response:
        return await self.look(path, await self.seat("observer", "XX", "observer", world))

    async def look(self, path: str, token: str) -> httpx.Response:
        return await self.client.get(path, headers={"Authorization": f"Bearer {token}"})

    async def lodge(self, case: str, amount: int = 100, world: str = WORLD) -> None:
        async def act(transaction: Any) -> None:
            found = await transaction.open_world(world)
            work = services.Work(transaction, found, uuid5(NAMESPACE_URL, f"lodge {case}"))
            await services.lodge(work, case, amount)

        await self.lodging.write(act)

    async def quiet(self, world: str = WORLD, wait: float = 10) -> dict[str, Any]:
        return dict((await self.operate("GET", f"/v1/worlds/{world}/quiet?wait={wait}")).json())

    async def until_quiet(self, world: str = WORLD) -> None:
        found = await self.quiet(world)
        assert found["quiet"], found

    async def say(self, *events: Event) -> None:
        """Put events on the log as if their services had said them."""
        records = [Record(message_type(event.type).topic, *to_binary(event)) for event in events]
        assert await self.bus.publish(records) == [None] * len(records)


@asynccontextmanager
async def running_house(folder: Path) -> AsyncIterator[House]:
    settings = settings_in(folder)
    bus = open_bus(settings.bus_url)
    lodging = services.lodging(settings, bus)
    authority = Runtime(
        "authority",
        settings,
        bus,
        migrations=services.MIGRATIONS,
        reactions=services.desk_reactions(),
        deadlines=services.desk_deadlines(),
    )

    async def keys() -> dict[str, Any]:
        return await window.fetch_keys()

    apps = {
        runtime.name: services.application(runtime, Verifier(settings.issuer, keys))
        for runtime in (lodging, authority)
    }
    async with AsyncExitStack() as stack:
        peers = {name: await stack.enter_async_context(_client(app)) for name, app in apps.items()}
        window = build(settings, bus, peers=peers)
        await bus.start()
        stack.push_async_callback(bus.stop)
        await bus.ensure_topics(topics_of(settings))
        for app in (*apps.values(), window.app):
            await stack.enter_async_context(app.router.lifespan_context(app))
        client = await stack.enter_async_context(_client(window.app))
        yield House(window, bus, client, lodging, authority)


def _client(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://house", timeout=30)
