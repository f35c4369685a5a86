"""Debian's Chromium without a network: what it asks of any other host is blocked and told."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Route, async_playwright

PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1"}


def chromium() -> str | None:
    """PIC_CHROMIUM, else where Debian puts it."""
    named = os.environ.get("PIC_CHROMIUM")
    places = (named,) if named else (*PLACES, shutil.which("chromium") or "")
    return next((place for place in places if place and os.access(place, os.X_OK)), None)


@dataclass
class Watched:
    """A browser context, and everything in it that should not have happened."""

    context: BrowserContext
    strangers: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    async def page(self) -> Page:
        page = await self.context.new_page()
        page.on("console", self._told)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        return page

    async def stay(self, route: Route) -> None:
        """Only this machine is reached."""
        if urlsplit(route.request.url).hostname in LOOPBACK:
            await route.continue_()
        else:
            self.strangers.append(route.request.url)
            await route.abort()

    def _told(self, message: ConsoleMessage) -> None:
        # A violation of the Content-Security-Policy is told here as an error too.
        if message.type in ("error", "warning"):
            self.errors.append(message.text)


@asynccontextmanager
async def running_chromium() -> AsyncIterator[Browser]:
    """One browser; Chromium must be there."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def watched(
    browser: Browser, *, dark: bool = False, width: int = 1440, height: int = 900, scale: float = 1
) -> AsyncIterator[Watched]:
    """A fresh context without cookies."""
    context = await browser.new_context(
        color_scheme="dark" if dark else "light",
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        reduced_motion="reduce",
    )
    found = Watched(context)
    await context.route("**/*", found.stay)
    try:
        yield found
    finally:
        await context.close()
