"""How a second process of a service shares the work: one reads the log, then two read it, from the start."""

from __future__ import annotations

import asyncio
import os
import sys
from time import monotonic
from typing import Any

import asyncpg

import single_window.window.reactions
from bench.measures import fresh_store
from pic_exchange.stack import Stack
from pic_kit.bus import open_bus
from pic_kit.runtime import Runtime
from pic_kit.settings import Settings

STORE, URL = "window", "PIC_WINDOW_DATABASE_URL"
MIGRATIONS = "single_window.window.migrations"


async def shared(stack: Stack, messages: int) -> dict[str, Any]:
    """Messages a second of the window's store by one process, and by two members of its group."""
    found = {many: messages / await _seconds(stack, many, messages) for many in (1, 2)}
    return {
        "messages": messages,
        "cores": os.cpu_count(),
        "one_per_second": round(found[1], 1),
        "two_per_second": round(found[2], 1),
        "ratio": round(found[2] / found[1], 2),
    }


async def _seconds(stack: Stack, many: int, messages: int) -> float:
    url = fresh_store(stack, STORE).database_url(STORE)
    members = [await _start(stack, url, number) for number in range(many)]
    try:
        for member in members:
            assert member.stdout is not None
            await member.stdout.readline()
        began = monotonic()
        for member in members:
            assert member.stdin is not None
            member.stdin.write(b"go\n")
        await _until_heard(url, messages)
        return monotonic() - began
    finally:
        for member in members:
            member.terminate()
            await member.wait()


async def _start(stack: Stack, url: str, number: int) -> asyncio.subprocess.Process:
    own = {URL: url, "PIC_GROUP_INSTANCE": f"bench-{number}", "PIC_DEPLOYMENT": "bench"}
    environment = {**os.environ, "KAFKA_BOOTSTRAP_SERVERS": stack.kafka.brokers, **own}
    pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
    command = (sys.executable, "-m", "bench.instances")
    return await asyncio.create_subprocess_exec(*command, env=environment, **pipes)


async def _until_heard(url: str, messages: int) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        heard = 0
        while heard < messages:
            await asyncio.sleep(0.1)
            heard = await connection.fetchval("SELECT sum(last) FROM heard") or 0
    finally:
        await connection.close()


async def _member() -> None:
    """One process: it says that it has joined, and reads when it is told to."""
    settings = Settings.from_environment(os.environ)
    bus = open_bus(settings.bus_url)
    await bus.start()
    reactions = single_window.window.reactions.reactions
    runtime = Runtime(STORE, settings, bus, migrations=MIGRATIONS, reactions=reactions)
    await runtime.prepare()
    assert runtime.consumer is not None
    await runtime.consumer.lag()
    print("joined", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await runtime.consumer.run()


if __name__ == "__main__":
    asyncio.run(_member())
