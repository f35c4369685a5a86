"""Why a Party lets its waste go abroad: the grounds of Article 4(9), and what a form says of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Literal

from pic_law.countries import in_group
from pic_law.dated import Entry, Timelines, read
from pic_law.rules import rule
from pic_schemas.refusal import Finding

AT = "/block_11/export_ground"


class ExportGround(Entry):
    """One ground; `operations` are those for which it is a reason at all."""

    id: str
    title: str
    operations: tuple[Literal["D", "R"], ...] = ("D", "R")


def against(
    ground: str | None, words: str | None, *, origin: str, recovery: bool, on: date
) -> Iterator[Finding]:
    """What Article 4(9) has against the reason that block 11 states, for a movement that needs consent."""
    if ground is None:
        if not words and in_group(origin, "BASEL", on):
            yield rule("EXPORT_REASON").finding(
                AT, f"{origin} is a Party, and block 11 gives no reason for the export"
            )
        return
    known = export_grounds().on(ground, on)
    if known is None:
        listed = ", ".join(str(key) for key in export_grounds().keys)
        yield rule("EXPORT_REASON").finding(AT, f"{ground!r} is none of {listed}")
    elif ("R" if recovery else "D") not in known.operations:
        found = rule("EXPORT_REASON").finding(AT, f"{known.title}: not for disposal")
        yield replace(found, article=known.article, source=known.source, verified=known.verified)


@cache
def export_grounds() -> Timelines[ExportGround]:
    """Every ground of the file, by id."""
    return read(ExportGround, "export_grounds", "export_grounds")
