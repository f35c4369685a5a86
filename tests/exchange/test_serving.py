"""One service as a process: it says in a line of JSON that it serves, and stops as it is told to."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from pic_exchange.ready import ready
from pic_exchange.serve import GRACE, listening_socket
from pic_replay.exchange import Exchange, World
from tests.support.exchanges import SECRET, ExchangeProcess


def free_port() -> int:
    with listening_socket("127.0.0.1", 0) as probe:
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_normally_when_told_to(tmp_path: Path, how: signal.Signals) -> None:
    exchange = ExchangeProcess(tmp_path / "data")
    exchange.start()
    assert ready(exchange.port)
    exchange.end(how)
    assert exchange.process is not None
    assert exchange.process.returncode == 0
    assert not ready(exchange.port)


@pytest.mark.slow
async def test_an_open_event_stream_does_not_keep_it_alive(tmp_path: Path) -> None:
    exchange = ExchangeProcess(tmp_path / "data")
    exchange.start()
    try:
        async with Exchange(exchange.url, SECRET) as client:
            world = await World.open(client, now="2026-06-01T00:00:00Z", label="open stream", key="k")
            headers = {"Authorization": f"Bearer {await world.seat('observer', 'XX', 'observer')}"}
        async with (
            httpx.AsyncClient(base_url=exchange.url) as reader,
            reader.stream("GET", "/v1/events/stream", headers=headers) as answer,
        ):
            assert answer.status_code == 200
            began = time.monotonic()
            await asyncio.to_thread(exchange.end)
            took = time.monotonic() - began
    finally:
        exchange.end()
    assert exchange.process is not None
    assert exchange.process.returncode == 0
    assert took < 2 * GRACE + 2


@pytest.mark.slow
def test_a_service_logs_json_lines_from_its_start_to_its_end(tmp_path: Path) -> None:
    port = free_port()
    env = {**os.environ, "PIC_LOG": "json", "PIC_DATA": str(tmp_path), "PIC_JWKS_URL": "http://127.0.0.1:1/"}
    command = [sys.executable, "-m", "pic_exchange.cli", "serve", "notifier", "--port", str(port)]
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        first = json.loads(process.stderr.readline())
        until = time.monotonic() + 30
        while not ready(port) and time.monotonic() < until:
            time.sleep(0.05)
        process.terminate()
        rest = [json.loads(line) for line in process.stderr]
    assert (first["event"], first["service"], first["port"]) == ("serving", "notifier", port)
    assert process.returncode == 0
    assert all("event" in event for event in rest)


def test_a_service_without_its_broker_says_so_in_json_and_ends_with_1(tmp_path: Path) -> None:
    env = {**os.environ, "PIC_LOG": "json", "PIC_DATA": str(tmp_path), "PIC_JWKS_URL": "http://127.0.0.1:1/"}
    command = [sys.executable, "-m", "pic_exchange.cli", "serve", "notifier", "--port", str(free_port())]
    env["KAFKA_BOOTSTRAP_SERVERS"] = "127.0.0.1:1"
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    told = [json.loads(line) for line in ended.stderr.splitlines()]
    assert ended.returncode == 1
    assert told[-1]["event"] == "service ended by an error"
