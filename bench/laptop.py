"""The whole exchange in one process on a laptop: start, memory, demonstration."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

from bench.figures import Figure, Limit
from bench.ground import SECRET

ALONE = Limit("most", 1.0)


@contextmanager
def _up(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "pic_exchange.cli", "up", "--port", str(port), "--data", str(folder)]
    began = time.monotonic()
    with subprocess.Popen(
        command, env={**os.environ, "PIC_OPERATOR_SECRET": SECRET}, stdout=subprocess.DEVNULL
    ) as process:
        try:
            while not _ready(port):
                if process.poll() is not None or time.monotonic() - began > 60:
                    raise RuntimeError("pic up did not start")
                time.sleep(0.01)
            yield process, time.monotonic() - began
        finally:
            process.terminate()


def _ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def _resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def laptop() -> list[Figure]:
    """Against the limits themselves: these are absolute. The start is the best of three."""
    starts, memory = [], 0.0
    with tempfile.TemporaryDirectory(prefix="pic-bench-laptop-") as name:
        folder = Path(name) / "data"
        with _up(folder):
            pass
        for _ in range(3):
            with _up(folder) as (process, took):
                starts.append(took)
                memory = _resident_mb(process.pid)
    return [
        Figure("`pic up` to ready, second start", "s", "the limit itself", ALONE, [(min(starts), 2.0)]),
        Figure("memory of the whole exchange, idle", "MB", "the limit itself", ALONE, [(memory, 200.0)]),
        Figure("`pic demo`, all of it", "s", "the limit itself", ALONE, [(_demonstration(), 15.0)]),
    ]


def _demonstration() -> float:
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", "pic_exchange.cli", "demo"], stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - began
