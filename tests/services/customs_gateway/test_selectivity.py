"""What a load is selected for: each indicator by its fact, the score and the channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customs_gateway.domain.checks import examine
from customs_gateway.domain.checks.examination import Elsewhere, Examination
from customs_gateway.domain.clearance import Knowledge, clear
from customs_gateway.domain.inspection import Inspection
from customs_gateway.domain.lodgement import lodge
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.domain.selectivity.channel import CARE, select, still_to_look
from customs_gateway.domain.selectivity.draw import Drawn
from customs_gateway.domain.selectivity.facts import Facts
from customs_gateway.domain.selectivity.papers import a_check_failed
from customs_gateway.domain.selectivity.score import INDICATIONS, answered, indication, score
from pic_law.indicators import all_indicators, indicators
from pic_schemas.documents.transport import Equipment
from pic_schemas.messages import DeclarationDocument, GeneralInformation, Selection
from tests.services.customs_gateway.story import declared, many_shipments, notification_document, ready
from tests.services.customs_gateway.test_draw import sampling

TODAY = date(2026, 7, 20)
NOW = datetime(2026, 7, 20, 12, tzinfo=UTC)
NOT_DRAWN = Drawn(Decimal(), False, "physical", "RANDOM")
WITHOUT: dict[str, Any] = {"number": None, "movement_number": None, "shipment": None}
FORM: dict[str, Any] = {
    "documents": (DeclarationDocument(category="C", type="672", id="GI-1"),),
    "general_information": GeneralInformation(form_number="GI-1", arranged_by="CA-PLASTIX", facility="BE-F7"),
}
CLEAN = WITHOUT | FORM | {"basel_code": "B3011", "hs": "3915.10", "operations": ("R3",)}
POUNDS = CLEAN | {"currency": "GBP", "net_kg": 20_000}
BOX = Equipment(id="BETU4410027", seals=("CA-771204",))
ROUTED = WITHOUT | {"basel_code": "Y48", "operations": ("R3",)}


def facts(
    direction: str = "export",
    *,
    entry: RegistryEntry | None = None,
    elsewhere: Elsewhere | None = None,
    **changes: Any,
) -> Facts:
    lodged = declared(direction, **changes)
    known = entry or (ready() if lodged.number else None)
    beside = Examination("d-1", lodged, known, lodged.shipment, TODAY, elsewhere=elsewhere or Elsewhere())
    return Facts(beside, {check.id: check for check in examine(beside)})


def scored(found: Facts) -> set[str]:
    return {result.id for _, result in answered(found, TODAY) if result.outcome == "scored"}


def unknown(found: Facts) -> set[str]:
    return {result.id for _, result in answered(found, TODAY) if result.outcome == "not-yet-known"}


def selected(
    found: Facts, drawn: Drawn = NOT_DRAWN, *, blocked: bool = False, held: bool = False
) -> Selection:
    return select(found, drawn, blocked=blocked, held=held, on=TODAY)


def test_every_indicator_of_the_law_is_computed_here_by_a_function_of_its_own_or_by_checks() -> None:
    assert set(INDICATIONS) <= set(all_indicators().keys)
    for one in indicators(TODAY):
        assert bool(one.checks) == (indication(one) is a_check_failed), one.id


FIRES: list[tuple[str, Facts]] = [
    ("RI01", facts(elsewhere=Elsewhere(open_cases=("company CA-PLASTIX: reported",)))),
    ("RI03", facts(**WITHOUT, hs="9404.29", basel_code=None, description="Used mattresses")),
    ("RI03", facts(**WITHOUT, hs="4804.11", basel_code=None, description="Bales of waste paper")),
    ("RI04", facts(office="CAVAN001")),
    ("RI05", facts(equipment=(BOX,), net_kg=29_000)),
    ("RI05", facts(equipment=(BOX,), net_kg=7_999)),
    ("RI08", facts(elsewhere=Elsewhere(irregular=("BEANR001 found on 2026-05-01: rags",)))),
    ("RI09", facts(**ROUTED, transits=("NL", "DE", "FR"))),
    ("RI10", facts(exporter="CA-OTHER")),
    ("RI11", facts(hs="3920.30", basel_code=None)),
    ("RI11", facts(**WITHOUT, hs="3920.30", basel_code=None, description="Plastic sheet in bales")),
    ("RI12", facts(elsewhere=Elsewhere(refused=("refused at NLRTM001 on 2026-07-01: CH19",)))),
    ("RI14", facts(**ROUTED, transits=("SG",))),
    ("RI15", facts("import", **CLEAN | {"office": "MYPKG001", "destination": "MY"})),
    ("RI16", facts(**CLEAN | {"destination": "TH"})),
    ("RI17", facts(hs="3915.90")),
    ("RI18", facts(basel_code="A3210")),
    ("RI19", facts(**CLEAN | {"hs": "3915.90", "description": "Polyethylene film, sorted"})),
    ("RI20", facts(**CLEAN | {"destination": "MY"})),
    ("RI20", facts(**WITHOUT, hs="9404.29", basel_code=None, destination="LK", description="Mattresses")),
    ("RI21", facts(**CLEAN | {"origin": "US"})),
    ("RI22", facts(**ROUTED)),
    ("RI23", facts()),
    ("RI24", facts(description="Recyclable scrap")),
    ("RI26", facts(carrier="XX-NOBODY")),
    (
        "RI27",
        facts(
            **CLEAN
            | {
                "general_information": FORM["general_information"].model_copy(
                    update={"arranged_by": "HK-BROKER"}
                )
            }
        ),
    ),
    ("RI28", facts(**CLEAN | {"operations": ("R13",)})),
    ("RI29", facts(border_date=date(2026, 12, 1))),
    ("RI30", replace(facts(**CLEAN), altered=("/hs", "/net_kg"))),
    ("RI31", replace(facts(), inspections=(Inspection(1, "scan", "-", TODAY, TODAY, "Strong odour, wet"),))),
]


@pytest.mark.parametrize(("indicator", "found"), FIRES, ids=[f"{one[0]}-{n}" for n, one in enumerate(FIRES)])
def test_an_indicator_fires_on_its_fact(indicator: str, found: Facts) -> None:
    assert indicator in scored(found)


def test_a_post_box_without_a_street_is_told_from_the_notification() -> None:
    document = notification_document()
    boxed = document.block_1.model_copy(update={"address": "P.O. Box 118, Montreal"})
    entry = ready(document.model_copy(update={"block_1": boxed}))
    assert "RI02" in scored(facts(entry=entry))
    assert "RI02" not in scored(facts())


def test_other_seals_than_those_announced_are_a_sign() -> None:
    entry = ready()
    entry.movements[1].equipment = (BOX,)
    assert "RI06" in scored(facts(entry=entry, equipment=(Equipment(id=BOX.id, seals=("OTHER-1",)),)))
    assert "RI06" not in scored(facts(entry=entry, equipment=(BOX,)))


def test_a_certificate_is_overdue_a_year_after_the_receipt_and_not_on_the_day() -> None:
    entry = ready(many_shipments(4, 100), 100_000)
    earlier = entry.movement(2, "CA 0000 000001.000002")
    earlier.received_on = date(2025, 7, 20)
    assert "RI25" not in scored(facts(entry=entry))
    earlier.received_on = date(2025, 7, 19)
    assert "RI25" in scored(facts(entry=entry))
    assert "RI23" not in scored(facts(entry=entry)), "it is not the first load any more"


def test_a_mass_that_was_corrected_is_no_sign_of_risk() -> None:
    """Estimated before, weighed after: that is how it is meant to be."""
    assert "RI30" not in scored(replace(facts(**CLEAN), altered=("/net_kg",)))


def test_a_code_that_was_corrected_to_the_notified_one_is_no_sign_of_risk() -> None:
    assert "RI30" not in scored(replace(facts(), altered=("/basel_code",)))


@pytest.mark.parametrize(
    ("pounds", "destination", "fires"),
    [
        ("1499.80", "BE", True),  # 75 pounds a tonne are usual, less is not
        ("1500.00", "BE", False),
        ("26000.00", "BE", False),
        ("26000.20", "BE", True),
        ("960.00", "SE", False),  # 48 pounds a tonne: fuel-like, low and lawful
        ("960.00", "BE", True),
        ("500.00", "SE", True),  # 25 pounds are low for Sweden as well
    ],
)
def test_the_price_by_tonne_is_compared_with_what_is_paid(pounds: str, destination: str, fires: bool) -> None:
    found = facts(**POUNDS | {"value": Decimal(pounds), "destination": destination})
    assert ("RI13" in scored(found)) is fires


@pytest.mark.parametrize(("value", "currency"), [(None, None), ("1.00", "CAD"), ("1.00", None)])
def test_a_price_in_another_currency_or_none_is_not_yet_known(
    value: str | None, currency: str | None
) -> None:
    stated = {"value": Decimal(value) if value else None, "currency": currency}
    found = facts(**CLEAN | stated)
    assert "RI13" in unknown(found)
    assert "RI13" not in scored(found)


@pytest.mark.parametrize(
    "load",
    [
        facts(carrier="CA-ALPHA"),
        facts(**CLEAN),
        facts(
            **WITHOUT,
            hs="3915.90",
            basel_code="Y48",
            operations=("R3",),
            destination="US",
            description="Clean production scrap, PE, PP and PS runners and rejects",
            documents=(
                DeclarationDocument(category="C", type="669", id="Arrangement", exemption_code="A20"),
            ),
        ),
    ],
    ids=["the first scenario", "clean B3011 under C672", "scrap under the Arrangement"],
)
def test_a_clean_load_is_green(load: Facts) -> None:
    assert (selected(load).channel, selected(load).asks_for) == ("green", None)


def test_thirty_points_are_yellow_and_sixty_are_red() -> None:
    """Through a load whose points are counted: 15 and 5, 10 more, 30 more."""
    green = facts()
    assert (selected(green).points, selected(green).channel) == (20, "green")
    yellow = facts(office="CAVAN001")
    assert (selected(yellow).points, selected(yellow).channel) == (30, "yellow")
    red = facts(office="CAVAN001", elsewhere=Elsewhere(open_cases=("company CA-PLASTIX: reported",)))
    assert (selected(red).points, selected(red).channel) == (60, "red")
    assert selected(red).asks_for == "physical"


def test_an_odd_price_alone_is_answered_in_the_books_after_the_release() -> None:
    found = selected(facts(**POUNDS | {"value": Decimal(200)}))
    assert (found.channel, found.asks_for, found.points) == ("blue", "audit", 10)
    assert not still_to_look(found, ())


def test_a_yellow_load_waits_for_a_look_at_its_papers_and_a_red_one_for_a_look_inside() -> None:
    papers = Inspection(1, "documents", "-", TODAY, TODAY, "as declared")
    scan = Inspection(2, "scan", "-", TODAY, TODAY, "as declared")
    ordered = Inspection(3, "physical", "-", TODAY)
    yellow, red = selected(facts(office="CAVAN001")), selected(facts(), blocked=True)
    assert [still_to_look(yellow, known) for known in ((), (ordered,), (papers,))] == [True, True, False]
    assert [still_to_look(red, known) for known in ((papers,), (ordered,), (scan,))] == [True, True, False]


def _priced(stated: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    prices = [{}, {"currency": "CAD", "value": Decimal(1)}, {"currency": "GBP", "value": Decimal(9)}]
    return st.sampled_from(prices).map(lambda price: stated | price)


SIGNS = st.fixed_dictionaries(
    {},
    optional={
        "office": st.just("CAVAN001"),
        "hs": st.sampled_from(["3915.10", "3915.90", "3920.30"]),
        "exporter": st.just("CA-OTHER"),
        "carrier": st.sampled_from(["CA-ALPHA", "XX-NOBODY"]),
        "description": st.sampled_from(["Recyclable scrap", "Polyethylene film"]),
        "border_date": st.sampled_from([date(2026, 7, 21), date(2026, 12, 1), date(2027, 1, 1)]),
        "net_kg": st.integers(1, 60_000),
        "transits": st.sampled_from([(), ("SG",), ("NL", "DE", "FR")]),
    },
).flatmap(_priced)
ELSEWHERE = st.builds(
    Elsewhere,
    open_cases=st.sampled_from([(), ("reported",)]),
    refused=st.sampled_from([(), ("refused at NLRTM001",)]),
    irregular=st.sampled_from([(), ("found irregular",)]),
)


@settings(max_examples=25, deadline=None)
@given(SIGNS, ELSEWHERE, st.booleans(), st.booleans())
def test_one_more_sign_of_risk_never_makes_a_load_look_safer(
    changes: dict[str, Any], elsewhere: Elsewhere, blocked: bool, held: bool
) -> None:
    found = facts(elsewhere=elsewhere, **changes)
    worse = replace(found, altered=("/hs",))
    for more in (worse, replace(worse, inspections=(Inspection(1, "scan", "-", TODAY, TODAY, "leachate"),))):
        assert scored(found) <= scored(more)
        before, after = (
            selected(found, blocked=blocked, held=held),
            selected(more, blocked=blocked, held=held),
        )
        assert before.points <= after.points
        assert CARE.index(before.channel) <= CARE.index(after.channel)
    results = [result for _, result in answered(found, TODAY)]
    assert all(score(results) >= score(results[:count]) for count in range(len(results)))


@settings(max_examples=25, deadline=None)
@given(
    SIGNS, st.sampled_from(["documents", "scan", "physical", "sample"]), st.booleans(), st.decimals(0, 100)
)
def test_a_load_that_a_check_refuses_is_never_released_whatever_it_scores_and_whoever_looked(
    changes: dict[str, Any], kind: Any, looked: bool, percent: Decimal
) -> None:
    entry = ready()
    declaration = lodge("w", "c", declared(**changes | {"exporter": "CA-OTHER"}), entry, NOW)
    if looked:
        declaration.inspections.append(Inspection(1, kind, "-", TODAY, TODAY, "as declared", irregular=False))
    clear(declaration, entry, Knowledge({}), NOW, sampling=sampling(percent))
    assert declaration.decided.outcome == "refused"
    assert declaration.decided.selection is not None
    assert declaration.decided.selection.channel == "red"


@settings(max_examples=20, deadline=None)
@given(SIGNS)
def test_only_a_green_or_blue_load_is_released_before_anybody_looked(changes: dict[str, Any]) -> None:
    entry = ready()
    declaration = lodge("w", "c", declared(**changes), entry, NOW)
    clear(declaration, entry, Knowledge({}), NOW)
    assert declaration.decided.selection is not None
    released = declaration.decided.outcome == "released"
    assert not released or declaration.decided.selection.channel in ("green", "blue")
