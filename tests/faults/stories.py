"""Stories beyond the library: rivals for one case, a late objection, a gateway that has lost touch."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from pic_exchange.stack import Stack
from pic_replay.exchange import Exchange, Reply, World
from pic_replay.runner import Runner
from pic_replay.scenario import Step, load_scenario
from tests.faults import stores
from tests.support.exchanges import SECRET, scenario_path
from tests.support.tiny_exchange.exchange import eventually

RIVALS, WAVES = 4, 6
CONSENT = {"verdict": "consent", "signatory": "Els Wouters"}


class Story:
    """A scenario of the library played up to a step; what follows is told by the test."""

    def __init__(self, exchange: Exchange, name: str, world: str) -> None:
        self.exchange = exchange
        self.scenario = load_scenario(scenario_path(name))
        self.name = world
        self._runner: Runner | None = None
        self._number = 1000

    async def until(self, about: str) -> World:
        """Play every step before the one that begins with these words."""
        steps = self.scenario.steps
        place = next(i for i, step in enumerate(steps) if step.about.startswith(about))
        before = self.scenario.model_copy(update={"steps": steps[:place]})
        self._runner = Runner(self.exchange, before, world=self.name)
        outcome = await self._runner.play()
        assert outcome.failures == []
        return await World.join(self.exchange, self.name)

    def step(self, about: str) -> Step:
        return next(step for step in self.scenario.steps if step.about.startswith(about))

    def order(self, who: str, path: str, body: Any) -> Step:
        return Step.model_validate({"as": who, "send": {"POST": path, "body": body}})

    async def send(self, world: World, step: Step) -> Reply:
        """Send it now, under a key of its own, without waiting for anything."""
        assert self._runner is not None
        self._number += 1
        reply = await self._runner.send(world, self._number, step)
        assert reply is not None
        return reply

    @property
    def number(self) -> str:
        assert self._runner is not None
        return str(self._runner._saved["number"])


async def lodge_at_once(exchange: Exchange, world_name: str, before: Callable[[], Awaitable[None]]) -> World:
    """One case, and many acts of its exporter in it at the same moment, after `before`."""
    story = Story(exchange, "s01-single-shipment", world_name)
    world = await story.until("The export authority approves")
    lodge = story.step("The exporter lodges the financial guarantee")
    await before()
    for _ in range(WAVES):
        replies = await asyncio.gather(*(story.send(world, lodge) for _ in range(RIVALS)))
        assert [reply.status for reply in replies] == [replies[0].status] * RIVALS
    return world


async def late_objection(stack: Stack, world_name: str) -> list[str]:
    """Belgium objects, then consents; Canada's word of the objection reaches customs last."""
    async with Exchange(stack.url, SECRET, patience=60) as exchange:
        story = Story(exchange, "s03-objection", world_name)
        world = await story.until("Belgium objects")
        async with stores.robbed_relay(stack, "notifier") as notifier:
            assert (await story.send(world, story.step("Belgium objects"))).status == 201
            said = "SELECT count(*) FROM outbox WHERE world = $1 AND published_at IS NULL"
            await eventually(lambda: notifier.fetchval(said, world_name))
            consent = story.order("import-authority", "/consent/v1/notifications/{number}/decisions", CONSENT)
            assert (await story.send(world, consent)).status == 201
            await eventually(lambda: _latest_at_customs(world, story.number, 2))
        stuck = await world.settle()
        found = await world.look(f"/customs/v1/registry/{story.number}")
    wrong = [] if found["state"] != "OBJECTED" else ["customs keep the objection that a consent superseded"]
    return [*wrong, *(f"never quiet: {reason}" for reason in stuck)]


async def stale_gateway(stack: Stack, world_name: str) -> list[str]:
    """Kafka is away when a declaration is lodged: the gateway must not release by itself."""
    async with Exchange(stack.url, SECRET, patience=60) as exchange, _soon_stale(stack):
        story = Story(exchange, "s01-single-shipment", world_name)
        declare = "Export declaration in Montreal"
        world = await story.until(declare)
        await world.move_clock("2026-07-20")
        await world.settle()
        await asyncio.to_thread(stack.kafka.stop)
        try:
            # The gateway finds out by itself; until then it may still decide on what it has read.
            await asyncio.sleep(SOON + 3)
            reply = await story.send(world, story.step(declare))
        finally:
            await asyncio.to_thread(stack.kafka.start)
        stuck = await world.settle()
    wrong = [] if _held_as_stale(reply) else [f"a gateway without touch answered {reply.status} {reply.body}"]
    return [*wrong, *(f"never quiet: {reason}" for reason in stuck)]


SOON = 3


@asynccontextmanager
async def _soon_stale(stack: Stack) -> Any:
    """The gateway of this stack is stale after three seconds, for as long as this lasts."""
    before = stack.extra.get("PIC_STALE_AFTER_SECONDS", "")
    stack.extra["PIC_STALE_AFTER_SECONDS"] = str(SOON)
    await asyncio.to_thread(stack.restart, "customs")
    await asyncio.to_thread(stack.wait_until_ready)
    try:
        yield
    finally:
        stack.extra["PIC_STALE_AFTER_SECONDS"] = before
        await asyncio.to_thread(stack.restart, "customs")
        await asyncio.to_thread(stack.wait_until_ready)


def _held_as_stale(reply: Reply) -> bool:
    return reply.status == 201 and reply.body["outcome"] == "held" and "REGISTRY_STALE" in str(reply.body)


async def _latest_at_customs(world: World, number: str, version: int) -> bool:
    found = await world.look(f"/customs/v1/registry/{number}")
    return any(authority.get("decision_version") == version for authority in found["authorities"])
