"""Where two States want a notice each of one movement, and how their entries are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal

from pic_law.codes import waste
from pic_law.dated import Timelines, read
from pic_law.errors import LawError
from pic_law.reach import Reach
from pic_schemas.documents.import_notice import ImportNotice
from pic_schemas.documents.notification import NotificationDocument

Notice = NotificationDocument | ImportNotice
Value = str | int | date | tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """One entry that both documents have: where it stands and how it is read."""

    pointer: str
    read: Callable[[Notice], Value]


PLACES: Mapping[str, Place] = {
    "exporter": Place("/block_1/registration_no", lambda n: n.block_1.registration_no),
    "importer": Place("/block_2/registration_no", lambda n: n.block_2.registration_no),
    "shipments": Place("/block_4/total", lambda n: n.block_4.total),
    "quantity": Place("/block_5/quantity", lambda n: n.block_5.kg),
    "first_departure": Place("/block_6/first_departure", lambda n: n.block_6.first_departure),
    "last_departure": Place("/block_6/last_departure", lambda n: n.block_6.last_departure),
    "facility": Place("/block_10/facility/registration_no", lambda n: n.block_10.facility.registration_no),
    "operation": Place("/block_11/codes", lambda n: n.block_11.codes),
    "basel": Place("/block_14/basel", lambda n: n.block_14.basel),
    "oecd": Place("/block_14/oecd", lambda n: n.block_14.oecd),
    "y_code": Place("/block_14/y_code", lambda n: n.block_14.y_code),
    "h_code": Place("/block_14/h_code", lambda n: n.block_14.h_code),
    "un_number": Place("/block_14/un_number", lambda n: n.block_14.un_number),
    "hs_code": Place("/block_14/hs_code", lambda n: n.block_14.hs_code),
    "exit_point": Place("/block_15/export/exit_point", lambda n: n.block_15.export.exit_point),
    "entry_point": Place("/block_15/import/entry_point", lambda n: n.block_15.import_.entry_point),
}


class DualNotice(Reach):
    """The pair of States in which each side files its own notice; what is compared, and how strictly."""

    policy: Literal["exact", "tolerant"]
    compared: tuple[str, ...]
    percent: Decimal = Decimal()
    days: int = 0
    holds_consent: bool


@dataclass(frozen=True)
class Differing:
    """One entry that is not the same in both, as each document has it."""

    field: str
    pointer: str
    export_notice: str
    import_notice: str


def dual_notice(
    origin: str, destination: str, code: str, recovery: bool, on: date, *, holding: bool = False
) -> DualNotice | None:
    """What the two States want of this waste on that day; `holding`: only where consent waits for it."""
    found = waste(code, on)
    if found is None:
        return None
    reaching = (one for one in dual_notices().all_on(on) if one.holds_consent or not holding)
    return next((one for one in reaching if one.concerns(origin, destination, found, recovery, on)), None)


def notices_wanted(document: Notice, on: date, *, holding: bool = False) -> DualNotice | None:
    """What the States of this document want of both notices; `holding`: only where consent waits for it."""
    route, code = document.block_15, document.block_14.controlling
    origin, destination = route.export.country, route.import_.country
    return dual_notice(origin, destination, code, document.recovery, on, holding=holding)


def differences(asked: DualNotice, exported: Notice, imported: Notice) -> Sequence[Differing]:
    """Every entry in which the two documents differ beyond the policy, in the order of the file."""
    return tuple(_differing(asked, exported, imported))


def _differing(asked: DualNotice, exported: Notice, imported: Notice) -> Iterator[Differing]:
    for name in asked.compared:
        place = PLACES[name]
        one, other = place.read(exported), place.read(imported)
        if not _same(asked, one, other):
            yield Differing(name, place.pointer, _said(one), _said(other))


def _same(asked: DualNotice, one: Value, other: Value) -> bool:
    if one == other:
        return True
    if asked.policy == "exact":
        return False
    if isinstance(one, date) and isinstance(other, date):
        return abs((one - other).days) <= asked.days
    if isinstance(one, int) and isinstance(other, int):
        return abs(one - other) * 100 <= asked.percent * max(one, other)
    return _loosely(one) == _loosely(other)


def _loosely(value: Value) -> str | tuple[str, ...]:
    """Words without regard to case; several codes in any order."""
    if isinstance(value, tuple):
        return tuple(sorted(part.casefold() for part in value))
    return str(value).casefold()


def _said(value: Value) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


@cache
def dual_notices() -> Timelines[DualNotice]:
    """Every pair of the file; raises `LawError` for an entry to compare that no document has."""
    found = read(DualNotice, "dual_notices", "dual_notices")
    named = {name for key in found.keys for one in found.line(key) for name in one.compared}
    if unknown := sorted(named - set(PLACES)):
        raise LawError(f"dual_notices.yaml: no such entry of a notice: {', '.join(unknown)}")
    return found
