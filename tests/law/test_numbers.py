"""How States of export number: the scheme of the day, printed its own way, read back whatever the blanks."""

from datetime import date

import pytest

from pic_law import numbers
from pic_law.authorities import authorities
from pic_law.countries import in_group
from pic_schemas.numbers import format_number, movement_number, normalise

BEFORE, FROM = date(2026, 5, 20), date(2026, 5, 21)


@pytest.mark.parametrize(
    ("state", "authority", "on", "scheme", "printed"),
    [
        ("JP", "JP001", FROM, "COMMON", "JP 0000 000007"),
        ("GB", "GB003", FROM, "UNITED_KINGDOM", "GB 0003 000007"),
        ("CA", "CA001", FROM, "CANADA", "CA 0000 000007"),
        ("BE", "BE002", BEFORE, "COMMON", "BE 0000 000007"),
        ("BE", "BE002", FROM, "EU_2026", "BE0226000007"),
        ("DE", "DE005", date(2031, 1, 1), "EU_2026", "DE0531000007"),
    ],
)
def test_a_number_has_the_form_of_its_state_and_day(
    state: str, authority: str, on: date, scheme: str, printed: str
) -> None:
    found = numbers.scheme(state, on)
    number = format_number(state, found.code_of(authority, on), 7)
    assert found.id == scheme
    assert numbers.written(number, on) == printed
    assert normalise(printed) == number


def test_a_european_number_has_twelve_characters_and_no_blank() -> None:
    printed = numbers.written("BE 0126 000001", FROM)
    assert len(printed) == 12
    assert printed.isalnum()


def test_a_movement_number_begins_with_its_notification_as_printed() -> None:
    number = movement_number("BE 0126 000001", 4)
    assert numbers.movement_written(number, FROM) == "BE0126000001.000004"
    assert numbers.movement_written(movement_number("JP 0000 000001", 4), FROM) == "JP 0000 000001.000004"


def test_what_canada_prints_is_marked_as_not_read() -> None:
    assert not numbers.scheme("CA", FROM).verified


def test_no_two_authorities_of_a_state_of_the_union_share_a_series() -> None:
    in_union = [a for a in authorities().values() if in_group(a.state, "EU", FROM)]
    codes = [(a.state, numbers.scheme(a.state, FROM).code_of(a.code, FROM)) for a in in_union]
    assert len(set(codes)) == len(codes)


def test_a_number_of_the_central_system_is_printed_with_its_letter() -> None:
    assert numbers.written("BE 0126 000001i", FROM) == "BE0126000001i"
    assert numbers.movement_written("BE 0126 000001i.000004", FROM) == "BE0126000001i.000004"
