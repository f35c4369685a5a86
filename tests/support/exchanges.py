"""Exchanges to test against, in this process or as one of their own, and scenarios played on them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from pic_exchange.demo import own_exchange
from pic_exchange.serve import listening_socket
from pic_replay.exchange import Exchange
from pic_replay.runner import Outcome, Runner
from pic_replay.scenario import load_scenario

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = ROOT / "scenarios"
SECRET = "a-secret-for-tests"

__all__ = ["ROOT", "SCENARIOS", "SECRET", "ExchangeProcess", "own_exchange", "play"]


def scenario_path(name: str) -> Path:
    return SCENARIOS / f"{name}.yaml"


async def play(url: str, name: str, *, world: str | None = None, keep: bool = True) -> Outcome:
    """Play one scenario of the library on a running exchange."""
    async with Exchange(url, SECRET) as exchange:
        return await Runner(exchange, load_scenario(scenario_path(name)), world=world).play(keep=keep)


class ExchangeProcess:
    """`pic up` as a process of its own, on a free port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with listening_socket("127.0.0.1", 0) as probe:
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start and wait until ready; returns the seconds that took."""
        began = time.monotonic()
        command = [sys.executable, "-m", "pic_exchange.cli", "up", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--data", str(self.folder)],
            env={**os.environ, "PIC_OPERATOR_SECRET": SECRET},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.folder.parent,
        )
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() - began > 60:
                self.process.kill()  # what it said is read to its end
                # One line, wherever the terminal's width would have broken it.
                raise AssertionError(f"pic up did not start: {' '.join(self.output().split())}")
            time.sleep(0.02)
        return time.monotonic() - began

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def output(self) -> str:
        if self.process is None or self.process.stdout is None:
            return ""
        return self.process.stdout.read().decode(errors="replace")

    def memory_mb(self) -> float:
        """Resident memory, from the kernel's own accounting."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def cpu_seconds(self) -> float:
        """What it has used so far, in user and in kernel, from the kernel's own accounting."""
        assert self.process is not None
        stat = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    def end(self, how: int = signal.SIGTERM) -> None:
        """Stop it, by default as an operator would; nothing happens when it does not run."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(30)
        if self.process.stdout is not None:
            self.process.stdout.close()


@contextmanager
def exchange_process(folder: Path) -> Iterator[ExchangeProcess]:
    """A running `pic up`, stopped at the end."""
    process = ExchangeProcess(folder)
    process.start()
    try:
        yield process
    finally:
        process.end()
