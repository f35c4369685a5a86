"""The border by HTTP: declarations against what was heard on the bus."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.services.customs_gateway import story
from tests.services.customs_gateway.border import Border, border_in


def outcomes(body: dict[str, Any]) -> dict[str, str]:
    return {check["id"]: check["outcome"] for check in body["checks"]}


async def test_a_consented_load_is_released_out_and_in_and_its_quantity_is_drawn_once(border: Border) -> None:
    await border.ready()
    out = await border.lodge("export")
    assert out.status_code == 201
    assert out.json()["outcome"] == "released"
    assert "fail" not in outcomes(out.json()).values()
    left = await border.post(f"/v1/declarations/{out.json()['declaration_id']}/exit")
    assert left.json()["state"] == "EXIT_CONFIRMED"
    into = await border.lodge("import")
    assert into.json()["outcome"] == "released"
    entered = await border.post(f"/v1/declarations/{into.json()['declaration_id']}/entry", "import")
    assert entered.json()["state"] == "ENTRY_RECORDED"
    ledger = (await border.get(f"/v1/ledger/{story.CASE}")).json()
    assert (ledger["authorised_kg"], ledger["available_kg"], ledger["consumed_kg"]) == (25_000, 0, 25_000)


async def test_the_facilitys_weight_settles_the_ledger(border: Border) -> None:
    await border.ready()
    await border.lodge("export")
    await border.say(story.received(24_900), source="/consent/BE")
    ledger = (await border.get(f"/v1/ledger/{story.NUMBER}")).json()
    assert (ledger["available_kg"], ledger["consumed_kg"]) == (100, 24_900)


async def test_an_objection_lets_nothing_pass(border: Border) -> None:
    await border.say(story.guarantee_lodged(), story.guarantee_approved(), story.transmitted())
    await border.say(story.decision(verdict="objection"), source="/consent/BE")
    await border.say(story.objected())
    refused = await border.lodge()
    assert refused.status_code == 201
    assert refused.json()["outcome"] == "refused"
    assert {"CH03", "CH04"} <= set(refused.json()["reasons"])
    assert refused.json()["ledger"]["authorised_kg"] == 0
    assert refused.json()["rests_on"] == [{"authority": "BE001", "decision_version": 1}]


async def test_every_decision_names_what_was_read_and_why(border: Border) -> None:
    await border.ready()
    body = (await border.lodge()).json()
    assert body["knowledge"] == {"/notifier/CA": 5, "/consent/BE": 1}
    assert all(check["article"] and check["detail"] for check in body["checks"])


async def test_lodging_and_decision_are_told_to_everyone_concerned(border: Border) -> None:
    await border.ready()
    await border.lodge()
    lodged, released = await border.said()
    assert (lodged.type, released.type) == ("pic.declaration.lodged.v1", "pic.customs.released.v1")
    assert (lodged.source, lodged.case) == ("/customs-gateway/CA", story.CASE)
    told = {"CA/exporter/CA-PLASTIX", "BE/competent-authority/BE001", "BE/customs/*", "BE/facility/BE-F7"}
    assert told <= set(released.recipients)


async def test_an_unknown_number_is_refused_and_nothing_is_stored(border: Border) -> None:
    for number in ("CA 0000 999999", "nonsense"):
        refused = await border.lodge(number=number)
        assert refused.status_code == 422
        assert (refused.json()["rule"], refused.json()["pointer"]) == ("CH02", "/number")
    assert await border.said() == []
    assert (await border.get("/v1/declarations", role="observer")).json()["items"] == []


async def test_watched_goods_without_a_notification_open_a_case_and_are_refused(border: Border) -> None:
    refused = (await border.lodge(number=None, movement_number=None, shipment=None)).json()
    assert refused["outcome"] == "refused"
    assert outcomes(refused)["CH01"] == "fail"
    assert refused["ledger"] is None


async def test_a_load_that_was_not_announced_is_held_and_released_after_the_announcement(
    border: Border,
) -> None:
    await border.say(story.guarantee_lodged(), story.guarantee_approved(), story.transmitted())
    await border.say(story.decision(), source="/consent/BE")
    await border.say(story.authorised())
    held = (await border.lodge()).json()
    assert (held["outcome"], held["reasons"]) == ("held", ["CH08", "CH09"])
    assert held["ledger"]["reserved_kg"] == 25_000
    await border.say(story.prenotified())
    again = await border.get(f"/v1/declarations/{held['declaration_id']}")
    assert again.json()["outcome"] == "released"
    assert again.json()["ledger"]["consumed_kg"] == 25_000
    assert [one.type for one in await border.said()][-1] == "pic.customs.released.v1"


async def four_loads_for_a_quantity_of_two_at_once(border: Border) -> None:
    await border.say(story.guarantee_lodged(), story.guarantee_approved())
    await border.say(story.transmitted(story.many_shipments(4, 60)))
    await border.say(story.decision(), source="/consent/BE")
    await border.say(story.authorised(60_000, 4), *(story.prenotified(n, 4) for n in range(1, 5)))
    loads = [
        border.lodge(shipment=n, movement_number=f"{story.NUMBER}.{n:06d}", net_kg=25_000)
        for n in range(1, 5)
    ]
    bodies = [answer.json() for answer in await asyncio.gather(*loads)]
    assert sorted(body["outcome"] for body in bodies) == ["refused", "refused", "released", "released"]
    assert [body["reasons"] for body in bodies if body["outcome"] == "refused"] == [["CH07"], ["CH07"]]
    ledger = (await border.get(f"/v1/ledger/{story.CASE}")).json()
    assert (ledger["available_kg"], ledger["consumed_kg"]) == (10_000, 50_000)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_a_border_date_that_no_calendar_tells_is_refused(border: Border, day: str) -> None:
    await border.ready()
    refused = await border.lodge("export", border_date=day)
    assert (refused.status_code, refused.json()["rule"]) == (422, "DATES_IMPOSSIBLE")
    assert refused.json()["errors"][0]["pointer"] == "/border_date"


async def test_concurrent_declarations_never_pass_the_consented_quantity(border: Border) -> None:
    await four_loads_for_a_quantity_of_two_at_once(border)


@pytest.mark.postgres
async def test_concurrent_declarations_never_pass_it_on_a_server_either(
    tmp_path: Path, postgres_url: str
) -> None:
    async with border_in(tmp_path, PIC_CUSTOMS_GATEWAY_DATABASE_URL=postgres_url) as border:
        await four_loads_for_a_quantity_of_two_at_once(border)


async def test_a_gateway_acts_only_for_the_states_that_it_hosts(tmp_path: Path) -> None:
    async with border_in(tmp_path, PIC_STATES="BE") as border:
        await border.ready()
        refused = await border.lodge("export")
        assert (refused.status_code, refused.json()["rule"]) == (403, "STATE_NOT_CONCERNED")
        assert (await border.lodge("import")).json()["outcome"] == "released"


async def test_a_message_of_the_case_that_cannot_be_applied_yet_holds_the_load(border: Border) -> None:
    await border.ready()
    border.heard[f"{story.CASE}=/consent/BE"] += 1
    await border.say(story.received(24_900), source="/consent/BE")
    border.heard[f"{story.CASE}=/consent/BE"] = 1
    await border.say(story.guarantee_approved(), case=story.OTHER_CASE)
    held = (await border.lodge()).json()
    assert (held["outcome"], held["reasons"]) == ("held", ["REGISTRY_STALE"])


async def test_a_gateway_that_lost_touch_releases_nothing_by_itself(tmp_path: Path) -> None:
    async with border_in(tmp_path, PIC_STALE_AFTER_SECONDS="0") as border:
        await border.ready()
        held = (await border.lodge()).json()
        assert (held["outcome"], held["reasons"]) == ("held", ["REGISTRY_STALE"])


async def test_an_office_acts_for_itself_only(border: Border) -> None:
    await border.ready()
    refused = await border.lodge(office="CAVAN001")
    assert (refused.status_code, refused.json()["rule"]) == (403, "SEAT_FORBIDS")


async def test_whom_a_case_does_not_concern_is_told_that_it_does_not_exist(border: Border) -> None:
    await border.ready()
    lodged = (await border.lodge()).json()
    for path in (f"/v1/registry/{story.CASE}", f"/v1/declarations/{lodged['declaration_id']}"):
        assert (await border.get(path, state="NL", agency="NL001")).status_code == 404
        assert (await border.get(path)).status_code == 200
        assert (await border.get(path, state="NL", agency="NL001", role="observer")).status_code == 200


async def test_a_load_cannot_leave_before_its_release_or_tomorrow_or_by_another_office(
    border: Border,
) -> None:
    await border.ready()
    declaration = (await border.lodge()).json()["declaration_id"]
    path = f"/v1/declarations/{declaration}/exit"
    for impossible in ("2026-07-19", "2026-07-21"):
        refused = await border.post(path, body={"exited_on": impossible})
        assert (refused.status_code, refused.json()["rule"]) == (422, "DATES_IMPOSSIBLE")
    assert (await border.post(path, "import")).status_code == 403
    assert (await border.post(f"/v1/declarations/{declaration}/entry")).json()["rule"] == "STATE_FORBIDS"
    assert (await border.post(path)).status_code == 200
    assert (await border.post(path)).status_code == 409


async def test_the_registry_shows_each_authoritys_latest_decision(border: Border) -> None:
    await border.ready()
    view = (await border.get(f"/v1/registry/{story.NUMBER.replace(' ', '')}")).json()
    assert (view["state"], view["number"]) == ("AUTHORISED", story.NUMBER)
    assert [(a["authority"], a["verdict"], a["decision_version"]) for a in view["authorities"]] == [
        ("BE001", "consent", 1)
    ]


async def test_a_malformed_declaration_is_told_the_rule_of_each_field(border: Border) -> None:
    body = story.declared().model_dump(mode="json", exclude={"declaration_id"}) | {"net_kg": 0, "hs": "39"}
    refused = await border.post("/v1/declarations", body=body)
    assert refused.status_code == 422
    assert {(e["rule"], e["pointer"]) for e in refused.json()["errors"]} == {
        ("QUANTITY_POSITIVE", "/net_kg"),
        ("CH13", "/hs"),
    }
