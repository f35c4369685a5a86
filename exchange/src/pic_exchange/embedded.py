"""All services in one process, for a laptop: the same code, an embedded bus, a SQLite file a store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.routing import Mount

import consent.app
import customs_gateway.app
import notifier.app
import single_window.app
from pic_exchange.in_process import InProcess
from pic_kit.access import Verifier
from pic_kit.bus import open_bus
from pic_kit.bus.base import Bus
from pic_kit.settings import Settings
from pic_kit.topics import topics_of

SERVICES: Mapping[str, Callable[[Settings, Bus, Verifier], FastAPI]] = {
    "notifier": notifier.app.build,
    "consent": consent.app.build,
    "customs": customs_gateway.app.build,
}


class EmbeddedExchange:
    """`app` answers for every service: the single window at `/`, the others under their names."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.bus = open_bus(settings.bus_url, lasting=settings.lasting)
        self.services = {
            name: build(settings, self.bus, self._verifier()) for name, build in SERVICES.items()
        }
        peers = {name: _client(app) for name, app in self.services.items()}
        stores = {name: app.state.runtime for name, app in self.services.items()}
        self.window = single_window.app.build(settings, self.bus, peers=peers, neighbours=stores)
        self.app = self.window.app
        for name, service in self.services.items():
            self.app.mount(f"/{name}", service)
            self.app.state.watched += service.state.watched
            self.app.state.requests += service.state.requests
        # First a look at the prefix, and not at each of the window's hundred routes.
        self.app.router.routes.sort(key=lambda route: not isinstance(route, Mount))

    def _verifier(self) -> Verifier:
        async def keys() -> dict[str, Any]:
            return await self.window.fetch_keys()

        return Verifier(self.settings.issuer, keys)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[EmbeddedExchange]:
        """Mounted applications do not run their own lifespan: this process does."""
        async with AsyncExitStack() as stack:
            await self.bus.start()
            stack.push_async_callback(self.bus.stop)
            await self.bus.ensure_topics(topics_of(self.settings))
            for service in self.services.values():
                await stack.enter_async_context(service.router.lifespan_context(service))
            await stack.enter_async_context(self.app.router.lifespan_context(self.app))
            yield self


def _client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=InProcess(app), base_url="http://embedded")
