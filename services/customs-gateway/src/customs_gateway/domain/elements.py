"""Whether each field of a declaration is written as its element of the customs data model wants it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pic_law.data_elements import elements, mismatches
from pic_law.requirements import all_requirements
from pic_schemas.messages import DeclarationDocument, DeclarationLodged
from pic_schemas.refusal import Finding


def written_otherwise(lodged: DeclarationLodged) -> Iterator[Finding]:
    """Every field that is longer than its element, or of other characters."""
    for field in elements():
        for pointer, value in _values(lodged, field.split("/")[1:], ""):
            yield from mismatches(field, pointer, value)


def _values(found: Any, path: Sequence[str], pointer: str) -> Iterator[tuple[str, Any]]:
    """What stands in a field, with its place; `*` is every line of a list."""
    if not path:
        yield pointer, found
    elif path[0] == "*":
        for place, one in enumerate(found):
            yield from _values(one, path[1:], f"{pointer}/{place}")
    elif isinstance(found, DeclarationDocument) and path[0] == "type":
        yield f"{pointer}/type", _type_code(found)
    else:
        yield from _values(getattr(found, path[0]), path[1:], f"{pointer}/{path[0]}")


def _type_code(document: DeclarationDocument) -> str | None:
    """Without the category letter that is printed before it; no list is known for national permits."""
    if all_requirements().line(document.type):
        return None
    return document.type.removeprefix(document.category)
