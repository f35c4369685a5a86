"""Three small services over one log, which a test may kill and start again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from pic_kit.bus import open_bus
from pic_kit.bus.base import Record
from pic_kit.runtime import Runtime
from pic_kit.tables import outbox
from pic_kit.worlds import open_world
from pic_schemas.envelope import Event, to_binary
from tests.support.tiny_exchange import services
from tests.support.tiny_exchange.exchange import START, WORLD, settings_for
from tests.support.tokens import test_issuer

KINDS = {"lodging": services.lodging, "desk": services.desk, "register": services.register}


class ThreeServices:
    """`lodging` takes commands, `desk` answers and reviews, `register` writes all of it down."""

    def __init__(self, folder: Path) -> None:
        self._settings = settings_for(folder, f"embedded:///{folder / 'bus.sqlite3'}", {})
        self.bus = open_bus(self._settings.bus_url)
        self.runtimes: dict[str, Runtime] = {}
        self._app: Any = None

    async def open(self) -> None:
        await self.bus.start()
        for name in KINDS:
            await self.start(name)
            await self.runtimes[name].write(lambda t: open_world(t.connection, WORLD, "sandbox", START, ""))

    async def start(self, name: str) -> None:
        self.runtimes[name] = KINDS[name](self._settings, self.bus)
        await self.runtimes[name].prepare()
        if name == "lodging":
            self._app = services.application(self.runtimes[name], test_issuer().verifier())

    async def close(self) -> None:
        for runtime in self.runtimes.values():
            await runtime.stop()
        await self.bus.stop()

    async def restart(self, name: str) -> None:
        """What was in memory is gone; what was committed is not."""
        await self.runtimes[name].stop()
        await self.start(name)

    async def post(self, path: str, key: str, body: Any = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {test_issuer().token(world=WORLD)}", "Idempotency-Key": key}
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://tiny", headers=headers) as client:
            return await client.post(path, json=body)

    async def rows(self, name: str, query: Any) -> list[Any]:
        return list((await self.runtimes[name].read(lambda connection: connection.execute(query))).all())

    async def unpublished(self, name: str) -> list[Record]:
        query = outbox.select().where(outbox.c.published_at.is_(None)).order_by(outbox.c.seq)
        rows = await self.rows(name, query)
        return [Record(row.topic, *to_binary(Event.model_validate_json(row.event))) for row in rows]

    async def settle(self) -> None:
        """Publish and read until nobody has anything left to say or to hear."""
        moved = True
        while moved:
            moved = False
            for runtime in self.runtimes.values():
                assert runtime.consumer is not None
                while await runtime.relay.publish_batch():
                    moved = True
                while await runtime.consumer.read_once(wait=0) or any(
                    (await runtime.consumer.lag()).values()
                ):
                    moved = True
