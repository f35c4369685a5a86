"""The console in Chromium: it needs nobody but the exchange, follows a case live, and says why."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from pic_replay.runner import Progress
from single_window.window.feed import Feed
from tests.browser.chromium import Watched
from tests.browser.conftest import Played
from tests.browser.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def not_reloaded(page: Page) -> bool:
    return bool(await page.evaluate("window.untouched === true"))


async def test_a_case_is_followed_live_from_draft_to_closing_without_a_reload(
    light: Watched, stage: Stage
) -> None:
    page = await light.page()
    seen: list[str] = []

    async def watch(progress: Progress) -> None:
        """After the first step the case is opened; from then on the page must follow by itself."""
        if progress.step == 1:
            await stage.enter_case(page, "live")
            await page.evaluate("window.untouched = true")
        seen.extend(event["type"] for event in progress.events if event.get("case"))
        await expect(page.locator("table.swim tbody tr")).to_have_count(len(seen))

    outcome = await stage.play("s01-single-shipment", world="live", watch=watch)

    assert await not_reloaded(page)
    assert seen[0], seen[-1] == ("pic.notification.drafted.v1", "pic.notification.closed.v1")
    assert seen == [entry["type"] for entry in outcome.cases[0]["timeline"]]
    await expect(page.locator(".title .state")).to_have_text("Closed")
    await expect(page.locator("#clock time")).to_contain_text("2026-")


async def test_the_swim_lane_names_every_party_the_day_the_sentence_and_the_article(
    light: Watched, played: Played
) -> None:
    page = await light.page()
    await played.stage.enter_case(page, played.consented)
    lanes = " ".join(await page.locator(".swim th.seat").all_inner_texts())
    for agency in ("CA-PLASTIX", "CA001", "CAMTR001", "CA-ALPHA", "BE001", "BEANR001", "BE-F7"):
        assert agency in lanes
    consent = page.locator("tr.row", has_text="BE001 (import) consents")
    await expect(consent.locator("th time")).to_have_text("2026-06-26")
    await expect(consent).to_contain_text("day 25")
    await expect(consent).to_contain_text("Art")
    assert await consent.locator("td.lane .dot").count() == 1
    assert await consent.locator("td.lane .head").count() >= 2


async def test_an_objected_case_says_who_objected_and_why_customs_refused(
    light: Watched, played: Played
) -> None:
    page = await light.page()
    await played.stage.enter_case(page, played.objected)
    why = page.get_by_role("region", name="Why it does not move")
    await expect(why).to_contain_text("BE001 (import)")
    await expect(why).to_contain_text("landfilled")
    await expect(why).to_contain_text("CH04")
    await expect(page.locator("details.checks[open] tr.fail").first).to_be_visible()


async def test_both_documents_show_every_block_of_the_form(light: Watched, played: Played) -> None:
    page = await light.page()
    await played.stage.enter_case(page, played.consented, "Documents")
    notification, movement = page.locator("article.form").nth(0), page.locator("article.form").nth(1)
    await expect(notification.locator(".block")).to_have_count(21)
    await expect(movement.locator(".block")).to_have_count(22)
    await expect(notification.locator(".block_20")).to_contain_text("BE001")
    await expect(movement.locator(".block_19")).to_contain_text("certifies R3")
    await expect(movement.locator(".block_21")).to_contain_text("BEANR001")


async def test_the_decision_of_the_import_authority_falls_due_and_then_is_overdue(
    light: Watched, stage: Stage
) -> None:
    await stage.play("s01-single-shipment", world="due", until=8)
    page = await light.page()
    await stage.enter(page, world="due")
    await page.get_by_role("link", name="Worklists").click()
    decision = page.locator(".tasks li", has_text="Decide on notification")
    await expect(decision).to_contain_text("Due")
    await page.get_by_role("button", name="Next deadline").click()
    await page.get_by_role("button", name="+1 day").click()
    await expect(decision).to_contain_text("Overdue")
    await expect(page).to_have_url(f"{stage.url}/console/worlds/due/worklists")


async def test_an_operator_sees_every_world_and_moves_a_clock(light: Watched, played: Played) -> None:
    await played.stage.open_world("clockwork")
    page = await light.page()
    await played.stage.enter(page)
    card = page.get_by_role("region", name="clockwork")
    await expect(card.locator(".face")).to_have_text("2026-06-01 00:00 UTC")
    await card.get_by_role("button", name="+1 day").click()
    await expect(card.locator(".face")).to_have_text("2026-06-02 00:00 UTC")


async def test_a_code_opens_the_console_once(light: Watched, played: Played) -> None:
    link = played.stage.url + (await played.stage.code(world=played.consented))["path"]
    page = await light.page()
    await page.goto(link)
    await page.wait_for_url("**/cases")
    assert "code=" not in page.url
    await light.context.clear_cookies()
    await page.goto("about:blank")
    await page.goto(link)
    await expect(page.get_by_role("alert")).to_contain_text("was used")
    # Chromium tells every answer of 401 as an error of the page.
    light.errors.clear()


async def test_the_keyboard_alone_leads_from_signing_in_to_a_case(light: Watched, played: Played) -> None:
    order = {"agency": "BE001", "state": "BE", "roles": ["competent-authority"]}
    path = f"/v1/worlds/{played.consented}/clients"
    client = await played.stage.exchange.operate("POST", path, order, key="by-keyboard")
    page = await light.page()
    await page.goto(played.stage.url)
    await page.get_by_label("Client id").focus()
    await page.keyboard.type(client["client_id"])
    await page.keyboard.press("Tab")
    await page.keyboard.type(client["client_secret"])
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/cases")
    link = page.locator("table.list th a").first
    for _ in range(20):
        await page.keyboard.press("Tab")
        if await link.evaluate("link => link === document.activeElement"):
            break
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_contain_text("CA 0000 000001")
    assert await page.get_by_role("button", name="+1 day").count() == 0


async def test_a_page_whose_stream_has_ended_comes_back_and_misses_nothing(
    light: Watched, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Feed, "most_seconds", 0.2)
    await stage.play("s01-single-shipment", world="lost", until=2)
    page = await light.page()
    await stage.enter_case(page, "lost")
    async with page.expect_request("**/stream**"):
        await stage.exchange.operate("PUT", "/v1/worlds/lost/clock", {"to": "+1d"})
    await expect(page.locator("#clock time")).to_have_text("2026-06-02 00:00 UTC", timeout=15_000)
