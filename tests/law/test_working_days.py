"""The table of working days of two authorities."""

from pathlib import Path
from typing import Any

import pytest

from pic_law import library
from pic_law.calendars import calendar
from pic_law.clocks import working_days_from

FILE = Path(__file__).with_name("working_days.yaml")
TABLE = library.parse(FILE.read_text(encoding="utf-8"), FILE.name)
CASES = [(of, case) for of, cases in TABLE.items() for case in cases]


@pytest.mark.parametrize(
    ("of", "case"), CASES, ids=lambda part: part if isinstance(part, str) else part["says"]
)
def test_a_line_of_the_table_of_working_days(of: str, case: dict[str, Any]) -> None:
    counted = case.get("counted", False)
    assert working_days_from(case["start"], case["days"], calendar(of), counted=counted) == case["last"]


def test_the_table_has_every_kind_of_case_for_both_authorities() -> None:
    for cases in TABLE.values():
        assert {(case["days"] > 0, case.get("counted", False)) for case in cases} == {
            *((True, True), (True, False)),
            *((False, True), (False, False)),
        }
