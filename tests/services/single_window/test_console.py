"""The console without a browser: its session opens its own pages only, and to nobody else's forms."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.services.single_window.house import WORLD, House

REQUIRED = f"worlds/{WORLD}/required"
SEAT = {"agency": "BE001", "state": "BE", "roles": ["competent-authority"]}


async def code(house: House, **order: Any) -> str:
    answer = await house.operate("POST", "/v1/console-codes", order)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["code"])


async def sign_in(house: House, **order: Any) -> httpx.Response:
    form = {"code": await code(house, **order)}
    answer = await house.client.post("/console/sign-in", data=form, headers=own(house))
    assert answer.status_code == 303, answer.text
    house.client.cookies.clear()
    house.client.cookies.set("pic_console", answer.cookies["pic_console"], path="/console")
    return answer


def own(house: House) -> dict[str, str]:
    return {"Origin": str(house.client.base_url).rstrip("/")}


async def test_every_page_forbids_whatever_is_not_its_own(house: House) -> None:
    await house.open_world()
    await sign_in(house, world=WORLD)
    for path in ("sign-in", "worlds", f"worlds/{WORLD}/cases", f"worlds/{WORLD}/worklists", REQUIRED):
        page = await house.client.get(f"/console/{path}")
        assert page.status_code == 200
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert page.headers["cache-control"] == "no-store"
        assert " style=" not in page.text
        assert "<script>" not in page.text


async def test_what_is_required_is_told_with_its_reasons_on_the_worlds_own_day(house: House) -> None:
    await house.open_world()
    await sign_in(house, world=WORLD)
    form = await house.client.get(f"/console/{REQUIRED}")
    assert 'value="2026-06-01"' in form.text
    asked = {"origin": "JP", "destination": "TH", "code": "Y48", "operation": "R3"}
    told = await house.client.get(f"/console/{REQUIRED}", params=asked)
    assert "Thailand prohibits the import of plastic waste" in told.text
    earlier = await house.client.get(f"/console/{REQUIRED}", params={**asked, "on": "2024-12-31"})
    assert "Movement document" in earlier.text
    assert "prohibits" not in earlier.text
    for wrong in ({"code": "\u042348"}, {"on": "soon"}, {"transits": "ZZ"}, {"origin": "<b>"}):
        refused = await house.client.get(f"/console/{REQUIRED}", params={**asked, **wrong})
        assert refused.status_code == 200
        assert 'class="late"' in refused.text
        assert "<b>" not in refused.text.split("<h1>")[1].split("</form>")[1]


async def test_only_the_files_of_the_console_are_served(house: House) -> None:
    for name in ("console.css", "case.css", "print.css", "live.js", "sign-in.js", "icon.svg"):
        assert (await house.client.get(f"/console/files/{name}")).status_code == 200
    assert (await house.client.get("/console/files/session.py")).status_code == 404
    assert (await house.client.get("/console/files/..%2Fsession.py")).status_code == 404


async def test_the_cookie_is_kept_from_scripts_other_sites_and_the_api(house: House) -> None:
    await house.open_world()
    answer = await sign_in(house, world=WORLD)
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/console"))


async def test_a_session_is_no_token_and_a_token_is_no_session(house: House) -> None:
    await house.open_world()
    answer = await sign_in(house, world=WORLD)
    session = answer.cookies["pic_console"]
    assert (await house.look("/v1/cases", session)).status_code == 401
    cookie = {"Cookie": f"pic_console={session}"}
    assert (await house.client.get("/v1/cases", headers=cookie)).status_code == 401
    house.client.cookies.clear()
    token = await house.seat("observer", "XX", "observer")
    for headers in ({"Cookie": f"pic_console={token}"}, {"Authorization": f"Bearer {token}"}):
        page = await house.client.get(f"/console/worlds/{WORLD}/cases", headers=headers)
        assert (page.status_code, page.headers["location"]) == (303, "/console/sign-in")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_a_form_of_another_origin_is_refused(house: House, headers: dict[str, str]) -> None:
    await house.open_world()
    await sign_in(house, world=WORLD)
    for path, form in (
        ("sign-in", {"code": "x"}),
        (f"worlds/{WORLD}/clock", {"to": "+1d"}),
        ("sign-out", {}),
    ):
        refused = await house.client.post(f"/console/{path}", data=form, headers=headers)
        assert refused.status_code == 403
        assert "OTHER_ORIGIN" in refused.text
    assert (await house.operate("GET", f"/v1/worlds/{WORLD}")).json()["now"].startswith("2026-06-01")


async def test_an_observer_moves_the_clock_of_its_sandbox_and_is_led_back_inside_only(house: House) -> None:
    await house.open_world()
    await sign_in(house, world=WORLD)
    path = f"/console/worlds/{WORLD}/clock"
    for back, led in (
        (f"/console/worlds/{WORLD}/worklists", f"/console/worlds/{WORLD}/worklists"),
        ("https://elsewhere.example/console/worlds", f"/console/worlds/{WORLD}/cases"),
        ("//elsewhere.example", f"/console/worlds/{WORLD}/cases"),
    ):
        moved = await house.client.post(path, data={"to": "+1d", "back": back}, headers=own(house))
        assert (moved.status_code, moved.headers["location"]) == (303, led)
    assert (await house.operate("GET", f"/v1/worlds/{WORLD}")).json()["now"].startswith("2026-06-04")


async def test_a_seat_neither_moves_the_clock_nor_sees_another_world(house: House) -> None:
    await house.open_world()
    await house.open_world("elsewhere")
    await sign_in(house, world=WORLD, **SEAT)
    refused = await house.client.post(
        f"/console/worlds/{WORLD}/clock", data={"to": "+1d"}, headers=own(house)
    )
    assert refused.status_code == 403
    assert (await house.client.get("/console/worlds/elsewhere/cases")).status_code == 404
    assert "elsewhere" not in (await house.client.get("/console/worlds")).text


async def test_an_operator_sees_every_clock_and_looks_into_sandboxes_only(house: House) -> None:
    await house.open_world()
    await house.operate("POST", "/v1/worlds", {"world": "in-force", "mode": "live"})
    await sign_in(house)
    listed = (await house.client.get("/console/worlds")).text
    assert WORLD in listed
    assert "in-force" in listed
    assert (await house.client.get(f"/console/worlds/{WORLD}/cases")).status_code == 200
    assert (await house.client.get("/console/worlds/in-force/cases")).status_code == 404


async def test_a_code_opens_once_and_only_an_operator_issues_one(house: House) -> None:
    await house.open_world()
    form = {"code": await code(house, world=WORLD)}
    answers = [
        (await house.client.post("/console/sign-in", data=form, headers=own(house))).status_code
        for _ in range(2)
    ]
    assert answers == [303, 401]
    token = await house.seat("observer", "XX", "observer")
    headers = {"Authorization": f"Bearer {token}"}
    refused = await house.client.post("/v1/console-codes", json={"world": WORLD}, headers=headers)
    assert refused.status_code == 403


async def test_a_code_for_a_seat_needs_its_world(house: House) -> None:
    assert (await house.operate("POST", "/v1/console-codes", SEAT)).status_code == 422
    assert (await house.operate("POST", "/v1/console-codes", {"world": "nowhere"})).status_code == 404


async def test_a_wrong_secret_opens_nothing(house: House) -> None:
    form = {"client_id": "operator", "client_secret": "guessed"}
    refused = await house.client.post("/console/sign-in", data=form, headers=own(house))
    assert refused.status_code == 401
    assert "set-cookie" not in refused.headers


async def test_what_a_party_wrote_is_shown_as_text(house: House) -> None:
    await house.open_world(label="<script>alert(1)</script>")
    await sign_in(house, world=WORLD)
    page = (await house.client.get(f"/console/worlds/{WORLD}/cases")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
