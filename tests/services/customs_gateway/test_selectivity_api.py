"""Selectivity by HTTP: the channel in the answer, who is told of it, the random rate, and the hit rates."""

from __future__ import annotations

from typing import Any

from pic_schemas.address import Address
from tests.services.customs_gateway import story
from tests.services.customs_gateway.border import Border

SUSPECT: dict[str, Any] = {
    **{"number": None, "movement_number": None, "shipment": None},
    **{"basel_code": "B3011", "hs": "3915.90", "operations": ("R3",)},
    "documents": ({"category": "C", "type": "672", "id": "GI-1"},),
    "general_information": {"form_number": "GI-1", "arranged_by": "HK-BROKER", "facility": "BE-F7"},
    "description": "Polyethylene film, sorted",
}
CUSTOMS = {"state": "BE", "agency": "BEANR001", "role": "customs"}
COMPANIES = {"exporter", "facility", "carrier"}


async def rates(border: Border, **who: str) -> Any:
    return (await border.get("/v1/selectivity/hit-rates", **(who or CUSTOMS))).json()


def of(found: Any, indicator: str) -> Any:
    return next(one for one in found["indicators"] if one["id"] == indicator)


async def test_a_yellow_load_is_held_until_an_officer_has_looked_at_its_papers(border: Border) -> None:
    lodged = (await border.lodge("import", **SUSPECT)).json()
    assert (lodged["outcome"], lodged["reasons"]) == ("held", ["CUSTOMS_CONTROL"])
    selection = lodged["selection"]
    assert (selection["channel"], selection["points"], selection["asks_for"]) == ("yellow", 40, "documents")
    assert [one["id"] for one in selection["indicators"] if one["points"]] == ["RI17", "RI19", "RI27"]
    assert all(one["source"] for one in selection["indicators"])
    found = f"/v1/declarations/{lodged['declaration_id']}"
    assert (await border.post(f"{found}/reassessment", "import")).json()["outcome"] == "held"
    refused = await border.post(f"{found}/withdrawal", "import", {"reason": "To be lodged again"})
    assert refused.json()["rule"] == "CUSTOMS_CONTROL"
    await border.post(f"{found}/inspections", "import", {"kind": "documents"})
    seen = await border.post(f"{found}/inspections/1/result", "import", {"findings": "In order"})
    assert seen.json()["outcome"] == "released"


async def test_the_channel_is_told_to_officials_and_nothing_of_it_to_a_company(border: Border) -> None:
    await border.ready()
    rate = {"percent": "100", "reason": "Trial"}
    assert (await border.post("/v1/selectivity/random-rates", "export", rate)).status_code == 201
    lodged = (await border.lodge("export")).json()
    assert lodged["selection"]["random"] == {
        "percent": "100",
        "drawn": True,
        "rests_on": "CA since 2026-07-20",
    }
    said = await border.said()
    assert [one.type for one in said][-2:] == ["pic.customs.selected.v1", "pic.customs.held.v1"]
    told = [{Address.parse(text).role for text in one.recipients} for one in said]
    assert not COMPANIES & {str(role) for role in told[-2]}
    assert COMPANIES & {str(role) for role in told[-1]}, "the exporter learns that the load is held"
    heard_by_companies = str(said[-1].data)
    assert said[-1].data["reasons"] == ["CUSTOMS_CONTROL"]
    assert not any(word in heard_by_companies for word in ("RI17", "selection", "channel", "points"))


async def test_no_company_reads_what_loads_are_selected_by(border: Border) -> None:
    for path in ("indicators", "hit-rates", "random-rates"):
        for role in ("exporter", "facility", "carrier"):
            answer = await border.get(f"/v1/selectivity/{path}", "CA", "CA-PLASTIX", role)
            assert answer.status_code == 403, (path, role)
        assert (await border.get(f"/v1/selectivity/{path}", **CUSTOMS)).status_code == 200


async def test_the_indicators_of_a_day_come_with_source_points_and_thresholds(border: Border) -> None:
    found = (await border.get("/v1/selectivity/indicators?on=2026-07-20", **CUSTOMS)).json()
    assert (found["channels"]["yellow_from"], found["channels"]["red_from"]) == (30, 60)
    assert len(found["indicators"]) == 31
    assert all(one["source"] and one["title"] for one in found["indicators"])
    assert found["prices"][0]["currency"] == "GBP"


async def test_a_dry_run_says_which_channel_a_declaration_would_get_and_tells_nobody(border: Border) -> None:
    body = story.declared("import", **SUSPECT).model_dump(mode="json", exclude={"declaration_id"})
    tried = await border.post("/v1/declarations?dry_run=true", "import", body)
    assert tried.json()["selection"]["channel"] == "yellow"
    assert await border.said() == []
    assert of(await rates(border), "RI17")["all"]["fired"] == 0


async def test_hit_rates_are_counted_from_what_inspections_found(border: Border) -> None:
    first = await _looked_into(border, "UCR-1", irregular=True)
    assert first["outcome"] == "released", "what was found is the officer's word; no check fails by it"
    await _looked_into(border, "UCR-2", irregular=False)
    await border.lodge("import", **SUSPECT | {"ucr": "UCR-3"})
    found = await rates(border)
    fired = of(found, "RI19")["all"]
    assert (fired["fired"], fired["inspected"], fired["confirmed"]) == (3, 2, 1)
    assert fired["rate"] == 0.5
    assert fired["low"] < 0.5 < fired["high"]
    assert of(found, "RI19")["drawn_with"]["inspected"] == 0
    assert (found["by_channel"]["inspected"], found["drawn"]["rate"]) == (2, None)
    # The companies of the first load are looked at with that in mind; the first load itself was not.
    assert of(found, "RI08")["all"]["fired"] == 2


async def test_another_state_sees_its_own_hit_rates_only(border: Border) -> None:
    await _looked_into(border, "UCR-1", irregular=True)
    other = await rates(border, state="CA", agency="CAMTR001", role="customs")
    assert other["state"] == "CA"
    assert of(other, "RI19")["all"]["fired"] == 0


async def test_loads_that_were_drawn_are_counted_apart(border: Border) -> None:
    await border.post("/v1/selectivity/random-rates", "import", {"percent": "100", "reason": "Trial"})
    await _looked_into(border, "UCR-1", irregular=True)
    found = await rates(border)
    assert (found["drawn"]["confirmed"], found["by_channel"]["inspected"]) == (1, 0)
    assert of(found, "RI19")["drawn_with"]["confirmed"] == 1
    assert of(found, "RI20")["drawn_without"]["confirmed"] == 1


async def test_a_rate_is_no_more_than_all_and_never_for_days_that_are_over(border: Border) -> None:
    body = {"percent": "100.5", "reason": "Trial"}
    assert (await border.post("/v1/selectivity/random-rates", "import", body)).status_code == 422
    body = {"percent": "5", "reason": "Trial", "valid_from": "2026-07-19"}
    refused = (await border.post("/v1/selectivity/random-rates", "import", body)).json()
    assert (refused["rule"], refused["errors"][0]["pointer"]) == ("DATES_IMPOSSIBLE", "/valid_from")
    body = {"percent": "5", "reason": "Trial", "seed": "nobody's business"}
    stands = (await border.post("/v1/selectivity/random-rates", "import", body)).json()
    assert [one["percent"] for one in stands["rates"]] == ["5"]
    assert "seed" not in stands["rates"][0]


async def test_a_load_that_one_office_refused_is_looked_at_when_it_comes_to_another(border: Border) -> None:
    box = ({"id": "BETU4410027", "seals": ()},)
    clean = SUSPECT | {"hs": "3915.10", "equipment": box}
    refused = (await border.lodge("import", **clean | {"documents": (), "general_information": None})).json()
    assert refused["outcome"] == "refused"
    elsewhere = (await border.lodge("export", **clean | {"ucr": "ANOTHER-1"})).json()
    indicators = {one["id"]: one["detail"] for one in elsewhere["selection"]["indicators"]}
    assert indicators["RI12"] == "refused at BEANR001 on 2026-07-20: CH01"
    # What the office itself put right is no sign of anything.
    again = (await border.lodge("import", **clean)).json()
    assert "RI12" not in {one["id"] for one in again["selection"]["indicators"]}


async def _looked_into(border: Border, ucr: str, *, irregular: bool) -> Any:
    lodged = (await border.lodge("import", **SUSPECT | {"ucr": ucr})).json()
    found = f"/v1/declarations/{lodged['declaration_id']}"
    await border.post(f"{found}/inspections", "import", {"kind": "physical"})
    body = {"findings": "Rags among the film" if irregular else "As declared", "irregular": irregular}
    return (await border.post(f"{found}/inspections/1/result", "import", body)).json()
