"""The whole stack on one machine without containers: Apache Kafka, PostgreSQL, and each service a process."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

from pic_exchange.places import SECRET_VARIABLE, operator_secret
from pic_exchange.processes import Processes
from pic_exchange.servers import KAFKA, KafkaServer, PostgresServer

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
SERVE = ("-m", "pic_exchange.cli", "serve")
MEMBER = "~"


class StackFailed(Exception):
    """A part of the stack did not start; the message names its log."""


class Stack:
    """Starts, stops, kills and restarts the parts. Two stacks with their own folders and ports never meet.

    `extra` variables go to every service; `serve` is what the interpreter runs, before the service's name.
    A service may have further members, `notifier~2`: they share its database, its group and its work.
    """

    def __init__(
        self,
        folder: Path = FOLDER,
        front: int = FRONT,
        kafka_port: int = KAFKA_PORT,
        *,
        brokers: str | None = None,
        secret: str | None = None,
        extra: Mapping[str, str] | None = None,
        serve: Sequence[str] = SERVE,
        processes: Processes | None = None,
    ) -> None:
        self.folder = folder
        self.front = front
        self.url = f"http://127.0.0.1:{front}"
        self.processes = processes or Processes(folder)
        self.kafka = KafkaServer(self.processes, kafka_port, brokers)
        self.postgres = PostgresServer(folder)
        self.extra = dict(extra or {})
        self._secret = secret
        self._serve = tuple(serve)

    def port(self, name: str) -> int:
        """Ports lie beside the front door's, so that a second stack finds its own."""
        service, _, member = name.partition(MEMBER)
        return self.front + (PROCESSES[service][1] - FRONT) + 10 * int(member or 0)

    def environment(self, name: str) -> dict[str, str]:
        """The variables of one process: the same names as in every other deployment."""
        service = name.partition(MEMBER)[0]
        shared = {
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka.brokers,
            "PIC_DATA": str(self.folder / name),
            "PIC_DEPLOYMENT": service,
            "PIC_GROUP_INSTANCE": name,
            "PIC_JWKS_URL": f"{self.url}/.well-known/jwks.json",
            "PIC_LOG": os.environ.get("PIC_LOG", "human"),
        }
        return {**os.environ, **shared, **self._own(service), **self.extra}

    def _own(self, service: str) -> dict[str, str]:
        database = self.postgres.url
        if service == "single-window":
            return self._front_door()
        return {
            "notifier": {"PIC_NOTIFIER_DATABASE_URL": database("notifier")},
            "consent-a": {"PIC_CONSENT_DATABASE_URL": database("consent_a"), "PIC_STATES": IMPORTING},
            "consent-b": {
                "PIC_CONSENT_DATABASE_URL": database("consent_b"),
                "PIC_STATES": ",".join(f"-{state}" for state in IMPORTING.split(",")),
            },
            "customs": {"PIC_CUSTOMS_GATEWAY_DATABASE_URL": database("customs_gateway")},
        }[service]

    def _front_door(self) -> dict[str, str]:
        at = {name: f"http://127.0.0.1:{self.port(name)}" for name in PROCESSES}
        return {
            "PIC_DESK_DATABASE_URL": self.postgres.url("desk"),
            "PIC_WINDOW_DATABASE_URL": self.postgres.url("window"),
            SECRET_VARIABLE: self._secret or operator_secret(),
            "PIC_NOTIFIER_URL": at["notifier"],
            "PIC_CUSTOMS_URL": at["customs"],
            "PIC_CONSENT_URLS": f"{IMPORTING.replace(',', '+')}={at['consent-a']};*={at['consent-b']}",
        }

    # --- all of it ---

    def start(self, *, timeout: float = 120.0, say: bool = True) -> None:
        """Everything; returns when the front door says that it is ready. Raises StackFailed."""
        tell = print if say else _silent
        tell("starting Apache Kafka", flush=True)
        self.kafka.start()
        tell("starting PostgreSQL", flush=True)
        self.postgres.start(STORES)
        for name in PROCESSES:
            if not self.processes.running(name):
                tell(f"starting {name}", flush=True)
                self.start_service(name)
        self.wait_until_ready(timeout)
        tell(f"ready: {self.url}", flush=True)

    def wait_until_ready(self, timeout: float = 60.0) -> None:
        """Raises StackFailed when a process has ended or the time is up."""
        until = time.monotonic() + timeout
        while not self.ready():
            dead = [name for name in PROCESSES if not self.processes.running(name)]
            if dead or time.monotonic() > until:
                raise StackFailed("\n".join(self.processes.tail(name) for name in dead or PROCESSES))
            time.sleep(0.1)

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def stop(self, *, say: bool = True) -> None:
        """Services first, then the servers."""
        tell = print if say else _silent
        services = [name for name in self.processes.names() if name != KAFKA]
        for name in [*services, KAFKA]:
            if self.processes.running(name):
                tell(f"stopping {name}", flush=True)
                self.processes.send(name, signal.SIGCONT)
                self.processes.end(name)
        tell("stopping PostgreSQL", flush=True)
        self.postgres.stop()
        self.processes.forget()

    # --- one service ---

    def start_service(self, name: str) -> None:
        (self.folder / name).mkdir(parents=True, exist_ok=True)
        service = PROCESSES[name.partition(MEMBER)[0]][0]
        command = [sys.executable, *self._serve, service, "--port", str(self.port(name))]
        self.processes.start(name, command, self.environment(name))

    def kill(self, name: str) -> None:
        """kill -9, as a fault."""
        self.processes.end(name, signal.SIGKILL)

    def restart(self, name: str) -> None:
        """Start it again, whether it was killed or runs."""
        self.processes.end(name)
        self.start_service(name)

    def pause(self, name: str) -> None:
        """It hangs, as one that was swapped out or stands in a debugger."""
        self.processes.send(name, signal.SIGSTOP)

    def resume(self, name: str) -> None:
        self.processes.send(name, signal.SIGCONT)


def _silent(*_: object, **__: object) -> None:
    return None


def main() -> int:
    """`python -m pic_exchange.stack start|stop|status`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=("start", "stop", "status"))
    action = parser.parse_args().action
    stack = Stack(brokers=os.environ.get("KAFKA_BOOTSTRAP_SERVERS"))
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
