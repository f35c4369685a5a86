"""Working days by the authority's calendar, months that clamp, limits before an event."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pic_law.authorities import authorities
from pic_law.calendars import calendar
from pic_law.clocks import add_months, after, before, days_left, due, latest_before, longstop
from pic_law.duties import duty
from pic_law.errors import LawError, UnknownLaw

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("of", "start", "days", "last"),
    [
        ("BE001", "2026-06-01", 3, "2026-06-04"),
        ("BE001", "2026-06-05", 3, "2026-06-10"),  # over a weekend
        ("BE001", "2026-07-17", 3, "2026-07-23"),  # the National Day, a Tuesday
        ("CA001", "2026-07-17", 3, "2026-07-22"),  # the same days in Canada
        ("CA001", "2026-06-29", 3, "2026-07-03"),  # Canada Day
        ("BE001", "2026-06-29", 3, "2026-07-02"),
        ("CA001", "2026-09-29", 2, "2026-10-02"),  # Truth and Reconciliation: federal offices are closed
        ("BE001", "2026-12-23", 2, "2026-12-28"),  # Christmas and a weekend
        ("CA001", "2026-12-23", 2, "2026-12-29"),  # Boxing Day is given on the Monday
        ("BE001", "2026-05-13", 2, "2026-05-18"),  # Ascension Day and a weekend
        ("CA001", "2026-05-15", 1, "2026-05-19"),  # Victoria Day
    ],
)
def test_working_days_are_those_of_the_authority(of: str, start: str, days: int, last: str) -> None:
    assert after(day(start), days, "wd", calendar(of)) == day(last)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-03-31", -1, "2026-02-28"),
    ],
)
def test_a_month_ends_with_the_month(start: str, months: int, end: str) -> None:
    assert add_months(day(start), months) == day(end)


def test_a_decision_is_due_at_the_end_of_the_thirtieth_day() -> None:
    found = due(duty("EU_2024", "decision"), datetime(2026, 6, 3, 22, 0, tzinfo=UTC), calendar("BE001"))
    assert found is not None
    assert found.due_at == datetime(2026, 7, 3, 23, 59, 59, tzinfo=UTC)
    assert (found.rule, found.article, found.verified) == ("EU_2024.decision", "Art. 9(1)", True)
    assert found.basis == "30 d from notifier_told_properly_completed_art8_12, 2026-06-03"


def test_where_the_convention_gives_no_number_nothing_is_due() -> None:
    assert due(duty("BASEL", "import_decision"), day("2026-06-03"), calendar("JP")) is None
    assert latest_before(duty("BASEL", "movement_prenotice"), day("2026-06-03"), calendar("CA")) is None


@pytest.mark.parametrize(
    ("profile", "start", "latest"),
    [
        ("EU_2006", "2026-07-15", "2026-07-10"),
        ("EU_2024", "2026-07-15", "2026-07-13"),
        ("EU_2024", "2026-07-22", "2026-07-17"),
    ],
)
def test_a_prenotice_leaves_full_working_days_before_the_start(profile: str, start: str, latest: str) -> None:
    found = latest_before(duty(profile, "movement_prenotice"), day(start), calendar("BE001"))
    assert found is not None
    assert found.due_on == day(latest)


def test_the_certificate_has_a_second_limit_from_receipt() -> None:
    certificate = duty("EU_2024", "completion_certificate")
    first = due(certificate, day("2026-10-01"), calendar("BE"))
    last = longstop(certificate, day("2026-08-20"), calendar("BE"))
    assert first is not None
    assert last is not None
    assert (first.due_on, last.due_on) == (day("2026-10-31"), day("2027-08-20"))
    assert longstop(duty("EU_2024", "decision"), day("2026-08-20"), calendar("BE")) is None


def test_hours_count_from_the_instant() -> None:
    found = due(duty("EU_2024", "max_sync_interval"), datetime(2026, 6, 3, 20, 0, tzinfo=UTC), calendar("BE"))
    assert found is not None
    assert found.due_at == datetime(2026, 6, 4, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "last"),
    [
        ("2026-06-01", "2026-06-04"),  # a Thursday
        ("2026-06-03", "2026-06-08"),  # from Saturday to Monday
        ("2026-04-01", "2026-04-07"),  # from Saturday over Easter Monday
        ("2026-07-18", "2026-07-22"),  # from the Belgian National Day
    ],
)
def test_a_period_that_ends_on_a_holiday_ends_on_the_next_working_day_where_the_data_says_so(
    start: str, last: str
) -> None:
    found = due(duty("EU_2006", "receipt_confirm"), day(start), calendar("BE"))
    assert found is not None
    assert found.due_on == day(last)
    assert found.verified == ("working day" not in found.basis)
    elsewhere = due(duty("EU_2006", "decision"), day("2026-05-08"), calendar("BE"))
    assert elsewhere is not None
    assert elsewhere.due_on == day("2026-06-07")  # a Sunday: no rule says that it moves


def test_days_left_turn_negative_when_overdue() -> None:
    found = due(duty("EU_2006", "receipt_confirm"), day("2026-06-01"), calendar("BE"))
    assert found is not None
    assert days_left(found, datetime(2026, 6, 1, 9, 0, tzinfo=UTC)) == 3
    assert days_left(found, datetime(2026, 6, 6, 9, 0, tzinfo=UTC)) == -2


def test_a_time_without_zone_starts_no_clock() -> None:
    naive: Any = datetime(2026, 6, 1)
    with pytest.raises(ValueError, match="without a zone"):
        due(duty("EU_2024", "decision"), naive, calendar("BE"))


def test_a_limit_before_an_event_is_not_counted_from_it() -> None:
    with pytest.raises(LawError, match="latest_before"):
        due(duty("EU_2024", "movement_prenotice"), day("2026-06-01"), calendar("BE"))
    with pytest.raises(LawError, match="ask due"):
        latest_before(duty("EU_2024", "decision"), day("2026-06-01"), calendar("BE"))


def test_every_authority_has_a_calendar() -> None:
    # Asking for a day builds the library's calendar: a wrong subdivision or category would show here.
    sundays = [date(2026, 6, 7), date(2026, 12, 27)]
    assert [code for code in authorities() if any(map(calendar(code).is_working, sundays))] == []
    with pytest.raises(UnknownLaw, match="no calendar"):
        calendar("QQ")


@given(start=DAYS, days=st.integers(1, 60), of=st.sampled_from(["BE", "CA", "JP", "MY", "US"]))
def test_working_days_forward_and_back_agree(start: date, days: int, of: str) -> None:
    end = after(start, days, "wd", calendar(of))
    assert calendar(of).is_working(end)
    assert end - start >= timedelta(days=days)
    walked = [
        d
        for d in (start + timedelta(n) for n in range(1, (end - start).days + 1))
        if calendar(of).is_working(d)
    ]
    assert len(walked) == days
    assert before(end, days, "wd", calendar(of)) <= start


@given(start=DAYS, days=st.integers(1, 400))
def test_calendar_days_are_calendar_days(start: date, days: int) -> None:
    assert after(start, days, "d", calendar("BE")) == start + timedelta(days=days)
    assert after(start, days, "d", calendar("BE"), counted=True) == start + timedelta(days=days - 1)
    assert before(start, days, "d", calendar("BE")) == start - timedelta(days=days)
