"""The law by HTTP, for everybody: code lists with versions, procedure, papers and entry."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.single_window.house import House

JP_TH = {"origin": "JP", "destination": "TH", "code": "Y48", "operation": "R3"}


async def get(house: House, path: str, **query: Any) -> Any:
    return await house.client.get(f"/v1/law/{path}", params=query)


async def test_a_list_is_sent_once_until_it_changes(house: House) -> None:
    first = await get(house, "lists/y", on="2026-06-01")
    assert first.status_code == 200
    assert {code["code"] for code in first.json()["codes"]} >= {"Y1", "Y48"}
    tag = first.headers["etag"]
    assert first.json()["version"] in tag
    for known in (tag, f'"other", W/{tag}', "*"):
        again = await house.client.get("/v1/law/lists/y?on=2026-06-01", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
    other_day = await house.client.get("/v1/law/lists/y?on=2020-01-01", headers={"If-None-Match": tag})
    assert other_day.status_code == 200


async def test_a_list_holds_on_a_day_what_was_valid_that_day(house: House) -> None:
    before = {code["code"] for code in (await get(house, "lists/basel", on="2020-12-31")).json()["codes"]}
    after = {code["code"] for code in (await get(house, "lists/basel", on="2021-01-01")).json()["codes"]}
    assert ("B3010" in before, "B3011" in before, "B3010" in after, "B3011" in after) == (
        True,
        False,
        False,
        True,
    )
    whole = (await get(house, "lists/basel")).json()
    assert whole["on"] is None
    dates = {code["code"]: code["valid_from"] for code in whole["codes"]}
    assert dates["A3210"] == "2021-01-01"


async def test_every_list_is_named_with_the_version_that_it_has(house: House) -> None:
    lists = (await get(house, "lists")).json()
    assert {line["name"] for line in lists} >= {"y", "basel", "oecd", "operation", "hs", "unit", "polymer"}
    for line in lists:
        assert (await get(house, f"lists/{line['name']}")).json()["version"] == line["version"]
    unknown = await get(house, "lists/moons")
    assert (unknown.status_code, unknown.json()["rule"]) == (404, "LIST_UNKNOWN")


@pytest.mark.parametrize(("on", "outcome"), [("2024-12-31", "PIC"), ("2025-01-01", "PROHIBITED")])
async def test_the_procedure_of_a_day_comes_with_its_reasons(house: House, on: str, outcome: str) -> None:
    found = await get(house, "control", **JP_TH, on=on)
    assert found.status_code == 200
    assert found.json()["outcome"] == outcome
    assert all(step["article"] and step["source"] for step in found.json()["trail"])


async def test_what_is_forbidden_needs_nothing_but_to_be_left(house: House) -> None:
    found = (await get(house, "requirements", **JP_TH, on="2025-01-01")).json()
    assert [(one["kind"], one["at"]) for one in found["requirements"]] == [("prohibited", "never")]
    earlier = (await get(house, "requirements", **JP_TH, on="2024-12-31")).json()
    assert {one["id"] for one in earlier["requirements"]} >= {"NOTIFICATION", "CONSENT", "MOVEMENT_DOCUMENT"}


@pytest.mark.parametrize(
    ("changed", "rule", "pointer"),
    [
        ({"destination": "ZZ"}, "COUNTRY_UNKNOWN", "/query/destination"),
        ({"code": "Y99"}, "CODE_UNKNOWN", "/query/code"),
        ({"code": "Y48", "on": "2020-12-31"}, "CODE_NOT_VALID", "/query/code"),
        ({"code": "\u042348"}, "CODE_MISREAD", "/query/code"),
        ({"operation": "R3,\u00a0R13"}, "CODE_MISREAD", "/query/operation"),
        ({"transit": ["NL", "ZZ"]}, "COUNTRY_UNKNOWN", "/query/transit/1"),
    ],
)
async def test_what_cannot_be_answered_is_refused_at_its_place(
    house: House, changed: dict[str, Any], rule: str, pointer: str
) -> None:
    asked = {**JP_TH, "on": "2026-06-01", **changed}
    for path in ("control", "requirements"):
        found = await get(house, path, **asked)
        assert (found.status_code, found.json()["rule"], found.json()["pointer"]) == (422, rule, pointer)


async def test_where_authorities_disagree_on_the_list_the_stricter_list_applies(house: House) -> None:
    movement = {"origin": "CA", "destination": "DE", "code": "B3011", "operation": "R3", "on": "2026-06-01"}
    undisputed = (await get(house, "control", **movement)).json()
    assert undisputed["outcome"] == "GENERAL_INFO"
    dispute = {**movement, "views": [{"state": "DE", "code": "Y48"}]}
    found = (await house.client.post("/v1/law/control", json=dispute)).json()
    assert found["outcome"] == "PIC"
    assert "WHICH_LIST" in {step["rule"] for step in found["trail"]}


async def test_a_load_is_classified_with_the_limits_that_were_asked(house: House) -> None:
    load = {
        "composition": [{"code": "PE", "percent": "91"}],
        "contamination": [{"kind": "food", "percent": "9"}],
        "operation": ["R3"],
        "origin": "CA",
        "destination": "MY",
        "on": "2026-06-01",
    }
    dirty = (await house.client.post("/v1/law/classification", json=load)).json()
    assert dirty["code"] == "Y48"
    assert "MY_CLEAN_PLASTICS" in dirty["thresholds"]
    clean = {**load, "composition": [{"code": "PE", "percent": "100"}], "contamination": []}
    assert (await house.client.post("/v1/law/classification", json=clean)).json()["code"] == "B3011"
    wrong = {**load, "composition": [{"code": "XX", "percent": "91"}]}
    refused = await house.client.post("/v1/law/classification", json=wrong)
    assert (refused.status_code, refused.json()["pointer"]) == (422, "/composition/0/code")


@pytest.mark.parametrize(
    ("written", "state", "codes", "problems"),
    [
        ("Y48", None, ["Y48"], []),
        ("Y48", "AR", ["Y48"], ["NATIONAL_CODE"]),
        ("\u04103210", None, ["A3210"], ["LOOK_ALIKE"]),
        ("Y48\u00a0", None, ["Y48"], ["NO_BREAK_SPACE"]),
        ("Y48; A3210", None, ["Y48", "A3210"], ["SEVERAL_CODES"]),
    ],
)
async def test_a_code_is_read_as_it_was_meant_and_what_was_odd_is_named(
    house: House, written: str, state: str | None, codes: list[str], problems: list[str]
) -> None:
    query = {"written": written, "on": "2026-06-01"} | ({"state": state} if state else {})
    found = (await get(house, "readings", **query)).json()
    assert (found["codes"], found["problems"]) == (codes, problems)
    assert all(found["known"].values())
