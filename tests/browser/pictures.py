"""Takes the pictures of the documentation: python -m tests.browser.pictures [folder]."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Browser, Page

from tests.browser.chromium import chromium, running_chromium, watched
from tests.browser.stage import Stage, running_stage
from tests.support.exchanges import ROOT

PICTURES = ROOT / "docs" / "pictures"
View = Callable[[Stage, Page], Awaitable[None]]


async def closed(stage: Stage, page: Page) -> None:
    await stage.enter_case(page, "consented")


async def objected(stage: Stage, page: Page) -> None:
    await stage.enter_case(page, "objected")


async def documents(stage: Stage, page: Page) -> None:
    await stage.enter_case(page, "consented", "Documents")


async def worklists(stage: Stage, page: Page) -> None:
    await stage.enter(page, world="under-way")
    await page.get_by_role("link", name="Worklists").click()
    await page.locator(".desks").wait_for()


async def worlds(stage: Stage, page: Page) -> None:
    await stage.enter(page)


# name -> (how to get there, dark, width, height; no height takes the whole page)
SHOTS: dict[str, tuple[View, bool, int, int | None]] = {
    "case": (closed, False, 1500, 1830),
    "case-dark": (closed, True, 1500, 1000),
    "objected": (objected, False, 1500, 1380),
    "documents": (documents, False, 1280, 1500),
    "worklists": (worklists, False, 1280, 680),
    "worlds": (worlds, False, 1280, 380),
}


async def take(stage: Stage, browser: Browser, folder: Path) -> None:
    for name, (go, dark, width, height) in SHOTS.items():
        async with watched(browser, dark=dark, width=width, height=height or 900) as found:
            page = await found.page()
            await go(stage, page)
            await page.screenshot(path=folder / f"{name}.png", full_page=height is None)
            print(folder / f"{name}.png")


async def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as store:
        async with running_stage(Path(store)) as stage, running_chromium() as browser:
            await stage.play("s01-single-shipment", world="consented")
            await stage.play("s03-objection", world="objected")
            await stage.play("s01-transit-state", world="under-way", until=8)
            await stage.exchange.operate("PUT", "/v1/worlds/under-way/clock", {"to": "+30d"})
            await take(stage, browser, folder)


if __name__ == "__main__":
    if chromium() is None:
        raise SystemExit("there is no Chromium; on Debian: apt-get install chromium")
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(target))
