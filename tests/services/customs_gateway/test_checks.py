"""Each check by itself: what passes, what does not, and which rule says so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from customs_gateway.domain.checks import CHECKS, examine
from customs_gateway.domain.checks.examination import Examination
from customs_gateway.domain.registry import RegistryEntry
from pic_schemas.messages import CheckResult, DecisionScope
from tests.services.customs_gateway.story import (
    MOVEMENT,
    NUMBER,
    authorised,
    decision,
    declared,
    many_shipments,
    notification_document,
    ready,
)

TODAY = date(2026, 7, 20)


def results(
    entry: RegistryEntry | None, direction: str = "export", shipment: int | None = 1, **changes: Any
) -> dict[str, CheckResult]:
    lodged = declared(direction, **changes)
    examination = Examination(lodged.declaration_id, lodged, entry, shipment, TODAY)
    return {result.id: result for result in examine(examination)}


def test_every_check_answers_whatever_the_others_say() -> None:
    for entry in (None, RegistryEntry("border", "unknown"), ready()):
        assert len(results(entry)) == len(CHECKS)


def test_a_lawful_load_passes_every_check() -> None:
    found = results(ready())
    # Not weighed, no permit or number is asked for, no transit lies behind; only clean waste has a limit.
    silent = {id_ for id_, result in found.items() if result.outcome == "not-applicable"}
    assert silent <= {"CH11", "CH15", "CH16", "CH18", "CH21", "CH24", "CH25"}
    assert {result.outcome for id_, result in found.items() if id_ not in silent} == {"pass"}


def test_a_consent_to_nought_kilograms_lets_nothing_go() -> None:
    entry = ready()
    said = decision(version=2).model_copy(update={"scope": DecisionScope(quantity_kg=0)})
    entry.decided(said)
    found = results(entry, net_kg=1)["CH07"]
    assert (found.outcome, found.severity, found.pointer) == ("fail", "BLOCK", "/net_kg")
    assert results(RegistryEntry("border", "unknown"))["CH07"].outcome == "not-applicable"


def test_every_result_names_its_article_and_source() -> None:
    assert all(result.article and result.source and result.title for result in results(ready()).values())


def test_an_authority_that_objected_or_is_silent_stops_the_load() -> None:
    case = ready()
    case.decided(decision(version=2, verdict="objection"))
    assert (results(case)["CH03"].outcome, results(case)["CH04"].outcome) == ("fail", "fail")
    assert "BE001 (import): objection, version 2" in results(case)["CH04"].detail
    by_transit = ready(notification_document("s01-transit-notification.yaml"))
    assert "NL001 (transit) has not decided" in results(by_transit)["CH04"].detail


def test_an_office_of_a_state_that_is_not_on_the_route_stops_the_load() -> None:
    elsewhere = results(ready(), "import", office="NLRTM001")["CH04"]
    assert (elsewhere.outcome, elsewhere.pointer) == ("fail", "/office")


def test_a_decision_that_the_authorisation_names_but_nobody_heard_is_not_yet_known() -> None:
    case = ready()
    case.authorised(authorised(version=2))
    assert results(case)["CH04"].outcome == "not-yet-known"


@pytest.mark.parametrize(("days", "outcome"), [(-1, "fail"), (0, "pass")])
def test_the_first_day_of_the_window_counts(days: int, outcome: str) -> None:
    assert results(ready(), border_date=date(2026, 6, 29) + timedelta(days))["CH05"].outcome == outcome


@pytest.mark.parametrize(("days", "outcome"), [(0, "pass"), (1, "fail")])
def test_the_last_day_of_the_window_counts(days: int, outcome: str) -> None:
    assert results(ready(), border_date=date(2026, 12, 15) + timedelta(days))["CH05"].outcome == outcome


def test_a_load_that_left_in_time_and_arrives_after_the_window_is_for_the_authority_to_decide() -> None:
    case = ready()
    case.movements[1].departed_on = date(2026, 12, 14)
    late = results(case, "import", border_date=date(2026, 12, 30))["CH05"]
    assert (late.outcome, late.severity) == ("fail", "HOLD")


def test_a_shipment_beyond_the_total_is_stopped() -> None:
    case = ready(many_shipments(11, 300), 300_000)
    assert results(case, shipment=11)["CH06"].outcome == "pass"
    assert results(case, shipment=12)["CH06"].detail == "shipment 12 of 11"


def test_a_shipment_that_arrived_cannot_be_declared_again() -> None:
    case = ready()
    case.movements[1].received_on = date(2026, 8, 5)
    assert results(case)["CH06"].outcome == "fail"


def test_a_load_heavier_than_what_is_left_is_stopped() -> None:
    over = results(ready(), net_kg=25_001)["CH07"]
    assert (over.outcome, over.severity, over.pointer) == ("fail", "BLOCK", "/net_kg")


def test_near_the_limit_the_office_is_told_that_the_next_load_does_not_fit() -> None:
    near = results(ready(many_shipments(2, 40), 40_000))["CH07"]
    assert (near.outcome, near.severity, near.pointer) == ("fail", "WARN", "/net_kg")
    assert near.detail.endswith("15000 kg stay for 1 more: another load like this one does not fit")
    assert results(ready(many_shipments(2, 50), 50_000))["CH07"].outcome == "pass"
    assert results(ready())["CH07"].outcome == "pass", "the last shipment may take all that is left"


def test_without_a_movement_document_nothing_passes() -> None:
    case = ready()
    del case.movements[1]
    assert results(case, movement_number=None)["CH08"].outcome == "fail"
    assert results(case, movement_number=MOVEMENT)["CH08"].outcome == "not-yet-known"


def test_an_announcement_is_measured_by_the_law_of_the_state_at_whose_border_the_load_stands() -> None:
    case = ready()
    case.movements[1].prenotified_on = date(2026, 7, 17)
    assert results(case, "export")["CH09"].outcome == "pass"
    assert results(case, "import")["CH09"].outcome == "fail"
    assert "due by 2026-07-16 (EU_2024, Art. 16(2))" in results(case, "import")["CH09"].detail


@pytest.mark.parametrize(
    ("changes", "pointer"), [({"exporter": "CA-OTHER"}, "/exporter"), ({"consignee": "BE-X"}, "/consignee")]
)
def test_other_companies_than_those_notified_are_stopped(changes: dict[str, str], pointer: str) -> None:
    found = results(ready(), **changes)["CH10"]
    assert (found.outcome, found.pointer) == ("fail", pointer)


def test_the_facility_may_stand_as_consignee() -> None:
    assert results(ready(), consignee="BE-F7")["CH10"].outcome == "pass"


def test_film_declared_as_new_sheet_is_held_and_an_impossible_pair_is_stopped() -> None:
    suspicious = results(ready(), hs="3920.30")["CH13"]
    assert (suspicious.outcome, suspicious.severity) == ("fail", "HOLD")
    impossible = results(None, number=None, hs="3915.30", basel_code="B3011")["CH14"]
    assert (impossible.outcome, impossible.severity, impossible.pointer) == ("fail", "BLOCK", "/hs")


def test_another_waste_code_than_the_notified_one_is_held() -> None:
    assert results(ready(), basel_code="B3011")["CH13"].detail == "B3011 declared, Y48 notified"


def test_a_guarantee_that_is_missing_unapproved_ended_or_released_covers_nothing() -> None:
    case = ready()
    assert results(case, border_date=date(2028, 1, 1))["CH17"].outcome == "fail"
    case.guarantees["G-1"].released_on = date(2026, 7, 1)
    assert "released" in results(case)["CH17"].detail
    case.guarantees["G-1"].approved_on = None
    assert "not approved" in results(case)["CH17"].detail
    case.guarantees.clear()
    assert results(case)["CH17"].detail == "no guarantee is approved"


def test_a_number_is_shown_as_it_is_registered() -> None:
    assert NUMBER in results(ready())["CH02"].detail
