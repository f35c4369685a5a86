"""How a second process of a service shares the work: of hearing a log from its start, and of commands."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import Any, NamedTuple

import asyncpg

from bench.cases import Case, Load
from bench.ground import cpu_of_stack, cpu_seconds, harbour
from bench.load import Procession
from bench.measures import HEARERS, fresh_store
from bench.wire import Wire, written
from pic_exchange.stack import MEMBER, Stack
from pic_kit.bus import open_bus
from pic_kit.runtime import Runtime
from pic_kit.settings import Settings

Row = dict[str, Any]


def _row(what: str, unit: str, many: int, of: str, found: dict[int, tuple[float, float]]) -> Row:
    """`found`: by number of processes, how many a second and CPU milliseconds each."""
    (one, one_cpu), (two, two_cpu) = found[1], found[2]
    return {
        "what": what,
        "unit": unit,
        "many": many,
        "of": of,
        "one_per_second": round(one, 1),
        "two_per_second": round(two, 1),
        "ratio": round(two / one, 2),
        "one_cpu_ms": round(one_cpu, 2),
        "two_cpu_ms": round(two_cpu, 2),
    }


# --- hearing ---


async def heard_together(stack: Stack, messages: int) -> list[Row]:
    """Each store is read from an empty database by one process, and by two members of its group."""
    rows = []
    for store in HEARERS:
        found = {many: await _heard(stack, store, many, messages) for many in (1, 2)}
        rows.append(_row(f"hearing: {store}", "messages/s", messages, "messages", found))
        print(rows[-1], flush=True)
    return rows


async def _heard(stack: Stack, store: str, many: int, messages: int) -> tuple[float, float]:
    url = fresh_store(stack, store).database_url(store)
    members = [await _start(stack, store, url, number) for number in range(many)]
    try:
        for member in members:
            assert member.stdout is not None
            await member.stdout.readline()
        used, began = sum(cpu_seconds(member.pid) for member in members), monotonic()
        for member in members:
            assert member.stdin is not None
            member.stdin.write(b"go\n")
        await _until_heard(url, messages)
        took = monotonic() - began
        used = sum(cpu_seconds(member.pid) for member in members) - used
        return messages / took, used * 1000 / messages
    finally:
        for member in members:
            member.terminate()
            await member.wait()


async def _start(stack: Stack, store: str, url: str, number: int) -> asyncio.subprocess.Process:
    own = {
        f"PIC_{store.upper().replace('-', '_')}_DATABASE_URL": url,
        "PIC_GROUP_INSTANCE": f"bench-{number}",
        "PIC_DEPLOYMENT": "bench",
    }
    environment = {**os.environ, "KAFKA_BOOTSTRAP_SERVERS": stack.kafka.brokers, **own}
    command, pipe = (sys.executable, "-m", "bench.instances", store), asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*command, env=environment, stdin=pipe, stdout=pipe)


async def _until_heard(url: str, messages: int) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        heard = 0
        while heard < messages:
            await asyncio.sleep(0.1)
            heard = await connection.fetchval("SELECT sum(last) FROM heard") or 0
    finally:
        await connection.close()


async def _member(store: str) -> None:
    """One process: it says that it has joined, and reads when it is told to."""
    settings = Settings.from_environment(os.environ)
    bus = open_bus(settings.bus_url)
    await bus.start()
    reactions, migrations = HEARERS[store]
    runtime = Runtime(store, settings, bus, migrations=migrations, reactions=reactions())
    await runtime.prepare()
    assert runtime.consumer is not None
    await runtime.consumer.lag()
    print("joined", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await runtime.consumer.run()


# --- commands ---


class Acts(NamedTuple):
    """What is asked of one service, what must have been before, and how many requests it was."""

    what: str
    service: str
    until_ready: Callable[[Procession], Awaitable[None]]
    play: Callable[[Procession], Awaitable[int]]


async def commanded_together(stack: Stack, cases: int) -> list[Row]:
    """The same acts in a fresh world by one process of the service, then by two that take turns."""
    rows = []
    for acts in (
        Acts("decisions of consent", "consent-a", Procession.until_acknowledged, _decisions),
        Acts("declarations at customs", "customs", _ready_to_declare, _declarations),
    ):
        found = {1: await _commanded(stack, acts, cases)}
        second = f"{acts.service}{MEMBER}2"
        stack.start_service(second)
        await _until_ready(stack, second)
        found[2] = await _commanded(stack, acts, cases)
        stack.processes.end(second)
        rows.append(_row(acts.what, "requests/s", cases, "cases", found))
        print(rows[-1], flush=True)
    return rows


async def _commanded(stack: Stack, acts: Acts, cases: int) -> tuple[float, float]:
    async with harbour(stack, f"shared {acts.service}") as found:
        procession = Procession(found, [Case(n, [Load(1)], False, 8400) for n in range(cases)])
        await acts.until_ready(procession)
        before, began = _cpu_of(stack, acts.service), monotonic()
        done = await acts.play(procession)
        took = monotonic() - began
        await found.settle()
        return done / took, (_cpu_of(stack, acts.service) - before) * 1000 / done


async def _ready_to_declare(procession: Procession) -> None:
    await procession.until_consented()
    await procession.until_prenotified()


async def _decisions(procession: Procession) -> int:
    await procession.decide()
    return 2 * len(procession.cases)  # the contract is confirmed, and the decision taken


async def _declarations(procession: Procession) -> int:
    await procession.declare_exports()
    return len(procession.cases)


def _cpu_of(stack: Stack, service: str) -> float:
    used = cpu_of_stack(stack)
    return sum(seconds for name, seconds in used.items() if name.partition(MEMBER)[0] == service)


async def _until_ready(stack: Stack, member: str) -> None:
    wire = Wire(stack.port(member))
    for _ in range(600):
        with suppress(OSError):
            if (await wire.send(written("GET", "/readyz", ""))).status == 200:
                wire.close()
                return
        await asyncio.sleep(0.1)
    raise TimeoutError(f"{member} is not ready")


if __name__ == "__main__":
    asyncio.run(_member(sys.argv[1]))
