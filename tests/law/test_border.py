"""What the law asks of a load at the border, how clean it must be, and what follows from illegal traffic."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pic_law.border_papers import demand
from pic_law.contamination import limits
from pic_law.control import control
from pic_law.illegal_traffic import letters, owed, presumed
from pic_law.recycling import misfits

DAY = date(2026, 6, 10)


@pytest.mark.parametrize(
    ("destination", "code", "asks", "paper", "exemption"),
    [
        ("BE", "Y48", "PIC", "C669", None),
        ("BE", "B3011", "EU_GREEN_IN", "C672", None),
        ("MY", "B3011", "NO_CONTROL", None, None),
        ("US", "Y48", "CA_US_ARRANGEMENT_2020", None, "A20"),
        ("US", "A3210", "CA_US_1986_AGREEMENT", "C669", None),
        ("TH", "B3011", "PROHIBITED", None, None),
    ],
)
def test_the_procedure_says_what_is_presented(
    destination: str, code: str, asks: str, paper: str | None, exemption: str | None
) -> None:
    found = demand(control("CA", destination, (), code, "R3", DAY), DAY)
    assert found.step.rule == asks
    assert (found.paper.code if found.paper else None) == paper
    assert (found.exemption.code if found.exemption else None) == exemption


@pytest.mark.parametrize(
    ("found", "above"),
    [
        ({}, []),
        ({"inert": "2"}, []),
        ({"inert": "2.01"}, ["2.01 % inert, 2 % allowed"]),
        ({"inert": "6.5", "food": "2.5"}, ["6.5 % inert, 2 % allowed", "2.5 % food, 0 % allowed"]),
        ({"hazardous": "0.1"}, ["0.1 % hazardous, 0 % allowed"]),
        ({"e-waste": "10"}, ["10 % e-waste, 0 % allowed"]),
    ],
)
def test_malaysia_counts_inert_material_and_wants_no_food_oil_electronics_or_hazard(
    found: dict[str, str], above: list[str]
) -> None:
    (limit,) = limits("CA", "MY", "B3011", True, DAY)
    assert (limit.binding, limit.inspected_first) == (True, True)
    assert list(limit.exceeded({kind: Decimal(much) for kind, much in found.items()})) == above


def test_a_limit_holds_from_its_day_and_for_what_is_declared_as_clean() -> None:
    assert limits("CA", "MY", "B3011", True, date(2025, 6, 30)) == ()
    assert limits("CA", "MY", "Y48", True, DAY) == ()


def test_a_guideline_binds_nobody() -> None:
    (limit,) = limits("CA", "BE", "B3011", True, DAY)
    assert not limit.binding
    assert not limit.verified
    assert list(limit.exceeded({"food": Decimal("1.5"), "inert": Decimal(1)})) == [
        "2.5 % in all, 2 % allowed"
    ]


@pytest.mark.parametrize(
    ("operations", "wrong"),
    [
        (["R3"], []),
        (["R13", "R3"], []),
        (["R13"], ["B3011 needs R3", "R13 must be followed by R3"]),
        (["R3", "R13"], ["R13 must be followed by R3"]),
        (["R13", "R13", "R3"], ["B3011 allows one temporary storage, 2 are declared"]),
        (["R1"], ["B3011 is not for R1", "B3011 needs R3"]),
    ],
)
def test_clean_plastics_are_recycled_at_once_or_after_one_storage(
    operations: list[str], wrong: list[str]
) -> None:
    assert list(misfits("B3011", operations, DAY)) == wrong


def test_any_operation_fits_a_code_that_names_none() -> None:
    assert list(misfits("Y48", ["D10"], DAY)) == []


def test_the_state_of_export_has_thirty_days_from_the_day_it_was_informed() -> None:
    informed = datetime(2026, 6, 16, 2, tzinfo=UTC)
    found = owed(
        "exporter-or-generator",
        origin="CA",
        destination="MY",
        waste_code="Y48",
        recovery=True,
        informed=informed,
    )
    assert found is not None
    assert found.due is not None
    assert (found.state, found.due.due_on, found.due.article) == ("CA", date(2026, 7, 16), "Art. 9(2)")


def test_the_importers_fault_is_the_state_of_imports_to_mend_and_nobodys_is_shared() -> None:
    case = {"origin": "CA", "destination": "MY", "waste_code": "Y48", "recovery": True}
    informed = datetime(2026, 6, 16, tzinfo=UTC)
    found = owed("importer-or-disposer", **case, informed=informed)  # type: ignore[arg-type]
    assert found is not None
    assert (found.state, found.profile) == ("MY", "BASEL")
    assert owed("not-assignable", **case, informed=informed) is None  # type: ignore[arg-type]


def test_only_a_missing_notification_or_consent_speaks_of_the_exporter() -> None:
    assert [one.id for one in letters()] == ["a", "b", "c", "d", "e"]
    assert presumed(("a", "b"), DAY) == "exporter-or-generator"
    assert presumed(("d", "e"), DAY) is None
