"""Rows as CSV that a spreadsheet opens as text: no cell is ever a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet program may take for the start of a formula, or of another cell."""


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """RFC 4180, with the names of the columns first; what could start a formula is led by an apostrophe."""
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([_cell(one) for one in head])
    writer.writerows([_cell(one) for one in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, int):
        return str(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
