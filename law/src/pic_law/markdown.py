"""Entries of the law as rows of a Markdown table, and their parts in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TypeVar

from pic_law.countries import Ratification
from pic_law.dated import Entry, Timelines
from pic_law.duties import Duty
from pic_law.reach import Reach

UNVERIFIED = "**unverified**"
E = TypeVar("E", bound=Entry)
Column = tuple[str, Callable[[E], object]]


def table(heading: str, entries: Iterable[E], *columns: Column[E]) -> str:
    """A table of entries with what every entry has: article, source, dates, standing."""
    heads = (*(name for name, _ in columns), "article", "source", "from", "to", "standing")
    return markdown(heading, heads, (_row(entry, columns) for entry in entries))


def _row(entry: E, columns: Sequence[Column[E]]) -> tuple[object, ...]:
    stated = (entry.article, entry.source, entry.valid_from or "", entry.valid_to or "")
    return (*(value(entry) for _, value in columns), *stated, "" if entry.verified else UNVERIFIED)


def markdown(heading: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A heading and a table."""
    lines = [f"\n## {heading}\n", _line(heads), _line(["---"] * len(heads))]
    return "\n".join([*lines, *(_line(row) for row in rows)])


def _line(cells: Sequence[object]) -> str:
    return f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"


def id_(entry: Entry) -> str:
    """The entry's id as code."""
    return f"`{getattr(entry, 'id')}`"  # noqa: B009


def title(entry: Entry) -> str:
    """The entry's title."""
    return str(getattr(entry, "title"))  # noqa: B009


def outcome(entry: Entry) -> str:
    """The procedure that it leads to."""
    return getattr(entry, "outcome", None) or "the States' own controls"


def roles(duty: Duty) -> str:
    """Whom the duty binds."""
    return ", ".join(duty.roles)


def said(duty: Duty) -> str:
    """The duty in one line: a period, a day, a value, or nothing."""
    period = f"{duty.amount} {duty.unit}" if duty.amount is not None else ""
    counted = f"before {duty.before}" if duty.before else f"from {duty.start}" if duty.start else ""
    second = duty.not_later_than
    last = f"not later than {second.amount} {second.unit} from {second.start}" if second else ""
    value = "" if duty.value is None else f"value {duty.value}"
    prompt, silent = ("promptly" if duty.prompt else ""), f"silence: {duty.silence}" if duty.silence else ""
    stated = (
        prompt,
        f"{period} {counted}".strip(),
        last,
        _moved(duty),
        duty.due_day or "",
        value,
        silent,
        duty.note,
    )
    return "; ".join(filter(None, stated)) or "no number"


def _moved(duty: Duty) -> str:
    if (over := duty.rolls_over) is None:
        return ""
    standing = "" if over.verified else f", {UNVERIFIED}"
    return f"ends on a working day ({over.article}, {over.source}{standing})"


def whose(entry: Entry) -> str:
    """The State or the group."""
    return str(getattr(entry, "state", None) or getattr(entry, "group", ""))


def where(entry: Reach) -> str:
    """From where to where, for which waste."""
    origin = entry.origin or entry.origin_group or ""
    destination = entry.destination or entry.destination_group or ""
    outside = f" (not {listed(*entry.destination_outside)})" if entry.destination_outside else ""
    not_from = f" (not {listed(*entry.origin_outside)})" if entry.origin_outside else ""
    waste = listed(*entry.codes, *entry.classes, "plastic" if entry.plastic else None)
    route = f"{origin or 'any'}{not_from} to {destination or 'any'}{outside}"
    limited = f", {entry.operations[0]} only" if len(entry.operations) == 1 else ""
    return f"{route}: {waste or 'any waste'}{limited}"


def listed(*parts: str | None) -> str:
    """Parts of a sentence; empty ones are left out."""
    return ", ".join(part for part in parts if part)


def bond(bond: Ratification) -> str:
    """How a State is bound by a treaty."""
    if bond.status != "yes":
        return f"{bond.status} (last seen {bond.last_seen})" if bond.last_seen else bond.status
    if bond.through:
        return f"through {bond.through}"
    return str(bond.deposited or bond.binding or "yes, date not read")


def span(first: date | None, last: date | None) -> str:
    """From a day to a day."""
    return f"{first or ''} to {last}" if last else f"since {first}"


def flat(lines: Timelines[E]) -> tuple[E, ...]:
    """Every entry of every timeline."""
    return tuple(entry for key in lines.keys for entry in lines.line(key))
