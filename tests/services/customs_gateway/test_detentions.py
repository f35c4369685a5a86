"""How a detention ends, by HTTP: an authority decides in writing, or the office seizes and reports."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest

from customs_gateway.domain.detention import ACTS
from pic_law.detentions import ends, report_fields
from tests.services.customs_gateway import story
from tests.services.customs_gateway.border import Border
from tests.services.customs_gateway.test_enforcement import DIRTY, NINE_PERCENT, REPORT, Load

SEIZURE = {
    "legal_basis": "Flemish decree on materials, Article 16.4",
    "detection": "profile",
    "concealment": "=clean bales before the doors",
    "disposal": "Kept at quay 1742",
}


@pytest.fixture
async def load(border: Border) -> Load:
    """Detained in Antwerp, with food in it."""
    lodged = (await border.lodge("import", **DIRTY)).json()
    found = Load(border, lodged["declaration_id"], "import")
    await found.act("/inspections", {"kind": "physical"})
    await found.act("/inspections/1/result", {"findings": "Food residue", "composition": NINE_PERCENT})
    await found.act("/detention")
    return found


async def decide(load: Load, measure: str, state: str = "BE") -> Any:
    headers = load.border.headers(state, f"{state}001", "competent-authority")
    return await load.border.http.post(
        f"/v1/declarations/{load.declaration}/authority-decision",
        json={"measure": measure, "reason": "The laboratory found it clean"},
        headers=headers | {"Idempotency-Key": str(uuid4())},
    )


@pytest.mark.parametrize(
    ("measure", "state", "ends_as"),
    [
        ("release", "CA", "RELEASED_BY_CA"),
        ("release", "BE", "RELEASED_BY_CA"),
        ("return", "CA", "RETURNED"),
        ("dispose-locally", "BE", "DISPOSED_LOCALLY"),
    ],
)
async def test_the_authorities_that_the_law_names_end_a_detention(
    load: Load, measure: str, state: str, ends_as: str
) -> None:
    assert (await decide(load, measure, state)).json()["state"] == ends_as
    said = (await load.border.said())[-1]
    assert (said.type, said.sender) == (
        "pic.detention.ended.v1",
        f"{state}/competent-authority/{state}001",
    )
    again = await decide(load, measure, state)
    assert again.json()["rule"] == "STATE_FORBIDS"


async def test_what_an_authority_lets_go_may_enter(load: Load) -> None:
    assert (await load.act("/entry")).json()["rule"] == "STATE_FORBIDS"
    await decide(load, "release")
    assert (await load.act("/entry")).json()["state"] == "ENTRY_RECORDED"


@pytest.mark.parametrize(
    ("measure", "state", "rule"),
    [
        ("dispose-locally", "CA", "SEAT_FORBIDS"),
        ("seize", "BE", "MEASURE_NOT_OPEN"),
        ("burn", "BE", "MEASURE_NOT_OPEN"),
        ("release", "JP", "DECLARATION_UNKNOWN"),
    ],
)
async def test_whoever_has_no_say_changes_nothing(load: Load, measure: str, state: str, rule: str) -> None:
    before = len(await load.border.said())
    assert (await decide(load, measure, state)).json()["rule"] == rule
    assert len(await load.border.said()) == before


async def test_what_an_authority_lets_go_is_accounted_for_once(border: Border) -> None:
    """Held for its quantity at import, because less was let out than has come."""
    await border.ready(quantity_kg=25_000)
    out = (await border.lodge("export", net_kg=24_000)).json()
    await border.post(f"/v1/declarations/{out['declaration_id']}/exit")
    into = (await border.lodge("import", net_kg=25_500)).json()
    assert (into["outcome"], into["reasons"]) == ("held", ["CH07"])
    found = await decide(Load(border, into["declaration_id"], "import"), "release")
    assert found.json()["state"] == "RELEASED_BY_CA"
    ledger = (await border.get(f"/v1/ledger/{story.CASE}")).json()
    assert (ledger["consumed_kg"], ledger["reserved_kg"]) == (25_500, 0)


async def test_a_seizure_is_reported_with_every_field_and_leaves_the_state_without_names(load: Load) -> None:
    report = f"/v1/declarations/{load.declaration}/seizure-report"
    assert (await load.border.get(report)).json()["rule"] == "STATE_FORBIDS"
    assert (await load.act("/illegal-traffic-report", REPORT)).status_code == 201
    seized = await load.act("/seizure", SEIZURE)
    assert (seized.status_code, seized.json()["state"]) == (201, "SEIZED")
    abroad = (await load.border.get(report, "CA", "CA001")).json()
    values = {one["id"]: one["value"] for one in abroad["fields"]}
    assert not abroad["verified"]
    assert (values["waste_code"], values["art9_letters"], values["quantity"]) == ("Y48", "a b", 25_000)
    assert not {"consignor", "consignee", "carrier"} & set(values)
    named = await load.border.get(f"{report}?nominal=true", "CA", "CA001")
    assert named.json()["rule"] == "SEAT_FORBIDS"
    at_home = (await load.border.get(f"{report}?nominal=true", "BE", "BEANR001", "customs")).json()
    assert {one["id"] for one in at_home["fields"]} == {one.id for one in report_fields()}
    short = (await load.border.get(f"{report}?form=SHORT")).json()
    assert len(short["fields"]) < len(abroad["fields"])


async def test_the_report_as_csv_holds_no_formula(load: Load) -> None:
    await load.act("/seizure", SEIZURE)
    answer = await load.border.get(f"/v1/declarations/{load.declaration}/seizure-report?format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    head, row = csv.reader(StringIO(answer.text, newline=""))
    assert dict(zip(head, row, strict=True))["concealment"] == "'=clean bales before the doors"
    assert (
        await load.border.get(f"/v1/declarations/{load.declaration}/seizure-report", role="carrier")
    ).status_code == 403


async def test_a_load_that_is_not_detained_is_not_seized(border: Border) -> None:
    lodged = (await border.lodge("import", **DIRTY)).json()
    found = Load(border, lodged["declaration_id"], "import")
    assert (await found.act("/seizure", SEIZURE)).json()["rule"] == "STATE_FORBIDS"


def test_every_end_of_the_law_is_one_that_the_gateway_knows() -> None:
    assert {one.outcome for one in ends()} == set(ACTS)
