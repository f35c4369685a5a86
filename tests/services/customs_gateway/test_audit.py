"""An audit after the release: a blue load went on its papers, and the books are looked at later."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from customs_gateway.domain.audit import Record, audited
from customs_gateway.domain.clearance import Knowledge, clear
from customs_gateway.domain.lodgement import lodge
from customs_gateway.domain.selectivity.hits import found_in, selected_by, stratum_of
from pic_schemas.address import Address
from pic_schemas.refusal import Refused
from tests.services.customs_gateway import story
from tests.services.customs_gateway.border import Border

CLEAN: dict[str, Any] = {
    **{"number": None, "movement_number": None, "shipment": None},
    **{"basel_code": "B3011", "hs": "3915.10", "operations": ("R3",)},
    "documents": ({"category": "C", "type": "672", "id": "GI-1"},),
    "general_information": {"form_number": "GI-1", "arranged_by": "CA-PLASTIX", "facility": "BE-F7"},
    "description": "Polyethylene film, sorted",
}
CHEAP = CLEAN | {"value": "100.00", "currency": "GBP"}
RECORD = {"officer": "Lieve Claes", "findings": "The price covers no freight", "irregular": True}
CUSTOMS = {"state": "BE", "agency": "BEANR001", "role": "customs"}


async def _blue(border: Border, **changes: Any) -> dict[str, Any]:
    found = (await border.lodge("import", **CHEAP | changes)).json()
    assert (found["outcome"], found["selection"]["channel"]) == ("released", "blue")
    return dict(found)


async def test_the_audit_of_a_blue_load_is_recorded_by_name_and_told_to_officials(border: Border) -> None:
    lodged = await _blue(border)
    path = f"/v1/declarations/{lodged['declaration_id']}/audit"
    seen = await border.post(path, "import", RECORD)
    assert seen.status_code == 201
    audit = seen.json()["audit"]
    assert (audit["officer"], audit["audited_on"], audit["irregular"]) == ("Lieve Claes", "2026-07-20", True)
    assert audit["asked_by"] == ["RI13"]
    assert seen.json()["state"] == "RELEASED", "an audit moves nothing"
    said = (await border.said())[-1]
    assert said.type == "pic.customs.audited.v1"
    assert {Address.parse(text).role for text in said.recipients} == {"competent-authority", "customs"}
    again = await border.post(path, "import", RECORD)
    assert (again.status_code, again.json()["rule"]) == (409, "STATE_FORBIDS")


async def test_hit_rates_count_what_audits_found(border: Border) -> None:
    first, second = await _blue(border, ucr="UCR-1"), await _blue(border, ucr="UCR-2")
    await border.post(
        f"/v1/declarations/{second['declaration_id']}/audit", "import", RECORD | {"irregular": False}
    )
    await border.post(f"/v1/declarations/{first['declaration_id']}/audit", "import", RECORD)
    rates = (await border.get("/v1/selectivity/hit-rates", **CUSTOMS)).json()
    price = next(one for one in rates["indicators"] if one["id"] == "RI13")["all"]
    assert (price["fired"], price["inspected"], price["confirmed"]) == (2, 2, 1)
    assert (rates["by_audit"]["inspected"], rates["by_audit"]["rate"]) == (2, 0.5)
    assert rates["by_officer"]["inspected"] == rates["by_channel"]["inspected"] == 0
    # The next load of these companies is looked at with that in mind.
    after = (await border.lodge("import", **CHEAP | {"ucr": "UCR-3"})).json()
    assert "RI08" in [one["id"] for one in after["selection"]["indicators"] if one["points"]]


async def test_an_audit_follows_a_release_and_its_office_makes_it(border: Border) -> None:
    held = (await border.lodge("import", **CHEAP | {"documents": ()})).json()
    path = f"/v1/declarations/{held['declaration_id']}/audit"
    early = await border.post(path, "import", RECORD)
    assert (early.status_code, early.json()["rule"]) == (409, "STATE_FORBIDS")
    assert early.json()["errors"][0]["needs"] == "the release of the load"
    released = await _blue(border, ucr="UCR-2")
    path = f"/v1/declarations/{released['declaration_id']}/audit"
    assert (await border.post(path, "export", RECORD)).json()["rule"] == "SEAT_FORBIDS"
    wrong = await border.post(path, "import", RECORD | {"audited_on": "2026-07-19"})
    assert (wrong.json()["rule"], wrong.json()["errors"][0]["pointer"]) == ("DATES_IMPOSSIBLE", "/audited_on")


@pytest.mark.parametrize(("changes", "stratum"), [(CHEAP, "audit"), (CLEAN, "")])
def test_a_green_load_may_be_audited_as_well_and_counts_apart(changes: dict[str, Any], stratum: str) -> None:
    declaration = lodge(story.WORLD, story.CASE, story.declared("import", **changes), None, story.CLEARED_AT)
    clear(declaration, None, Knowledge({}), story.CLEARED_AT)
    said = audited(declaration, Record("E. Wouters", "In order", irregular=False), story.CLEARED_AT.date())
    assert bool(said.asked_by) == (stratum == "audit")
    assert (stratum_of(selected_by(declaration)), found_in(declaration)) == (stratum, "clean")


@pytest.mark.parametrize("days", [-1, 1])
def test_an_audit_is_made_between_the_release_and_today(days: int) -> None:
    declaration = lodge(story.WORLD, story.CASE, story.declared("import", **CHEAP), None, story.CLEARED_AT)
    clear(declaration, None, Knowledge({}), story.CLEARED_AT)
    today: date = story.CLEARED_AT.date()
    with pytest.raises(Refused):
        audited(declaration, Record("E. W.", "In order", False, today + timedelta(days)), today)
    assert declaration.audit is None
