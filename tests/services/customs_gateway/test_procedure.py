"""What customs ask for follows from the procedure: notification, form, exemption, or nothing helps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from customs_gateway.domain.checks import examine
from customs_gateway.domain.checks.examination import Examination
from pic_schemas.messages import (
    CheckResult,
    Composition,
    Contaminant,
    DeclarationDocument,
    GeneralInformation,
)
from tests.services.customs_gateway.story import declared, ready

TODAY = date(2026, 7, 20)
FORM = DeclarationDocument(category="C", type="672", id="GI-1")
FIELDS = GeneralInformation(form_number="GI-1", arranged_by="CA-PLASTIX", facility="BE-F7")
ARRANGEMENT = DeclarationDocument(category="C", type="669", id="Arrangement 2020", exemption_code="A20")
BARE: dict[str, Any] = {"number": None, "movement_number": None, "shipment": None, "operations": ("R3",)}
CLEAN = BARE | {"basel_code": "B3011", "hs": "3915.10"}


def checks(composition: Composition | None = None, **changes: Any) -> dict[str, CheckResult]:
    lodged = declared(**(BARE | changes))
    examination = Examination(lodged.declaration_id, lodged, None, None, TODAY, composition)
    return {result.id: result for result in examine(examination)}


def found(**percent: str) -> Composition:
    return Composition(
        contaminants=tuple(
            Contaminant(kind=kind.replace("_", "-"), percent=Decimal(much)) for kind, much in percent.items()
        )
    )


def test_waste_under_prior_informed_consent_wants_a_notification() -> None:
    asked = checks()["CH01"]
    assert (asked.outcome, asked.pointer, asked.severity) == ("fail", "/number", "BLOCK")
    assert "C669" in asked.detail


@pytest.mark.parametrize(
    ("changes", "outcome", "pointer"),
    [
        ({}, "fail", "/documents"),
        ({"documents": (FORM,)}, "fail", "/general_information"),
        (
            {"documents": (FORM,), "general_information": FIELDS.model_copy(update={"form_number": "GI-2"})},
            "fail",
            "/general_information/form_number",
        ),
        ({"documents": (FORM,), "general_information": FIELDS}, "pass", ""),
        (
            {
                "documents": (FORM.model_copy(update={"type": "C672"}),),
                "general_information": FIELDS,
            },
            "pass",
            "",
        ),
        ({"documents": (FORM,), "general_information": FIELDS, "operations": ()}, "fail", "/operations"),
    ],
)
def test_clean_plastic_into_the_union_wants_the_general_information_form(
    changes: dict[str, Any], outcome: str, pointer: str
) -> None:
    asked = checks(**CLEAN | changes)["CH01"]
    assert (asked.outcome, asked.pointer) == (outcome, pointer)


def test_the_form_does_not_stand_in_for_a_notification() -> None:
    assert checks(documents=(FORM,), general_information=FIELDS)["CH01"].pointer == "/number"


@pytest.mark.parametrize(
    ("documents", "transits", "outcome"),
    [
        ((), (), "fail"),
        ((ARRANGEMENT,), (), "pass"),
        ((ARRANGEMENT.model_copy(update={"exemption_code": "X99"}),), (), "fail"),
        ((ARRANGEMENT,), ("MX",), "fail"),
    ],
)
def test_scrap_between_canada_and_the_united_states_names_the_arrangement_and_goes_straight(
    documents: tuple[DeclarationDocument, ...], transits: tuple[str, ...], outcome: str
) -> None:
    asked = checks(destination="US", documents=documents, transits=transits)["CH01"]
    assert asked.outcome == outcome


def test_clean_plastic_between_parties_that_ask_for_nothing_is_only_stated() -> None:
    assert checks(**CLEAN | {"destination": "JP"})["CH01"].outcome == "pass"
    bare = CLEAN | {"destination": "JP", "basel_code": None}
    assert checks(**bare)["CH01"].pointer == "/basel_code"


def test_goods_that_nobody_watches_and_nobody_calls_waste_are_not_asked() -> None:
    assert checks(basel_code=None, hs="0901.11")["CH01"].outcome == "not-applicable"


@pytest.mark.parametrize(
    ("changes", "outcome", "severity"),
    [
        ({"reason": None}, "fail", "BLOCK"),
        ({"basel_code": "B3011"}, "fail", "BLOCK"),
        ({}, "fail", "HOLD"),
        ({"hs": "3920.30"}, "pass", "BLOCK"),
    ],
)
def test_that_it_is_no_waste_is_said_with_a_reason_and_doubted_where_the_line_is_for_waste(
    changes: dict[str, Any], outcome: str, severity: str
) -> None:
    reason = changes.pop("reason", "Regranulate to specification EN 15344, sold as product")
    claim = DeclarationDocument(category="Y", type="923", id="-", reason=reason)
    asked = checks(**{"basel_code": None, "documents": (claim,)} | changes)["CH01"]
    assert (asked.outcome, asked.severity) == (outcome, severity)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"origin": "US", "destination": "PH"}, "NON_PARTY"),
        ({"destination": "TH", "basel_code": "B3011", "hs": "3915.10"}, "PROHIBITED"),
    ],
)
def test_a_prohibited_movement_is_stopped_whatever_is_presented(changes: dict[str, Any], rule: str) -> None:
    result = checks(**changes, documents=(FORM, ARRANGEMENT), general_information=FIELDS)
    assert (result["CH19"].outcome, result["CH19"].severity) == ("fail", "BLOCK")
    assert rule in result["CH19"].detail
    assert result["CH01"].outcome == "not-applicable"


def test_a_prohibition_counts_from_the_day_of_the_border() -> None:
    day = {"destination": "TH", "basel_code": "B3011", "hs": "3915.10"}
    assert checks(**day, border_date=date(2024, 12, 31))["CH19"].outcome == "pass"
    assert checks(**day, border_date=date(2025, 1, 1))["CH19"].outcome == "fail"


def test_a_code_that_is_not_valid_on_the_day_is_said_by_name() -> None:
    assert "CODE_NOT_VALID" in checks(basel_code="B3010")["CH01"].detail


@pytest.mark.parametrize(
    ("operations", "outcome"),
    [
        (("R3",), "pass"),
        (("R13", "R3"), "pass"),
        (("R13",), "fail"),
        (("R1",), "fail"),
        ((), "not-applicable"),
    ],
)
def test_clean_plastic_is_recycled(operations: tuple[str, ...], outcome: str) -> None:
    assert checks(**CLEAN | {"operations": operations})["CH14"].outcome == outcome


def test_polyvinyl_chloride_is_never_b3011_and_no_inspection_is_needed_for_that() -> None:
    result = checks(**CLEAN | {"hs": "3915.30", "documents": (FORM,), "general_information": FIELDS})
    assert (result["CH14"].outcome, result["CH14"].severity) == ("fail", "BLOCK")
    assert result["CH21"].outcome == "not-applicable"


def test_malaysia_wants_a_look_inside_at_its_own_border_only() -> None:
    to_malaysia = CLEAN | {"destination": "MY"}
    there = to_malaysia | {"direction": "import", "office": "MYPKG001"}
    assert checks(**there)["CH21"].outcome == "not-yet-known"
    assert checks(**to_malaysia)["CH21"].outcome == "not-applicable"
    assert checks(found(inert="2"), **there)["CH21"].outcome == "pass"
    assert checks(found(food="0.1"), **to_malaysia)["CH21"].severity == "BLOCK"


@pytest.mark.parametrize(
    ("destination", "percent", "outcome", "severity"),
    [
        ("MY", {"inert": "6.5", "food": "2.5"}, "fail", "BLOCK"),
        ("MY", {"e_waste": "0.5"}, "fail", "BLOCK"),
        ("BE", {"inert": "2.5"}, "fail", "HOLD"),
        ("BE", {"inert": "1.5"}, "pass", "BLOCK"),
        ("JP", {"inert": "0.5"}, "fail", "HOLD"),
        ("JP", {}, "pass", "BLOCK"),
    ],
)
def test_what_was_found_is_measured_by_the_limits_of_the_route(
    destination: str, percent: dict[str, str], outcome: str, severity: str
) -> None:
    result = checks(found(**percent), **CLEAN | {"destination": destination})["CH21"]
    assert (result.outcome, result.severity) == (outcome, severity)


def test_a_notified_load_has_no_limit_of_contamination() -> None:
    lodged = declared()
    examination = Examination(lodged.declaration_id, lodged, ready(), 1, TODAY, found(food="9"))
    assert {r.id: r for r in examine(examination)}["CH21"].outcome == "not-applicable"
