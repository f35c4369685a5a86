"""The stores of the exchange as the single window sees them: its own two, and every peer over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

import httpx

from pic_kit.activity import Activity, activity, clock_set, holds_ordered, timers_fired
from pic_kit.app import health_of
from pic_kit.holding import HoldOrder
from pic_kit.runtime import Runtime

T = TypeVar("T")


class PeerAway(Exception):
    """A service of the exchange cannot be reached or does not answer as it should; try again."""


class Store(Protocol):
    """What every store can be asked about a world; a `near` one answers without a request to a service."""

    name: str
    near: bool

    async def activity(self, world: str) -> Activity: ...

    async def ready(self) -> bool: ...


class OwnStore:
    """The desk or the window: asked without HTTP."""

    near = True

    def __init__(self, runtime: Runtime) -> None:
        self.name = runtime.name
        self._runtime = runtime

    async def activity(self, world: str) -> Activity:
        return await activity(self._runtime, world)

    async def ready(self) -> bool:
        return (await health_of(self._runtime)).ready


class PeerStore:
    """Another service's store, through its `/internal` endpoints. Raises PeerAway."""

    near = False

    def __init__(self, name: str, client: httpx.AsyncClient, token: Callable[[], Awaitable[str]]) -> None:
        self.name = name
        self._client = client
        self._token = token

    async def activity(self, world: str) -> Activity:
        return Activity.model_validate(await self._ask("GET", f"/internal/worlds/{world}/activity"))

    async def set_clock(self, world: str, now: datetime | None, *, moving: bool) -> Activity:
        setting = {"now": now.isoformat() if now else None, "moving": moving}
        answer = await self._ask("PUT", f"/internal/worlds/{world}/clock", setting)
        return Activity.model_validate(answer)

    async def order_holds(self, world: str, order: HoldOrder) -> None:
        await self._ask("PUT", f"/internal/worlds/{world}/holds", order.model_dump(mode="json"))

    async def fire(self, world: str) -> int:
        return int((await self._ask("POST", f"/internal/worlds/{world}/timers"))["fired"])

    async def ready(self) -> bool:
        try:
            return (await self._client.get("/readyz")).status_code == 200
        except httpx.HTTPError:
            return False

    async def pass_on(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """What the service itself answers."""
        headers = {"Authorization": f"Bearer {await self._token()}"}
        try:
            return await self._client.request(method, path, json=body, headers=headers)
        except httpx.HTTPError as error:
            raise PeerAway(f"{self.name} cannot be reached: {type(error).__name__}") from error

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.pass_on(method, path, body)
        if answer.status_code != 200:
            raise PeerAway(f"{self.name} answered {answer.status_code} to {method} {path}")
        return answer.json()


class NeighbourStore(PeerStore):
    """A service of this process: asked what its endpoints would ask, without the HTTP between."""

    def __init__(
        self, name: str, client: httpx.AsyncClient, token: Callable[[], Awaitable[str]], runtime: Runtime
    ) -> None:
        super().__init__(name, client, token)
        self._runtime = runtime

    async def activity(self, world: str) -> Activity:
        return await self._answer(activity(self._runtime, world))

    async def set_clock(self, world: str, now: datetime | None, *, moving: bool) -> Activity:
        return await self._answer(clock_set(self._runtime, world, now, moving=moving))

    async def order_holds(self, world: str, order: HoldOrder) -> None:
        await self._answer(holds_ordered(self._runtime, world, order))

    async def fire(self, world: str) -> int:
        return await self._answer(timers_fired(self._runtime, world))

    async def ready(self) -> bool:
        return (await health_of(self._runtime)).ready

    async def _answer(self, asked: Awaitable[T]) -> T:
        """What would be a problem in HTTP is one for whoever asked to try again, as there."""
        try:
            return await asked
        except Exception as error:
            raise PeerAway(f"{self.name} does not answer: {type(error).__name__}: {error}") from error


async def order_holds(stores: Sequence[Store], world: str, order: HoldOrder) -> None:
    """In every service that speaks in cases. Raises PeerAway."""
    peers = [store for store in stores if isinstance(store, PeerStore)]
    await asyncio.gather(*(peer.order_holds(world, order) for peer in peers))


async def all_activity(stores: Sequence[Store], world: str) -> list[Activity]:
    """One look at every store. Raises PeerAway."""
    return list(await asyncio.gather(*(store.activity(world) for store in stores)))
