"""An exchange on which stories are played, and the way into its console."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from pic_replay.exchange import Exchange
from pic_replay.runner import Outcome, Runner, Watch
from pic_replay.scenario import Scenario, load_scenario
from tests.support.exchanges import SECRET, own_exchange, scenario_path


@dataclass
class Stage:
    """`exchange` speaks as the operator."""

    url: str
    exchange: Exchange

    async def play(self, name: str, *, world: str, watch: Watch | None = None, until: int = 0) -> Outcome:
        """Play a scenario of the library, or only its first steps."""
        scenario = load_scenario(scenario_path(name))
        if until:
            scenario = _begun(scenario, until)
        runner = Runner(self.exchange, scenario, world=world, **({"watch": watch} if watch else {}))
        outcome = await runner.play()
        assert outcome.passed, outcome.failures
        return outcome

    async def open_world(self, world: str, now: str = "2026-06-01T00:00:00Z") -> None:
        await self.exchange.operate("POST", "/v1/worlds", {"world": world, "now": now}, key=f"world:{world}")

    async def code(self, **order: Any) -> dict[str, Any]:
        return dict(await self.exchange.operate("POST", "/v1/console-codes", order))

    async def enter(self, page: Page, **order: Any) -> None:
        """Open the link that `pic console` would print."""
        await page.goto(self.url + (await self.code(**order))["path"])
        await page.wait_for_url(f"{self.url}/console/worlds**")

    async def enter_case(self, page: Page, world: str, part: str = "") -> None:
        """The first case of a world, as its observer."""
        await self.enter(page, world=world)
        await page.locator("table.list th a").first.click()
        await page.locator(".tabs").wait_for()
        if part:
            await page.get_by_role("link", name=part).click()
            await page.locator(f'.tabs a[aria-current]:has-text("{part}")').wait_for()


def _begun(scenario: Scenario, steps: int) -> Scenario:
    return scenario.model_copy(update={"steps": scenario.steps[:steps]})


@asynccontextmanager
async def running_stage(folder: Path) -> AsyncIterator[Stage]:
    async with own_exchange(folder, secret=SECRET) as url, Exchange(url, SECRET) as exchange:
        yield Stage(url, exchange)
