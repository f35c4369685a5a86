"""By when a failed movement is put right, and who owes it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pic_law.remedies import Failed, due_for, finish_of, measure

INFORMED = datetime(2026, 8, 6, 10, tzinfo=UTC)


def finish(destination: str, last_day: date | None) -> date | None:
    found = measure("alternative-facility")
    assert found is not None
    due = finish_of(found, Failed("BE", destination, "Y48", recovery=True), last_day, INFORMED.date())
    return due.due_on if due else None


@pytest.mark.parametrize(
    ("destination", "last_day", "finished_by"),
    [
        ("CA", date(2026, 11, 4), date(2027, 11, 4)),
        ("CA", None, None),
        ("JP", date(2026, 11, 4), None),
    ],
)
def test_canada_wants_another_facility_to_finish_within_a_year_of_the_ninety_days(
    destination: str, last_day: date | None, finished_by: date | None
) -> None:
    assert finish(destination, last_day) == finished_by


def test_no_other_measure_has_such_a_day() -> None:
    found = measure("take-back")
    assert found is not None
    failed = Failed("BE", "CA", "Y48", recovery=True)
    assert finish_of(found, failed, date(2026, 11, 4), INFORMED.date()) is None


@pytest.mark.parametrize(
    ("origin", "code", "rule"),
    [
        ("BE", "EU3011", "EU_2024.takeback_green_list"),
        ("BE", "Y48", "EU_2024.takeback_not_completed"),
        ("CA", "B3011", None),
    ],
)
def test_a_green_load_is_taken_back_where_the_law_of_its_state_says_so(
    origin: str, code: str, rule: str | None
) -> None:
    owed = due_for("not-completed", Failed(origin, "DE", code, recovery=True), INFORMED)
    assert owed is not None
    assert (owed.due.rule if owed.due else None) == rule
    assert owed.due is None or owed.due.due_on == date(2026, 11, 4)
