"""axe-core finds no serious or critical violation on any page, in light or in dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from tests.browser.chromium import watched
from tests.browser.conftest import Played

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
GRAVE = {"serious", "critical"}


async def sign_in(page: Page, played: Played) -> None:
    await page.goto(f"{played.stage.url}/console/sign-in")


async def cases(page: Page, played: Played) -> None:
    await played.stage.enter(page, world=played.consented)


async def closed_case(page: Page, played: Played) -> None:
    await played.stage.enter_case(page, played.consented)
    for summary in await page.locator("details summary").all():
        await summary.click()


async def objected_case(page: Page, played: Played) -> None:
    await played.stage.enter_case(page, played.objected)


async def documents(page: Page, played: Played) -> None:
    await played.stage.enter_case(page, played.consented, "Documents")


async def worklists(page: Page, played: Played) -> None:
    await played.stage.enter(page, world=played.under_way)
    await page.get_by_role("link", name="Worklists").click()
    await page.locator(".desks").wait_for()


async def worlds(page: Page, played: Played) -> None:
    await played.stage.enter(page)


async def refused(page: Page, played: Played) -> None:
    await played.stage.enter(page, world=played.consented)
    await page.goto(f"{played.stage.url}/console/worlds/{played.consented}/cases/nowhere")


PAGES = (sign_in, cases, closed_case, objected_case, documents, worklists, worlds, refused)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("go", PAGES, ids=lambda go: go.__name__)
async def test_axe_finds_nothing_serious(go: object, dark: bool, browser: Browser, played: Played) -> None:
    async with watched(browser, dark=dark) as found:
        page = await found.page()
        await go(page, played)  # type: ignore[operator]
        results = await Axe().run(page)
        grave = [one for one in results.response["violations"] if one["impact"] in GRAVE]
        assert not grave, [(one["id"], [node["html"][:200] for node in one["nodes"][:4]]) for one in grave]
        assert found.strangers == []
