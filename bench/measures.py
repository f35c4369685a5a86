"""The limits of the design, each measured in turn with its floor."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from statistics import median
from time import monotonic
from uuid import uuid4

import consent.reactions
import customs_gateway.reactions
import single_window.window.reactions
from bench import floors
from bench.cases import Case, Load
from bench.figures import Figure, Limit, percentile
from bench.ground import Harbour, cpu_seconds, spending
from bench.load import Procession
from bench.wire import Wire, written
from pic_exchange.garbage import keep_what_stays
from pic_exchange.stack import PROCESSES, Stack
from pic_kit.bus import open_bus
from pic_kit.reactions import Reactions
from pic_kit.runtime import Runtime
from pic_kit.settings import Settings

BARE = "bare"
# Who hears the log: what each store does about it, and its migrations.
HEARERS: Mapping[str, tuple[Callable[[], Reactions], str]] = {
    "window": (lambda: single_window.window.reactions.reactions, "single_window.window.migrations"),
    "customs-gateway": (lambda: customs_gateway.reactions.listen(_every), "customs_gateway.migrations"),
    "consent": (lambda: consent.reactions.listen(_every), "consent.migrations"),
}


def _every(state: str) -> bool:
    return True


class Bare:
    """The floor's database and its process."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._process: asyncio.subprocess.Process | None = None
        self.port = stack.front + 91
        self.brokers = stack.kafka.brokers
        self.dsn = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Bare]:
        if BARE not in self.stack.postgres.psql("SELECT datname FROM pg_database"):
            self.stack.postgres.psql(f"CREATE DATABASE {BARE}")
        self.dsn = self.stack.postgres.url(BARE).replace("+asyncpg", "")
        await floors.create_tables(self.dsn)
        command = [sys.executable, "-m", "bench.floors", "serve", self.dsn, str(self.port)]
        process = self._process = await asyncio.create_subprocess_exec(*command)
        try:
            await _until_listening(self.port)
            yield self
        finally:
            process.terminate()
            await process.wait()

    def cpu_ms(self) -> float:
        """What its process has used so far."""
        return cpu_seconds(self._process.pid) * 1000 if self._process is not None else 0.0


async def _until_listening(port: int) -> None:
    until = monotonic() + 30
    while monotonic() < until:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        except OSError:
            await asyncio.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")


async def rate(wire: Wire, requests: Sequence[bytes], at_once: int = 16) -> float:
    """Accepted requests a second."""
    waiting = list(reversed(requests))

    async def one_after_the_other() -> None:
        while waiting:
            answer = await wire.send(waiting.pop())
            if answer.status != 201:
                raise RuntimeError(f"{answer.status}: {answer.content[:500].decode()}")

    began = monotonic()
    await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
    return len(requests) / (monotonic() - began)


async def accepted_writes(harbour: Harbour, bare: Bare, requests: int, rounds: int) -> Figure:
    figure = Figure(
        "accepted writes, one process",
        "writes/s",
        "FastAPI + asyncpg: validate the same document, insert two rows",
        Limit("least", 0.5),
    )
    body = Procession(harbour, []).document(Case(0, [Load(1)], False, 8400))
    token = harbour.tokens["exporter"]
    floor, stack = Wire(bare.port), bare.stack
    spent: dict[str, float] = {}
    least: dict[str, float] = {}
    before = bare.cpu_ms()
    for _ in range(rounds):
        ours = [written("POST", "/v1/notifications", token, body) for _ in range(requests)]
        plain = [written("POST", "/write", token, body) for _ in range(requests)]
        with spending(stack, spent):
            measured = await rate(harbour.wire("notifier"), ours)
        await harbour.settle()
        with spending(stack, least):
            figure.rounds.append((measured, await rate(floor, plain)))
    floor.close()
    writes = rounds * requests
    figure.note = (
        f"CPU a write: {spent['notifier'] / writes:.1f} ms in the notifier, "
        f"{sum(spent.values()) / writes:.1f} with all who hear it and the servers; "
        f"{(bare.cpu_ms() - before) / writes:.1f} in the floor's process, "
        f"{(bare.cpu_ms() - before + sum(least.values())) / writes:.1f} with the servers"
    )
    return figure


async def visible_elsewhere(harbour: Harbour, bare: Bare, times: int) -> Figure:
    """From the answer to a transmission until the other State's inbox shows it."""
    procession = Procession(harbour, [Case(n, [Load(1)], False, 8400) for n in range(times)])
    await procession.until_carried_out()
    await harbour.settle()
    seconds = []
    for case in procession.cases:
        path = f"/v1/notifications/{case.ref}"
        answer = await harbour.wire("notifier").ask(
            "POST", f"{path}/transmission", harbour.tokens["export-authority"]
        )
        began = monotonic()
        position = {"Exchange-Position": answer.headers["exchange-position"]}
        await harbour.wire("consent-a").ask("GET", path, harbour.tokens["import-authority"], headers=position)
        seconds.append(monotonic() - began)
    trips = await floors.round_trips(bare.dsn, bare.brokers, times)
    figure = Figure(
        "POST accepted to visible in the other State's inbox, p50",
        "ms",
        "one commit + one Kafka round trip + one commit",
        Limit("most", 3.0),
        [(median(seconds) * 1000, median(trips) * 1000)],
    )
    figure.note = f"p95 {percentile(seconds, 0.95) * 1000:.1f} ms"
    return figure


async def border_decision(harbour: Harbour, bare: Bare, loads: int) -> Figure:
    """A declaration with all its checks, one at a time, in a case of as many loads as the median one."""
    cases = [Case(n, [Load(k) for k in range(1, 51)], False, 8400) for n in range(max(1, loads // 50))]
    procession = Procession(harbour, cases)
    await procession.until_consented()
    await procession.until_prenotified()
    ours, plain = [], []
    floor, token = Wire(bare.port), harbour.tokens["export-customs"]
    for case in cases:
        for load in case.loads:
            body = procession.declaration("export", case, load)
            began = monotonic()
            await harbour.wire("customs").ask("POST", "/v1/declarations", token, body)
            ours.append((monotonic() - began) * 1000)
            began = monotonic()
            await floor.ask("POST", "/decide", "", body)
            plain.append((monotonic() - began) * 1000)
    floor.close()
    figure = Figure(
        "customs decision, p99",
        "ms",
        "FastAPI + asyncpg: one select, one insert",
        Limit("most", 2.0),
        [(percentile(ours, 0.99), percentile(plain, 0.99))],
    )
    figure.note = f"p50 {median(ours):.1f} ms against {median(plain):.1f} ms"
    return figure


def quiet_services(stack: Stack) -> None:
    """They would hear the copies of the log while something else is measured."""
    for name in PROCESSES:
        stack.processes.end(name)


def fresh_store(stack: Stack, store: str) -> Settings:
    """An empty database of a service, and how to reach it."""
    name = f"fresh_{store.replace('-', '_')}_{uuid4().hex[:6]}"
    stack.postgres.psql(f"CREATE DATABASE {name}")
    return Settings.from_environment(
        {
            "KAFKA_BOOTSTRAP_SERVERS": stack.kafka.brokers,
            f"PIC_{store.upper().replace('-', '_')}_DATABASE_URL": stack.postgres.url(name),
            "PIC_DEPLOYMENT": "bench",
        }
    )


async def consumed(stack: Stack, bare: Bare, store: str, rounds: int) -> Figure:
    """A fresh store of a service reads the whole log, then the floor reads the same records; and again."""
    figure = Figure(
        f"consumed messages, one process: {store}",
        "messages/s",
        "aiokafka getmany + asyncpg: insert the same bytes",
        Limit("least", 0.5),
    )
    cpu, least, messages = 0.0, 0.0, 0
    for _ in range(rounds):
        began = time.process_time()
        messages, ours = await _heard(stack, store)
        cpu += time.process_time() - began
        plain = await floors.consume_alone(bare.dsn, stack.kafka.brokers, messages)
        least += plain.cpu
        figure.rounds.append((ours, plain.per_second))
    each = 1e6 / (rounds * max(1, messages))
    figure.note = (
        f"{messages:,} messages, the first fetch warms up; CPU a message in the process "
        f"{cpu * each:.0f} us, in the floor's {least * each:.0f} us"
    )
    return figure


async def _heard(stack: Stack, store: str) -> tuple[int, float]:
    """How many messages the log holds, and how many a second a fresh store heard."""
    reactions, migrations = HEARERS[store]
    settings = fresh_store(stack, store)
    bus = open_bus(settings.bus_url)
    await bus.start()
    runtime = Runtime(store, settings, bus, migrations=migrations, reactions=reactions())
    try:
        await runtime.prepare()
        keep_what_stays()
        messages, timed, took = await _read_everything(runtime)
    finally:
        await runtime.stop()
        await bus.stop()
    return messages, timed / took


async def _read_everything(runtime: Runtime) -> tuple[int, int, float]:
    """Until it is behind no more: how many it read, how many of them were timed, and in how many seconds.

    The first fetch is not timed: the group settles, and the law is read from its files.
    """
    assert runtime.consumer is not None
    first = 0
    while first == 0:
        first = await runtime.consumer.read_once(wait=1.0)
    read, began = 0, time.monotonic()
    while any((await runtime.consumer.lag()).values()):
        read += await runtime.consumer.read_once(wait=1.0)
    return first + read, read, time.monotonic() - began
