"""A Kafka broker for the tests: a named one, else Apache Kafka by Maven and Java, else a mock cluster."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

LAUNCHER = Path(__file__).resolve().parents[2] / "deploy" / "kafka-local" / "kafka_local.py"


@dataclass(frozen=True)
class Kafka:
    """A broker that runs. `real` means Apache Kafka's own behaviour: groups that rebalance, CreateTopics."""

    servers: str
    kind: str
    real: bool

    @property
    def url(self) -> str:
        return f"kafka://{self.servers}"


class LocalBroker:
    """Apache Kafka in a folder of its own, on one port for life; for tests that stop and kill it."""

    def __init__(self, folder: Path) -> None:
        self._launcher = launcher()
        self._folder = folder
        self.port = self._launcher.free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def servers(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        self._process = self._launcher.start(self._folder, self.port)

    def stop(self) -> None:
        if self._process is not None:
            self._launcher.stop(self._process)
            self._process = None

    def kill(self) -> None:
        """As kill -9 or a power cut of the process would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def launcher() -> ModuleType:
    """deploy/kafka-local/kafka_local.py: its folder is no package."""
    spec = importlib.util.spec_from_file_location("kafka_local", LAUNCHER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def apache_kafka_is_possible() -> bool:
    return bool(launcher().possible())


@contextmanager
def running_kafka() -> Iterator[Kafka]:
    """One broker for a session of tests, and which one it is."""
    named = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    if named:
        yield Kafka(named, f"the broker at {named}", real=True)
    elif apache_kafka_is_possible():
        with _apache_kafka() as servers:
            yield Kafka(servers, "Apache Kafka by Maven and Java", real=True)
    else:
        with _mock_cluster() as servers:
            yield Kafka(servers, "librdkafka's mock cluster: no rebalance, no CreateTopics", real=False)


@contextmanager
def _apache_kafka() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="pic-kafka-"))
    broker = LocalBroker(folder)
    try:
        broker.start()
        yield broker.servers
    finally:
        # Its log goes with it: nobody needs the clean end, for which it first hands over what it leads.
        broker.kill()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _mock_cluster() -> Iterator[str]:
    from confluent_kafka import Producer

    cluster = Producer({"bootstrap.servers": "", "test.mock.num.brokers": 1, "log_level": 0})
    brokers = cluster.list_topics(timeout=10).brokers.values()
    yield ",".join(f"{broker.host}:{broker.port}" for broker in brokers)
    del cluster  # the cluster lives as long as this producer
