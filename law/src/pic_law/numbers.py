"""How a State of export numbers its notifications, and how a number is printed there."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Literal

from pic_law.countries import in_group
from pic_law.dated import Entry, Timelines
from pic_law.dated import read as read_timelines
from pic_law.errors import LawError
from pic_schemas.numbers import NotificationNumber, parse, parse_movement

Code = Literal["none", "authority", "authority-and-year"]
COMMON = "COMMON"
ANY_STATE = "XX"


class NumberScheme(Entry):
    """One way to number. Of a State before a group of States, and of a group before everybody."""

    id: str
    title: str
    state: str = ""
    group: str = ""
    code: Code
    written: str
    movement: str
    note: str = ""
    central: str = ""
    """The last, additional character of what the central system of a group of States numbers itself."""

    def code_of(self, authority: str, on: date) -> int:
        """The four digits between State and serial; `authority` is a code such as `BE001`."""
        own = int("".join(c for c in authority if c.isdecimal()) or 0)
        if self.code == "none":
            return 0
        return own % 10_000 if self.code == "authority" else own % 100 * 100 + on.year % 100

    def print(self, number: NotificationNumber) -> str:
        """As it stands on the forms."""
        plain = self.written.format(state=number.state, code=number.code, serial=number.serial)
        return plain + number.suffix


def scheme(state: str, on: date) -> NumberScheme:
    """The scheme of a State of export for numbers issued on that day."""
    known = schemes().all_on(on)
    own = [one for one in known if one.state == state]
    shared = [one for one in known if one.group and in_group(state, one.group, on)]
    return (*own, *shared, *(one for one in known if one.id == COMMON))[0]


def written(number: str, issued_on: date) -> str:
    """A notification number as its own scheme prints it; raises `UnreadableNumber`."""
    parts = parse(number)
    return scheme(parts.state, issued_on).print(parts)


def movement_written(number: str, issued_on: date) -> str:
    """A movement number as printed; `issued_on` is the day of the notification's number."""
    notification, serial = parse_movement(number)
    of = scheme(parse(notification).state, issued_on)
    return of.movement.format(number=of.print(parse(notification)), serial=serial)


@cache
def schemes() -> Timelines[NumberScheme]:
    """Every scheme; raises `LawError`."""
    return read_timelines(NumberScheme, "numbers", "schemes")


def read() -> None:
    """Load and try every form; raises `LawError`."""
    if COMMON not in schemes().keys:
        raise LawError("numbers.yaml: no scheme for everybody")
    for one in (one for key in schemes().keys for one in schemes().line(key)):
        for suffix in dict.fromkeys(("", one.central)):
            _try(one, NotificationNumber(one.state or ANY_STATE, 126, 1, suffix))


def _try(one: NumberScheme, tried: NotificationNumber) -> None:
    try:
        printed = one.print(tried)
        again = parse(printed)
    except (KeyError, IndexError, ValueError) as error:
        raise LawError(f"numbers.yaml: {one.id}: {error}") from error
    if again != tried:
        raise LawError(f"numbers.yaml: {one.id}: {printed} does not read back")
