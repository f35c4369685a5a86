"""The stack that the rounds do harm to, and what its cases look like when nobody does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from pic_exchange.stack import Stack
from tests.faults import tally
from tests.faults.forked import ForkedProcesses
from tests.faults.promises import Undisturbed
from tests.faults.rounds import without_faults
from tests.support.stacks import QUICK, own_stack

SERVE = ("-m", "tests.faults.process")
# Here a gateway may lose touch for a while without holding loads: the comparison is with a calm run.
PATIENT = {**QUICK, "PIC_STALE_AFTER_SECONDS": "120"}


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with own_stack(PATIENT, SERVE, ForkedProcesses) as running:
        yield running


@pytest.fixture(scope="session")
def undisturbed(stack: Stack) -> dict[str, Undisturbed]:
    return asyncio.run(without_faults(stack))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if tally.rounds:
        terminalreporter.section("faults that were done")
        for line in tally.table():
            terminalreporter.write_line(line)
