"""Codes of every list on their days, and codes as people write them."""

from datetime import date
from decimal import Decimal

import pytest

from pic_law.codes import (
    FORM_LISTS,
    LISTS,
    code_findings,
    code_list,
    hs_entry,
    likelihood,
    lookup,
    normal_form,
    version,
    waste,
)
from pic_law.errors import UnknownLaw
from pic_law.quantities import in_kilograms
from pic_schemas.documents.transport import MEANS_OF_TRANSPORT, PACKAGING_TYPES
from pic_schemas.documents.waste import PHYSICAL_CHARACTERISTICS
from pic_schemas.refusal import Refused

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize("name", [*LISTS, *FORM_LISTS])
def test_every_code_of_every_list_says_where_it_stands(name: str) -> None:
    lines = code_list(name)
    codes = [code for key in lines.keys for code in lines.line(key)]
    assert codes
    assert [code.code for code in codes if not (code.source and code.article and code.text)] == []


def test_annex_one_and_two_have_49_codes() -> None:
    assert len(code_list("y").keys) == 49
    assert set(code_list("y").keys) == {f"Y{number}" for number in range(1, 50)}


def test_the_short_lists_are_those_of_the_form() -> None:
    printed = {
        "packaging": PACKAGING_TYPES,
        "transport": MEANS_OF_TRANSPORT,
        "physical": PHYSICAL_CHARACTERISTICS,
    }
    assert {name: set(code_list(name).keys) for name in printed} == {
        n: set(codes) for n, codes in printed.items()
    }


@pytest.mark.parametrize(
    ("name", "code", "on", "rule"),
    [
        ("y", "Y48", "2020-12-31", "CODE_NOT_VALID"),
        ("y", "Y50", "2026-06-01", "CODE_UNKNOWN"),
        ("basel", "B3010", "2021-01-01", "CODE_NOT_VALID"),
        ("basel", "A1180", "2025-01-01", "CODE_NOT_VALID"),
        ("hs", "3915.90", "2028-01-01", "CODE_NOT_VALID"),
        ("hs", "3915.40", "2027-12-31", "CODE_NOT_VALID"),
        ("operation", "R14", "2026-06-01", "CODE_UNKNOWN"),
    ],
)
def test_a_code_that_is_unknown_or_not_valid_that_day_is_refused(
    name: str, code: str, on: str, rule: str
) -> None:
    with pytest.raises(Refused) as refused:
        lookup(name, code, date.fromisoformat(on), "/block_14")
    assert [(f.rule, f.pointer) for f in refused.value.findings] == [(rule, "/block_14")]


def test_codes_that_hold_raise_no_finding() -> None:
    stated = [
        ("y", "Y48", "/a"),
        ("basel", "A3210", "/b"),
        ("operation", "R3", "/c"),
        ("un_class", "4.1", "/d"),
    ]
    assert code_findings(stated, TODAY) == []
    assert [f.pointer for f in code_findings([*stated, ("h", "H2", "/e")], TODAY)] == ["/e"]


def test_the_class_of_a_waste_decides_its_procedure() -> None:
    codes = ("A3210", "Y48", "B3011", "AC300", "Y31")
    classes = {code: found.waste_class for code in codes if (found := waste(code, TODAY))}
    assert classes == {
        "A3210": "hazardous",
        "Y48": "other",
        "B3011": "listed-non-hazardous",
        "AC300": "hazardous",
        "Y31": "constituent",
    }


def test_pvc_scrap_is_never_b3011() -> None:
    assert likelihood("3915.30", "B3011", TODAY) == "impossible"
    assert likelihood("3915.90.00", "Y48", TODAY) == "typical"
    assert likelihood("3920.30", "Y48", TODAY) == "suspicious"
    assert likelihood("8703.10", "Y48", TODAY) is None


@pytest.mark.parametrize(
    ("written", "codes", "problems"),
    [
        ("B3011", ("B3011",), ()),
        ("В3010", ("B3010",), ("LOOK_ALIKE",)),
        ("Y48\u00a0", ("Y48",), ("NO_BREAK_SPACE",)),
        ("Y48\u200b", ("Y48",), ("NO_BREAK_SPACE",)),
        ("\uff2248", ("B48",), ("LOOK_ALIKE",)),
        ("B3011/B3011", ("B3011",), ()),
        ("В3010,\u00a0Y46", ("B3010", "Y46"), ("LOOK_ALIKE", "NO_BREAK_SPACE", "SEVERAL_CODES")),
        ("Y46; Y48", ("Y46", "Y48"), ("SEVERAL_CODES",)),
        ("а3210", ("A3210",), ("LOOK_ALIKE",)),
        ("", (), ()),
    ],
)
def test_a_code_is_read_as_its_list_writes_it(
    written: str, codes: tuple[str, ...], problems: tuple[str, ...]
) -> None:
    found = normal_form(written)
    assert (found.codes, found.problems) == (codes, problems)


def test_a_national_code_that_looks_like_the_conventions_is_named() -> None:
    assert normal_form("Y48", state="AR").problems == ("NATIONAL_CODE",)
    assert normal_form("Y48", state="CA").problems == ()


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("basel", "В3011", "a letter of another alphabet"),
        ("y", "Y48\u00a0", "a space that cannot be seen"),
        ("y", "Y46;Y48", "several codes in one place"),
    ],
)
def test_a_code_that_is_only_badly_written_is_named_and_not_called_unknown(
    name: str, written: str, said: str
) -> None:
    (finding,) = code_findings([(name, written, "/block_14")], TODAY)
    assert finding.rule == "CODE_MISREAD"
    assert said in finding.detail
    assert code_findings([(name, "Z" + written, "")], TODAY)[0].rule == "CODE_UNKNOWN"


def test_units_have_their_kilograms_and_a_volume_needs_its_density() -> None:
    assert in_kilograms(Decimal("24.9"), "t", TODAY) == 24900
    assert in_kilograms(Decimal("0.5"), "kg", TODAY) == 1
    assert in_kilograms(Decimal(30), "m3", TODAY, tonnes_per_cubic_metre=Decimal("0.4")) == 12000
    assert in_kilograms(Decimal(500), "L", TODAY, tonnes_per_cubic_metre=Decimal(1)) == 500
    with pytest.raises(Refused, match="density"):
        in_kilograms(Decimal(30), "m3", TODAY)
    with pytest.raises(Refused, match="CODE_UNKNOWN"):
        in_kilograms(Decimal(30), "lb", TODAY)


def test_a_list_has_a_version_that_changes_with_its_content() -> None:
    assert version("y") == version("y")
    assert len({version(name) for name in (*LISTS, *FORM_LISTS)}) == len((*LISTS, *FORM_LISTS))


def test_a_text_falls_back_to_english() -> None:
    found = lookup("y", "Y48", TODAY)
    assert found.text_in("xx") == found.text


def test_hs_2028_is_announced_and_only_what_is_established_stands() -> None:
    before, after = date(2027, 12, 31), date(2028, 1, 1)
    assert likelihood("3915.30", "B3011", before) == "impossible"
    assert likelihood("3915.40", "A3210", after) == "typical"
    found = hs_entry("3915.90", after)
    assert found is not None
    assert (found.code, found.watched, found.verified) == ("3915", True, False)


def test_pellets_are_not_waste_without_a_question() -> None:
    assert likelihood("3902.10", "B3011", TODAY) == "suspicious"


def test_each_h_code_has_its_un_class() -> None:
    codes = [found for key in code_list("h").keys for found in code_list("h").line(key)]
    assert [c.code for c in codes if c.un_class not in code_list("un_class").keys] == []


def test_a_list_that_is_not_kept_is_a_fault_of_ours() -> None:
    with pytest.raises(UnknownLaw, match="no code list"):
        code_list("ewc")
