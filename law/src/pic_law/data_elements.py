"""A declaration's fields as elements of the WCO Data Model: number, name, and how each is written."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, cached_property
from typing import Any, NamedTuple

from pydantic import Field

from pic_law import library
from pic_law.dated import Entry
from pic_law.errors import LawError
from pic_law.rules import rule
from pic_schemas.refusal import Finding

_FORMAT = re.compile(r"(an|a|n)(\.\.)?([0-9]+)(?:,([0-9]+))?")
_KINDS = {"an": "characters", "a": "letters", "n": "digits"}


class Form(NamedTuple):
    """The data model's notation: `an..35` up to 35 characters, `n1` one digit, `n..16,6` six decimals."""

    kind: str
    up_to: bool
    length: int
    decimals: int

    def holds(self, written: str) -> bool:
        whole, _, part = written.partition(".") if self.kind == "n" else (written, "", "")
        used = len(whole) + len(part)
        if len(part) > self.decimals or not (used <= self.length if self.up_to else used == self.length):
            return False
        if self.kind == "an":
            return written.isprintable()
        return written.isascii() and (written.isalpha() if self.kind == "a" else (whole + part).isdigit())

    @property
    def words(self) -> str:
        decimals = f", of these at most {self.decimals} decimals" if self.decimals else ""
        return f"{'up to ' if self.up_to else ''}{self.length} {_KINDS[self.kind]}{decimals}"


class DataElement(Entry):
    """One field; `id` is the number of its element, `format` how it is written, where they were read."""

    field: str
    path: str
    title: str
    wco_class: str = Field(alias="class")
    id: str = "-"
    format: str = ""
    values: dict[str, str] = Field(default_factory=dict)
    """Our words and the codes that stand for them there; what is written here has not that format then."""

    @cached_property
    def form(self) -> Form | None:
        """Raises `LawError` for a format that cannot be read."""
        if not self.format:
            return None
        if (found := _FORMAT.fullmatch(self.format)) is None:
            raise LawError(f"data_elements.yaml: {self.field}: {self.format!r} is no format")
        kind, up_to, length, decimals = found.groups()
        return Form(kind, bool(up_to), int(length), int(decimals or 0))

    def finding(self, pointer: str, written: str) -> Finding:
        """Why a value is refused: the element with its number, and its form in words."""
        words = self.form.words if self.form else ""
        seen = f"{len(written)} characters" if written.isprintable() else "characters that cannot be printed"
        detail = f"{seen}: {self.path} ({self.id}) is written {self.format}, {words}"
        said = rule("DATA_ELEMENT").finding(pointer, detail)
        return replace(said, article=f"{self.id} (class {self.wco_class})", verified=self.verified)


class Bridge(Entry):
    """A field that has no element of its own there."""

    field: str
    title: str


def mismatches(field: str, pointer: str, value: Any) -> list[Finding]:
    """What is not written as its element wants it; nothing for a field whose format was not read."""
    element = elements().get(field)
    if element is None or element.form is None or element.values or value is None:
        return []
    written = format(value, "f") if not isinstance(value, str | int) else str(value)
    return [] if element.form.holds(written) else [element.finding(pointer, written)]


def read() -> None:
    """Load and cross-check; raises `LawError`."""
    for one in elements().values():
        _ = one.form
    if both := sorted(elements().keys() & {one.field for one in bridges()}):
        raise LawError(f"data_elements.yaml: element and bridge: {', '.join(both)}")


@cache
def elements() -> dict[str, DataElement]:
    """Every field that has an element, by field."""
    return {one.field: one for one in library.entries(DataElement, "data_elements", "elements")}


@cache
def bridges() -> tuple[Bridge, ...]:
    """Every field that has none."""
    return library.entries(Bridge, "data_elements", "bridges")
