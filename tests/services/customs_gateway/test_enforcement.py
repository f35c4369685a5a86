"""Looking into a load, by HTTP: inspection, detention, the report, and what the office is offered."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.customs_gateway import story
from tests.services.customs_gateway.border import Border

DIRTY: dict[str, Any] = {
    "number": None,
    "movement_number": None,
    "shipment": None,
    "basel_code": "B3011",
    "hs": "3915.90",
    "operations": ("R3",),
    "documents": ({"category": "C", "type": "672", "id": "GI-1"},),
    "general_information": {"form_number": "GI-1", "arranged_by": "CA-PLASTIX", "facility": "BE-F7"},
    "consignee": "BE-RECYCLA",
}
NINE_PERCENT = {"contaminants": [{"kind": "inert", "percent": "6.5"}, {"kind": "food", "percent": "2.5"}]}
REPORT = {"art9_letters": ["a", "b"], "facts": "Household film declared as B3011", "waste_code": "Y48"}


class Load:
    """One declaration at the border and what its office does with it."""

    def __init__(self, border: Border, declaration: str, direction: str) -> None:
        self.border, self.declaration, self.direction = border, declaration, direction

    async def act(self, path: str, body: Any = None) -> Any:
        found = f"/v1/declarations/{self.declaration}{path}"
        return await self.border.post(found, self.direction, body)

    async def offered(self, **who: str) -> dict[str, bool]:
        seat = who or {"state": "BE", "agency": "BEANR001", "role": "customs"}
        found = await self.border.get(f"/v1/declarations/{self.declaration}/actions", **seat)
        return {one["act"]: one["offered"] for one in found.json()["actions"]}


@pytest.fixture
async def load(border: Border) -> Load:
    lodged = (await border.lodge("import", **DIRTY)).json()
    assert lodged["outcome"] == "released"
    return Load(border, lodged["declaration_id"], "import")


async def refused(load: Load) -> None:
    """A guideline of the Union holds; the office detains what it holds."""
    await load.act("/inspections", {"kind": "physical"})
    body = {"findings": "Food residue in every bale", "composition": NINE_PERCENT}
    answer = (await load.act("/inspections/1/result", body)).json()
    assert (answer["outcome"], answer["reasons"]) == ("held", ["CH21"])


async def test_a_load_that_is_looked_into_goes_nowhere_until_the_result_is_there(load: Load) -> None:
    ordered = await load.act("/inspections", {"kind": "scan", "reason": "Odd weight"})
    assert (ordered.status_code, ordered.json()["state"]) == (201, "INSPECTION_ORDERED")
    for path in ("/entry", "/detention", "/reassessment"):
        assert (await load.act(path)).json()["rule"] == "STATE_FORBIDS"
    result = (await load.act("/inspections/1/result", {"findings": "As declared"})).json()
    assert (result["state"], result["inspections"][0]["findings"]) == ("RELEASED", "As declared")


async def test_the_last_of_several_results_decides_when_all_are_there(load: Load) -> None:
    await load.act("/inspections", {"kind": "physical"})
    await load.act("/inspections", {"kind": "sample"})
    first = await load.act("/inspections/1/result", {"findings": "Wet", "composition": NINE_PERCENT})
    assert first.json()["state"] == "INSPECTION_ORDERED"
    second = await load.act(
        "/inspections/2/result", {"findings": "Film", "composition": {"contaminants": []}}
    )
    assert second.json()["state"] == "RELEASED"


async def test_a_result_is_recorded_once_for_an_inspection_that_was_ordered_and_not_for_tomorrow(
    load: Load,
) -> None:
    await load.act("/inspections", {"kind": "physical"})
    body = {"findings": "As declared"}
    assert (await load.act("/inspections/2/result", body)).status_code == 404
    tomorrow = await load.act("/inspections/1/result", body | {"inspected_on": "2026-07-21"})
    assert (tomorrow.json()["rule"], tomorrow.json()["pointer"]) == ("DATES_IMPOSSIBLE", "/inspected_on")
    assert (await load.act("/inspections/1/result", body)).status_code == 200
    assert (await load.act("/inspections/1/result", body)).status_code == 409


async def test_what_is_found_detained_and_reported_is_told_to_authorities_and_offices_only(
    load: Load,
) -> None:
    await refused(load)
    assert (await load.act("/detention", {"place": "Quay 1742"})).json()["state"] == "DETAINED"
    reported = (await load.act("/illegal-traffic-report", REPORT)).json()
    assert reported["illegal_traffic"]["duty_of"] == "CA"
    assert reported["illegal_traffic"]["due_on"] == "2026-08-19"
    said = await load.border.said()
    assert [event.type for event in said][2:] == [
        "pic.inspection.ordered.v1",
        "pic.inspection.recorded.v1",
        "pic.customs.held.v1",
        "pic.customs.detained.v1",
        "pic.illegal-traffic.reported.v1",
    ]
    assert {"CA/competent-authority/*", "BE/competent-authority/*"} <= set(said[-1].recipients)
    assert {one.split("/")[1] for one in said[-1].recipients} == {"competent-authority", "customs"}


@pytest.mark.parametrize(
    ("changes", "rule", "pointer"),
    [
        ({"art9_letters": ["z"]}, "ILLEGAL_GROUND", "/art9_letters/0"),
        ({"art9_letters": []}, "ILLEGAL_GROUND", "/art9_letters"),
        ({"art9_letters": ["d"]}, "ILLEGAL_GROUND", "/conduct_of"),
        ({"waste_code": "Z99"}, "CODE_UNKNOWN", "/waste_code"),
        ({"facts": " "}, "SHAPE", "/facts"),
    ],
)
async def test_a_report_that_does_not_fit_is_refused_and_nothing_is_said(
    load: Load, changes: dict[str, Any], rule: str, pointer: str
) -> None:
    await refused(load)
    before = len(await load.border.said())
    answer = await load.act("/illegal-traffic-report", REPORT | changes)
    assert answer.json()["rule"] == "STATE_FORBIDS" or answer.status_code == 422
    await load.act("/detention")
    answer = await load.act("/illegal-traffic-report", REPORT | changes)
    assert answer.status_code == 422
    assert (answer.json()["rule"], answer.json()["pointer"]) == (rule, pointer)
    assert len(await load.border.said()) == before + 1


async def test_a_load_with_a_notification_is_not_one_without(border: Border) -> None:
    await border.ready()
    lodged = (await border.lodge("export", hs="3915.10", consignee="CA-NOBODY")).json()
    assert lodged["outcome"] == "refused"
    load = Load(border, lodged["declaration_id"], "export")
    answer = (await load.act("/illegal-traffic-report", REPORT)).json()
    assert (answer["rule"], answer["pointer"]) == ("ILLEGAL_GROUND", "/art9_letters/0")
    conduct = {"art9_letters": ["d"], "conduct_of": "importer-or-disposer"}
    reported = (await load.act("/illegal-traffic-report", REPORT | conduct)).json()
    assert reported["illegal_traffic"]["duty_of"] == "BE"


async def test_the_office_is_offered_what_it_may_do_and_told_why_not_the_rest(load: Load) -> None:
    released = await load.offered()
    may = {act for act, offered in released.items() if offered}
    assert may == {"order inspection", "record entry", "record audit", "amend", "withdraw"}
    await load.act("/inspections", {"kind": "physical"})
    waiting = await load.offered()
    assert {act for act, offered in waiting.items() if offered} == {"order inspection", "record inspection 1"}
    found = await load.border.get(f"/v1/declarations/{load.declaration}/actions", "BE", "BEANR001", "customs")
    against = {one["act"]: one["reasons"] for one in found.json()["actions"]}
    assert against["reassess"][0]["detail"] == "inspection 1 has no result yet"
    assert all(one["article"] for reasons in against.values() for one in reasons)


async def test_what_is_offered_is_accepted_and_what_is_not_is_refused(load: Load) -> None:
    await refused(load)
    offered = await load.offered()
    assert {act for act, yes in offered.items() if yes} == {
        *("reassess", "order inspection", "detain", "amend"),
    }
    assert (await load.act("/illegal-traffic-report", REPORT)).status_code == 409
    assert (await load.act("/detention")).status_code == 200
    assert {act for act, yes in (await load.offered()).items() if yes} == {"seize", "report illegal traffic"}


async def test_another_office_is_offered_nothing_and_an_authority_asks_for_nothing(load: Load) -> None:
    other = await load.offered(state="BE", agency="BEZEE001", role="customs")
    assert other
    assert not any(other.values())
    assert await load.offered(state="BE", agency="BE001", role="competent-authority") == {}


async def test_a_declaration_that_nobody_lodged_is_unknown_by_its_own_name(border: Border) -> None:
    missing = await border.get("/v1/declarations/none", role="observer")
    assert (missing.status_code, missing.json()["rule"]) == (404, "DECLARATION_UNKNOWN")
    assert (await border.post("/v1/declarations/none/exit")).json()["rule"] == "DECLARATION_UNKNOWN"


async def test_declarations_under_one_reference_are_one_case_while_their_ends_agree(border: Border) -> None:
    out = (await border.lodge("export", **DIRTY)).json()
    into = (await border.lodge("import", **DIRTY)).json()
    elsewhere = (await border.lodge("export", **DIRTY | {"destination": "JP"})).json()
    assert out["case"] == into["case"]
    assert elsewhere["case"] != out["case"]


async def test_a_load_that_another_gateway_declared_for_export_is_the_same_case_here(border: Border) -> None:
    lodged = story.declared("export", **DIRTY)
    await border.say(lodged, source="/customs-gateway/CA", case=story.OTHER_CASE)
    # A message of the case is waited for by the position that comes with the next request.
    assert (await border.lodge("import", **DIRTY)).json()["case"] == story.OTHER_CASE


async def test_a_country_that_is_in_no_table_is_refused_by_name(border: Border) -> None:
    answer = await border.lodge("export", **DIRTY | {"destination": "QQ", "transits": ("ZZ",)})
    assert answer.status_code == 422
    assert {(e["rule"], e["pointer"]) for e in answer.json()["errors"]} == {
        ("COUNTRY_UNKNOWN", "/destination"),
        ("COUNTRY_UNKNOWN", "/transits/0"),
    }
