"""One exchange and one Chromium for the room; a machine without Chromium says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.chromium import Watched, chromium, running_chromium, watched
from tests.browser.stage import Stage, running_stage
from tests.support.required import missing

FOUND = pytest.StashKey[str]()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(pytestconfig: pytest.Config) -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    if chromium() is None:
        pytestconfig.stash[FOUND] = "MISSING, its tests did not run"
        missing("chromium", "there is no Chromium; on Debian: apt-get install chromium")
    async with running_chromium() as found:
        pytestconfig.stash[FOUND] = found.version
        yield found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """An exchange of its own."""
    async with running_stage(tmp_path_factory.mktemp("stage")) as found:
        yield found


@dataclass(frozen=True)
class Played:
    """Worlds in which the stories have been played to their end, or to where a due date runs."""

    stage: Stage
    consented: str = "s01-consented"
    objected: str = "s03-objected"
    under_way: str = "s01-under-way"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def played(stage: Stage) -> Played:
    found = Played(stage)
    await stage.play("s01-single-shipment", world=found.consented)
    await stage.play("s03-objection", world=found.objected)
    await stage.play("s01-single-shipment", world=found.under_way, until=8)
    return found


@pytest_asyncio.fixture(loop_scope="session")
async def light(browser: Browser) -> AsyncIterator[Watched]:
    """A browser in light colours, in which nothing may go wrong."""
    async with watched(browser) as found:
        yield found
    assert found.strangers == []
    assert found.errors == []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if FOUND in config.stash:
        terminalreporter.line(f"Chromium: {config.stash[FOUND]}")
