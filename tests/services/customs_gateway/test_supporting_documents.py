"""The papers cited in a period, at the offices of one's own State."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.customs_gateway.border import Border
from tests.services.customs_gateway.test_audit import CLEAN

PATH = "/v1/supporting-documents"
JULY = "?first=2026-07-01&last=2026-07-31"
BELGIUM: dict[str, Any] = {"state": "BE", "agency": "BE001", "role": "competent-authority"}
CANADA: dict[str, Any] = {"state": "CA", "agency": "CAMTR001", "role": "customs"}


async def test_an_authority_is_told_which_papers_were_cited_at_the_offices_of_its_state(
    border: Border,
) -> None:
    for ucr in ("UCR-1", "UCR-2"):
        await border.lodge("import", **CLEAN | {"ucr": ucr})
    found = (await border.get(PATH + JULY, **BELGIUM)).json()
    assert [one["documents"][0]["id"] for one in found["items"]] == ["GI-1", "GI-1"]
    assert {(one["office"], one["lodged_on"], one["state"]) for one in found["items"]} == {
        ("BEANR001", "2026-07-20", "RELEASED")
    }
    assert (await border.get(PATH + JULY, **CANADA)).json()["items"] == []


async def test_the_list_comes_in_pages_and_holds_no_other_day(border: Border) -> None:
    for ucr in ("UCR-1", "UCR-2", "UCR-3"):
        await border.lodge("import", **CLEAN | {"ucr": ucr})
    first = (await border.get(f"{PATH}{JULY}&limit=2", **BELGIUM)).json()
    rest = (await border.get(f"{PATH}{JULY}&limit=2&after={first['next']}", **BELGIUM)).json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    june = f"{PATH}?first=2026-06-01&last=2026-07-19"
    assert (await border.get(june, **BELGIUM)).json() == {"items": [], "next": None}


@pytest.mark.parametrize("period", ["?first=2026-07-02&last=2026-07-01", "?first=2025-07-01&last=2026-07-31"])
async def test_a_period_that_ends_before_it_begins_or_is_longer_than_a_year_is_refused(
    border: Border, period: str
) -> None:
    refused = await border.get(PATH + period, **BELGIUM)
    assert (refused.status_code, refused.json()["rule"]) == (422, "DATES_IMPOSSIBLE")
    assert refused.json()["errors"][0]["pointer"] == "/last"
