"""Carrier, route, weight, containers, national permits, and what other cases say of the same load."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from customs_gateway.domain.checks import examine
from customs_gateway.domain.checks.examination import Examination
from pic_schemas.documents.transport import Equipment
from pic_schemas.messages import CheckResult, DeclarationDocument
from tests.services.customs_gateway.border import Border
from tests.services.customs_gateway.story import declared, ready

TODAY = date(2026, 7, 20)


def result(
    check: str, direction: str = "export", *, cited: bool = True, weighed: int | None = None, **changes: Any
) -> CheckResult:
    lodged = declared(direction, **changes)
    entry = ready() if cited else None
    if entry is not None:
        announced = entry.movement(1, "CA 0000 000001.000001")
        announced.equipment = (Equipment(id="MSCU1234566", seals=("S-1",)),)
    examination = Examination(lodged.declaration_id, lodged, entry, 1, TODAY, weighed_kg=weighed)
    return next(one for one in examine(examination) if one.id == check)


@pytest.mark.parametrize(
    ("carrier", "means", "outcome", "pointer"),
    [
        ("CA-ALPHA", "R", "pass", ""),
        ("CA-ALPHA", "S", "fail", "/means"),
        ("CA-UNKNOWN", None, "fail", "/carrier"),
        (None, None, "not-applicable", ""),
    ],
)
def test_the_carrier_and_its_means_stand_in_block_8(
    carrier: str | None, means: str | None, outcome: str, pointer: str
) -> None:
    found = result("CH11", carrier=carrier, means=means)
    assert (found.outcome, found.pointer) == (outcome, pointer)


@pytest.mark.parametrize(
    ("direction", "changes", "outcome", "severity"),
    [
        ("export", {}, "pass", "HOLD"),
        ("export", {"office": "CAHAL001"}, "fail", "HOLD"),
        ("import", {"office": "BEZEE001"}, "fail", "HOLD"),
        ("transit", {"office": "NLRTM001"}, "fail", "BLOCK"),
        ("export", {"transits": ("NL",)}, "fail", "BLOCK"),
    ],
)
def test_another_place_holds_a_load_and_another_state_refuses_it(
    direction: str, changes: dict[str, Any], outcome: str, severity: str
) -> None:
    found = result("CH12", direction, **changes)
    assert (found.outcome, found.severity) == (outcome, severity)


@pytest.mark.parametrize(
    ("weighed", "outcome", "severity"),
    [
        (None, "not-applicable", "WARN"),
        (26_250, "pass", "WARN"),
        (26_251, "fail", "WARN"),
        (27_501, "fail", "HOLD"),
    ],
)
def test_a_weight_far_from_the_declared_is_noted_and_further_off_held(
    weighed: int | None, outcome: str, severity: str
) -> None:
    found = result("CH15", weighed=weighed, net_kg=25_000)
    assert (found.outcome, found.severity) == (outcome, severity)
    assert weighed is None or not found.verified


def test_a_container_with_another_seal_is_noted() -> None:
    assert result("CH16", equipment=(Equipment(id="MSCU1234566", seals=("S-1",)),)).outcome == "pass"
    broken = result("CH16", equipment=(Equipment(id="MSCU1234566", seals=("S-2",)),))
    assert (broken.outcome, broken.severity) == ("fail", "WARN")
    assert "bears S-2, announced S-1" in broken.detail
    assert "not announced" in result("CH16", equipment=(Equipment(id="TGHU0000001"),)).detail


def test_a_national_permit_is_asked_for_at_the_border_of_the_state_that_wants_it() -> None:
    to_malaysia: dict[str, Any] = {
        "cited": False,
        "number": None,
        "office": "MYPKG001",
        "origin": "JP",
        "destination": "MY",
        "basel_code": "B3011",
        "operations": ("R3",),
    }
    missing = result("CH18", "import", **to_malaysia)
    assert (missing.outcome, missing.pointer) == ("fail", "/documents")
    assert "MY_SIRIM_COA" in missing.detail
    coa = DeclarationDocument(category="C", type="MY_SIRIM_COA", id="COA-7")
    assert result("CH18", "import", **to_malaysia, documents=(coa,)).outcome == "pass"
    assert result("CH18").outcome == "not-applicable"


def checks_of(answer: Any) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in answer.json()["checks"]}


CLEAN: dict[str, Any] = {"number": None, "movement_number": None, "shipment": None, "basel_code": "B3011"}


async def test_a_container_that_is_on_the_way_in_another_load_holds_the_second(border: Border) -> None:
    await border.ready()
    box = [{"id": "MSCU7654321", "seals": []}]
    first = await border.lodge(equipment=box, net_kg=1000)
    assert checks_of(first)["CH22"]["outcome"] == "pass"
    second = await border.lodge(**CLEAN, equipment=box, ucr="OTHER-1", net_kg=1000, operations=("R3",))
    again = checks_of(second)["CH22"]
    assert (again["outcome"], again["severity"]) == ("fail", "HOLD")
    assert "container MSCU7654321" in again["detail"]
