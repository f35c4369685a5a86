"""Both tiny services on one bus, driven step by step or running by themselves."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import httpx
from sqlalchemy import select
from sqlalchemy.event import listen, remove

from pic_kit.activity import activity
from pic_kit.bus import open_bus
from pic_kit.bus.base import Bus, Received, Record
from pic_kit.reactions import Reactions
from pic_kit.runtime import Runtime
from pic_kit.settings import Settings
from pic_kit.timers import Deadlines
from pic_kit.topics import topics_of
from pic_kit.transaction import Work
from pic_kit.worlds import open_world
from pic_schemas.address import Address
from pic_schemas.catalogue import TOPICS
from pic_schemas.envelope import Event, to_binary
from pic_schemas.messages import Message
from tests.support.own_topics import OwnTopics
from tests.support.tiny_exchange import services
from tests.support.tokens import TestIssuer

WORLD = "harbour"
START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def case_id(name: str) -> str:
    """A case id that can be told apart in a failure."""
    return str(uuid5(NAMESPACE_URL, name))


@dataclass
class TinyExchange:
    """`lodging` and `desk` on one bus. Nothing runs unless a test starts it or calls `deliver`."""

    settings: Settings
    bus: Bus
    issuer: TestIssuer
    lodging: Runtime
    desk: Runtime
    desk_hears: Reactions
    desk_deadlines: Deadlines
    _sequences: dict[tuple[str, str | None, str], int] = field(default_factory=dict)

    @property
    def runtimes(self) -> tuple[Runtime, Runtime]:
        return self.lodging, self.desk

    async def open_world(
        self, world: str = WORLD, mode: str = "sandbox", only: Runtime | None = None
    ) -> None:
        for runtime in [only] if only else self.runtimes:
            await runtime.write(lambda t: open_world(t.connection, world, mode, START, ""))

    async def lodge(self, case: str, amount: int = 100, world: str = WORLD, key: str = "") -> None:
        """What the command does, without HTTP."""
        act = partial(services.lodge, case=case, amount=amount)
        await self.work(self.lodging, act, cause=f"{key}lodge {case}", world=world)

    async def work(self, runtime: Runtime, act: Any, *, cause: str, world: str = WORLD) -> Any:
        async def run(transaction: Any) -> Any:
            found = await transaction.open_world(world)
            return await act(Work(transaction, found, uuid5(NAMESPACE_URL, cause)))

        return await runtime.write(run)

    async def deliver(self) -> None:
        """Publish and read until nobody has anything left to say or to hear."""
        moved = True
        while moved:
            moved = False
            for runtime in self.runtimes:
                while await runtime.relay.publish_batch():
                    moved = True
                assert runtime.consumer is not None
                while await runtime.consumer.read_once(wait=0):
                    moved = True
                moved = moved or any((await runtime.consumer.lag()).values())

    async def say(self, *events: Event) -> None:
        """Put events on the bus that no service of this house has in its outbox."""
        records = []
        for event in events:
            binary = to_binary(event)
            records.append(Record("pic.cases" if event.case else "pic.worlds", *binary))
        assert await self.bus.publish(records) == [None] * len(records)

    def event(
        self,
        message: Message,
        *,
        case: str | None,
        sender: Address = services.EXPORTER,
        source: str = "/outside/CA",
        world: str = WORLD,
        sequence: int | None = None,
    ) -> Event:
        """An event of a producer outside; its sequence counts on unless it is given."""
        stream = (world, case, source)
        if sequence is None:
            sequence = self._sequences.get(stream, 0) + 1
        self._sequences[stream] = sequence
        identity = uuid5(NAMESPACE_URL, f"{stream} {sequence}")
        return Event(
            id=identity,
            source=source,
            type=message.type,
            time=START,
            world=world,
            case=case,
            sequence=sequence,
            sender=str(sender),
            recordedtime=START,
            causationid=UUID(int=0),
            data=message.payload(),
        )

    @contextmanager
    def statements(self, runtime: Runtime) -> Iterator[list[str]]:
        """The SQL that a store's writer sends."""
        seen: list[str] = []
        engine = runtime.database._writer.sync_engine

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            seen.append(statement)

        listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            remove(engine, "before_cursor_execute", note)

    async def rows(self, runtime: Runtime, table: Any, *where: Any) -> list[Any]:
        async def query(connection: Any) -> list[Any]:
            ordered = select(table).where(*where).order_by(*table.primary_key.columns)
            return list((await connection.execute(ordered)).all())

        return await runtime.read(query)

    async def contents(self, runtime: Runtime, *tables: Any) -> list[list[Any]]:
        """Everything in these tables, to compare before and after."""
        return [[tuple(row) for row in await self.rows(runtime, table)] for table in tables]

    async def log(self) -> list[Received]:
        """Every record of the bus, in the order of each topic."""
        return await all_records(self.bus)

    async def hear(self, runtime: Runtime, *events: Event) -> None:
        """Say them and let this one store read them."""
        await self.say(*events)
        await self.read_all(runtime)

    async def read_all(self, runtime: Runtime) -> None:
        assert runtime.consumer is not None
        while await runtime.consumer.read_once(wait=0) or any((await runtime.consumer.lag()).values()):
            pass

    async def quiet(self, world: str = WORLD) -> bool:
        """All that was said was heard, by both."""
        found = [await activity(runtime, world) for runtime in self.runtimes]
        said: dict[str, int] = {}
        for one in found:
            said |= one.produced
        return all(one.unpublished == 0 and one.heard.items() >= said.items() for one in found)

    async def until_quiet(self, world: str = WORLD, seconds: float = 20) -> None:
        """Wait on the services' own progress, never on a clock."""
        async with asyncio.timeout(seconds):
            while not await self.quiet(world):
                await next_progress(self.runtimes)

    @asynccontextmanager
    async def client(
        self, runtime: Runtime, roles: Sequence[str] = ("exporter",), **claims: Any
    ) -> AsyncIterator[httpx.AsyncClient]:
        """A caller of one service with a token of its own."""
        app = services.application(runtime, self.issuer.verifier())
        given = {"agency": "CA-PLASTIX", "state": "CA", "world": WORLD} | claims
        token = self.issuer.token(roles=list(roles), **given)
        headers = {"Authorization": f"Bearer {token}"}
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://tiny", headers=headers) as client:
            yield client


async def all_records(bus: Bus) -> list[Received]:
    """Every record of a bus, in the order of each topic."""
    reader = await bus.subscribe(f"auditor.{uuid4().hex}", tuple(TOPICS))
    try:
        found: list[Received] = []
        while any((await reader.behind()).values()):
            for records in (await reader.fetch(limit=10_000, wait=1)).values():
                found += records
        return found
    finally:
        await reader.close()


async def next_progress(runtimes: Sequence[Runtime]) -> None:
    """Until one of the consumers has applied something, or a quarter of a second has gone."""

    async def progress(runtime: Runtime) -> None:
        assert runtime.consumer is not None
        async with runtime.consumer.progress:
            await runtime.consumer.progress.wait()

    waits = [asyncio.create_task(progress(runtime)) for runtime in runtimes]
    await asyncio.wait(waits, timeout=0.25, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    await asyncio.gather(*waits, return_exceptions=True)


def settings_for(folder: Path, bus_url: str, databases: Mapping[str, str]) -> Settings:
    return Settings(
        data=folder,
        bus_url=bus_url,
        database_urls=databases,
        deployment="test",
        states=frozenset(),
        issuer="pic-sandbox",
        jwks_url=None,
        stale_after=30,
        cases_partitions=3,
    )


@asynccontextmanager
async def tiny_exchange(settings: Settings, issuer: TestIssuer) -> AsyncIterator[TinyExchange]:
    """Migrated and with its world open, but nothing runs."""
    bus: Bus = open_bus(settings.bus_url)
    if settings.bus_url.startswith("kafka:"):
        bus = OwnTopics(bus, f"t{token_hex(4)}.")
    await bus.start()
    await bus.ensure_topics(topics_of(settings))
    hears, deadlines = services.desk_reactions(), services.desk_deadlines()
    desk = services.desk(settings, bus, hears, deadlines)
    exchange = TinyExchange(settings, bus, issuer, services.lodging(settings, bus), desk, hears, deadlines)
    try:
        for runtime in exchange.runtimes:
            await runtime.prepare()
        await exchange.open_world()
        yield exchange
    finally:
        for runtime in exchange.runtimes:
            await runtime.stop()
        await bus.stop()


async def eventually(check: Callable[[], Any], seconds: float = 10) -> None:
    """Wait until it is so; for what other tasks do at their own pace."""
    async with asyncio.timeout(seconds):
        while True:
            found = check()
            if await found if inspect.isawaitable(found) else found:
                return
            await asyncio.sleep(0.01)
