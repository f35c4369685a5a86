"""A document as the form's blocks: every block under its own label, filled in or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pic_schemas.documents.base import Strict
from pic_schemas.documents.quantity import Quantity
from pic_schemas.documents.transport import MEANS_OF_TRANSPORT, PACKAGING_TYPES
from pic_schemas.documents.waste import PHYSICAL_CHARACTERISTICS

# What the form prints beside a code, by the field that holds it and the model that has the field.
CODES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("PhysicalCharacteristics", "codes"): PHYSICAL_CHARACTERISTICS,
    ("Packaging", "types"): PACKAGING_TYPES,
    ("LoadedPackaging", "types"): PACKAGING_TYPES,
    ("Carrier", "means"): MEANS_OF_TRANSPORT,
    ("TakeOver", "means"): MEANS_OF_TRANSPORT,
}


MOST_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A label with what stands beside it: a text, or lines of its own."""

    label: str
    text: str = ""
    parts: tuple[tuple[Line, ...], ...] = ()

    @property
    def tabular(self) -> bool:
        """Several short parts with the same few labels: better read as rows."""
        labels = {tuple(line.label for line in part) for part in self.parts}
        simple = all(not line.parts for part in self.parts for line in part)
        return simple and len(self.parts) > 1 and len(labels) == 1 and len(self.parts[0]) <= MOST_COLUMNS


@dataclass(frozen=True, slots=True)
class Block:
    """One numbered block. `source`: where its rule stands. `parts` is empty where nobody has filled it in."""

    name: str
    label: str
    source: str
    parts: tuple[tuple[Line, ...], ...]


def blocks_of(labels: Mapping[str, str], *models: type[Strict], filled: Mapping[str, Any]) -> list[Block]:
    """Every block of the form in its order; `filled` holds what stands in them, by name."""
    fields = {name: field for model in models for name, field in model.model_fields.items()}
    return [
        Block(name, label, fields[name].description or "", _parts(label, filled.get(name)))
        for name, label in labels.items()
    ]


def filled_in(document: Strict | None) -> dict[str, Any]:
    """The blocks of a document by name."""
    return dict(document) if document is not None else {}


def _parts(label: str, value: Any) -> tuple[tuple[Line, ...], ...]:
    if value is None or value == ():
        return ()
    if isinstance(value, tuple):
        return tuple(_lines(part) if isinstance(part, Strict) else (Line("", _text(part)),) for part in value)
    return (_lines(value),) if isinstance(value, Strict) else ((Line("", _text(value)),),)


def _lines(model: Strict) -> tuple[Line, ...]:
    if isinstance(model, Quantity):
        return (Line("", _text(model)),)
    return tuple(_line(model, name, value) for name, value in model if value not in (None, ()))


def _line(model: Strict, name: str, value: Any) -> Line:
    label = type(model).model_fields[name].title or name.replace("_", " ").capitalize()
    meanings = CODES.get((type(model).__name__, name), {})
    if isinstance(value, Strict) and not isinstance(value, Quantity):
        return Line(label, parts=(_lines(value),))
    if isinstance(value, tuple) and isinstance(value[0], Strict):
        return Line(label, parts=tuple(map(_lines, value)))
    values: Sequence[Any] = value if isinstance(value, tuple) else (value,)
    return Line(label, ", ".join(f"{_text(one)} {meanings.get(str(one), '')}".strip() for one in values))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Quantity):
        return f"{value.value.normalize():f} {value.unit}"
    return value.isoformat() if isinstance(value, date) else str(value)
