"""Numbers of notifications and movements in the common scheme: `CA 0000 000001`, `CA 0000 000001.000001`.

Scheme: Regulation (EC) 1013/2006 Annex IC, p. 3 (State, code of up to four digits, six digits; padded).
Movement numbers: Implementing Regulation on the EU waste shipment system (DIWASS), Article 15(6).
The central system of the Union ends what it numbers itself with `i`, `BE 0126 000001i`: Art. 9(8), 15(3).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field

NUMBER_PATTERN = r"^[A-Z]{2} \d{4} \d{6}i?$"
MOVEMENT_PATTERN = r"^[A-Z]{2} \d{4} \d{6}i?\.\d{6}$"

CENTRAL = "i"
"""An additional, last character; read as a thirteenth, so that the six digits before it stay six."""

_LOOSE = re.compile(r"([A-Z]{2})(\d{0,4}?)(\d{6})", re.ASCII)
_CENTRAL = re.compile(r"([A-Z]{2})(\d{4})(\d{6})I", re.ASCII)
_MOVEMENT = re.compile(r"(.+)\.(\d{6})", re.ASCII)


class UnreadableNumber(ValueError):
    """The text is no number of the common scheme."""


class NotificationNumber(NamedTuple):
    """The parts of a number; `str()` gives the padded form."""

    state: str
    code: int
    serial: int
    suffix: str = ""

    def __str__(self) -> str:
        return f"{self.state} {self.code:04d} {self.serial:06d}{self.suffix}"


def parse(text: str) -> NotificationNumber:
    """Read a number with or without blanks and padding; raises `UnreadableNumber`."""
    plain = re.sub(r"\s", "", text).upper()
    if (central := _CENTRAL.fullmatch(plain)) is not None:
        return NotificationNumber(central[1], int(central[2]), int(central[3]), CENTRAL)
    match = _LOOSE.fullmatch(plain)
    if match is None:
        raise UnreadableNumber(f"no notification number: {text!r}")
    return NotificationNumber(match[1], int(match[2] or 0), int(match[3]))


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """`ca 12 123456`, `CA0012123456` -> `CA 0012 123456`; raises `UnreadableNumber`."""
    return str(parse(text))


def format_number(state: str, code: int, serial: int) -> str:
    """Issue a number; raises `UnreadableNumber` when a part is out of range."""
    number = str(NotificationNumber(state, code, serial))
    if not re.fullmatch(NUMBER_PATTERN, number):
        raise UnreadableNumber(f"out of range: {number!r}")
    return number


def movement_number(number: str, serial: int) -> str:
    """The number of a notification's n-th movement document, from 1."""
    if not 1 <= serial <= 999_999:
        raise UnreadableNumber(f"out of range: {serial}")
    return f"{normalise(number)}.{serial:06d}"


def parse_movement(text: str) -> tuple[str, int]:
    """Split a movement number into (notification number, serial); raises `UnreadableNumber`."""
    match = _MOVEMENT.fullmatch(text.strip())
    if match is None:
        raise UnreadableNumber(f"no movement number: {text!r}")
    return normalise(match[1]), int(match[2])


def _normalised(value: object) -> object:
    return normalise(value) if isinstance(value, str) else value


@lru_cache(maxsize=4096)
def _movement_checked(value: str) -> str:
    return movement_number(*parse_movement(value))


NumberText = Annotated[str, BeforeValidator(_normalised), Field(pattern=NUMBER_PATTERN)]
MovementText = Annotated[str, AfterValidator(_movement_checked), Field(pattern=MOVEMENT_PATTERN)]
