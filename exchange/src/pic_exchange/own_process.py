"""An exchange in a process beside this one, for as long as it is needed."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from pic_exchange.places import SECRET_VARIABLE, operator_secret
from pic_exchange.ready import ready
from pic_exchange.serve import listening_socket
from pic_kit.settings import LASTING
from pic_replay.exchange import ExchangeDown

START_WITHIN = 120.0


@dataclass(frozen=True, slots=True)
class Beside:
    """Where it listens, and its process."""

    port: int
    process: subprocess.Popen[bytes]

    async def ready(self) -> str:
        """Its URL, once it answers. Raises ExchangeDown."""
        until = monotonic() + START_WITHIN
        while not await asyncio.to_thread(ready, self.port):
            if self.process.poll() is not None or monotonic() > until:
                raise ExchangeDown(f"the exchange beside this one did not start on port {self.port}")
            await asyncio.sleep(0.05)
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def exchange_beside(data: Path) -> Iterator[Beside]:
    """`pic up` on a free port; ended with the block."""
    with listening_socket("127.0.0.1", 0) as probe:
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "pic_exchange.cli", "up", "--port", str(port), "--data", str(data)]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command,
        env={**os.environ, SECRET_VARIABLE: operator_secret(), LASTING: "no"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # Ctrl-C in the terminal is for the one who plays: it deletes its worlds first.
        start_new_session=True,
    )
    try:
        yield Beside(port, process)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
