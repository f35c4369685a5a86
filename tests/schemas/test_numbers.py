"""Notification and movement numbers of the common scheme."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pic_schemas import numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("CA 0000 000001", "CA 0000 000001"),
        ("CA0000000001", "CA 0000 000001"),
        ("ca 12 123456", "CA 0012 123456"),
        ("XY 123456", "XY 0000 123456"),
        ("BE0126000001i", "BE 0126 000001i"),
        ("be 0126 000001 I", "BE 0126 000001i"),
    ],
)
def test_a_number_is_padded_to_the_common_scheme(text: str, number: str) -> None:
    assert numbers.normalise(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "CA", "CA 00001", "C1 0000 000001", "CA 00000 000001", "CA 00 00000x", "BE012600001i", "BE 000001i"],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(numbers.UnreadableNumber):
        numbers.normalise(text)


@settings(deadline=None)  # the machine is shared; a slow example is no failure
@given(st.from_regex(r"[A-Z]{2}", fullmatch=True), st.integers(0, 9999), st.integers(0, 999_999))
def test_an_issued_number_reads_back(state: str, code: int, serial: int) -> None:
    number = numbers.format_number(state, code, serial)
    assert numbers.parse(number) == numbers.NotificationNumber(state, code, serial)
    assert numbers.parse(number.replace(" ", "")) == numbers.NotificationNumber(state, code, serial)


def test_a_number_out_of_range_is_never_issued() -> None:
    with pytest.raises(numbers.UnreadableNumber):
        numbers.format_number("CA", 0, 1_000_000)


def test_a_movement_number_names_its_notification_and_its_serial() -> None:
    number = numbers.movement_number("CA0000000001", 4)
    assert number == "CA 0000 000001.000004"
    assert numbers.parse_movement(number) == ("CA 0000 000001", 4)


def test_what_the_central_system_numbers_is_another_number_than_the_same_digits_without_its_letter() -> None:
    assert numbers.normalise("BE0126000001i") != numbers.normalise("BE0126000001")
    movement = numbers.movement_number("BE0126000001i", 4)
    assert movement == "BE 0126 000001i.000004"
    assert numbers.parse_movement(movement) == ("BE 0126 000001i", 4)
