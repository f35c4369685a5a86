"""How a detention ends and who decides it; what a seizure report says."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pic_law import library
from pic_law.dated import Entry

Decider = Literal["export", "here", "office"]
Form = Literal["SHORT", "LONG"]


class End(Entry):
    """One end, and who decides it: the State of export, the State where the load is kept, or the office."""

    id: str
    title: str
    outcome: str
    by: tuple[Decider, ...]


class ReportField(Entry):
    """One field of a seizure report; a nominal one names somebody."""

    id: str
    title: str
    short: bool = False
    nominal: bool = False


def end(id_: str) -> End | None:
    """The end of this id, if there is one."""
    return next((one for one in ends() if one.id == id_), None)


def fields_of(form: Form, *, nominal: bool) -> tuple[ReportField, ...]:
    """The fields of a form; without names where it leaves the State."""
    return tuple(
        one for one in report_fields() if (form == "LONG" or one.short) and (nominal or not one.nominal)
    )


def read() -> None:
    """Load; raises `LawError`."""
    ends()
    report_fields()


@cache
def ends() -> tuple[End, ...]:
    """Every end, in the order of the file."""
    return library.entries(End, "detentions", "ends")


@cache
def report_fields() -> tuple[ReportField, ...]:
    """Every field of the long form, in its order."""
    return library.entries(ReportField, "detentions", "fields")
