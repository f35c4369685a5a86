"""Waste that one side alone regulates: Article 6(5) puts the duties on that side, and says why."""

from __future__ import annotations

from datetime import date

import pytest

from pic_law import codes
from pic_law.control import control, exporter_confirms, notifying_state
from pic_law.export_grounds import against
from pic_law.one_sided import one_sided
from pic_law.requirements import requirements

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("route", "code", "by", "side"),
    [
        (("CA", "BE", ()), "Y48", ("CA", "BE"), "both"),
        (("MX", "US", ()), "Y48", ("MX",), "export"),
        (("US", "XT", ()), "B3011", ("XT",), "import"),
        (("CA", "MY", ("XT",)), "B3011", ("XT",), "transit"),
        (("CA", "MY", ()), "B3011", (), "nobody"),
    ],
)
def test_who_regulates_a_waste_decides_on_which_side_the_duties_fall(
    route: tuple[str, str, tuple[str, ...]], code: str, by: tuple[str, ...], side: str
) -> None:
    waste = codes.waste(code, TODAY)
    assert waste is not None
    found = one_sided(*route, waste, True, TODAY)
    assert (found.regulated_by, found.side) == (by, side)


def test_the_trail_names_the_shift_and_its_article() -> None:
    steps = {step.rule: step for step in control("CA", "XT", (), "B3011", "R3", TODAY).trail}
    assert steps["ONE_SIDED"].article == "Art. 6(5)(b)"
    assert "importer and State of import do" in steps["ONE_SIDED"].detail
    assert "ONE_SIDED" not in {step.rule for step in control("CA", "BE", (), "Y48", "R3", TODAY).trail}


def test_what_the_convention_asks_of_the_exporter_the_importer_presents() -> None:
    shifted = {one.id: one for one in requirements("CA", "XT", "B3011", TODAY)}
    usual = {one.id: one for one in requirements("CA", "BE", "Y48", TODAY)}
    assert (usual["NOTIFICATION"].by, shifted["NOTIFICATION"].by) == ("exporter", "importer")
    assert "Art. 6(5)(b)" in shifted["NOTIFICATION"].article
    assert shifted["MOVEMENT_DOCUMENT"].by == "carrier"


@pytest.mark.parametrize(
    ("ground", "words", "recovery", "detail"),
    [
        (None, "No capacity for film", True, None),
        ("raw-material", None, True, None),
        ("no-capacity", None, False, None),
        (None, None, True, "gives no reason"),
        ("cheaper", None, True, "is none of"),
        ("raw-material", None, False, "not for disposal"),
    ],
)
def test_a_party_says_why_its_waste_goes_abroad(
    ground: str | None, words: str | None, recovery: bool, detail: str | None
) -> None:
    found = list(against(ground, words, origin="CA", recovery=recovery, on=TODAY))
    assert (detail is None) == (found == [])
    assert all(detail is not None and detail in one.detail for one in found)
    assert list(against(None, None, origin="US", recovery=True, on=TODAY)) == []


def test_the_state_that_alone_regulates_what_it_imports_has_the_notification() -> None:
    june = date(2026, 6, 1)
    assert notifying_state("CA", "XT", (), "B3011", "R3", june) == "XT"
    assert notifying_state("CA", "BE", (), "Y48", "R3", june) == "CA"
    assert notifying_state("XT", "CA", (), "B3011", "R3", june) == "XT"


def test_where_an_agreement_says_who_does_what_nothing_shifts() -> None:
    assert notifying_state("US", "CA", (), "Y48", "R3", date(2026, 6, 1)) == "US"


@pytest.mark.parametrize(
    ("route", "code", "confirms"),
    [
        (("XT", "CA", ()), "B3011", True),
        (("CA", "XT", ()), "B3011", False),
        (("CA", "BE", ()), "Y48", False),
        (("US", "CA", ()), "Y48", False),
        (("QQ", "CA", ()), "B3011", False),
    ],
)
def test_the_exporter_confirms_where_its_state_alone_regulates_the_waste(
    route: tuple[str, str, tuple[str, ...]], code: str, confirms: bool
) -> None:
    assert exporter_confirms(*route, code, "R3", TODAY) is confirms
