"""Subset matching, and the first difference in words."""

from __future__ import annotations

import re
from typing import Any

_PART = re.compile(r"\.?([A-Za-z_][\w-]*)|\[(\d+)\]")
_WHOLE = re.compile(r"^\{(\w+)\}$")


class Missing(Exception):
    """A path leads nowhere, or a name was never saved."""


def pick(document: Any, path: str) -> Any:
    """`$.movements[0].state` from a JSON document. Raises Missing."""
    if not path.startswith("$"):
        raise Missing(f"{path!r} does not begin with $")
    found = document
    for name, index in _PART.findall(path[1:]):
        try:
            found = found[name] if name else found[int(index)]
        except (KeyError, IndexError, TypeError) as error:
            raise Missing(f"{path}: nothing at {name or index}") from error
    return found


def fill(template: Any, saved: dict[str, Any]) -> Any:
    """Replace `{name}` by what was saved, everywhere; a text that is only `{name}` keeps the value's type."""
    if isinstance(template, dict):
        return {key: fill(value, saved) for key, value in template.items()}
    if isinstance(template, list):
        return [fill(value, saved) for value in template]
    if not isinstance(template, str):
        return template
    if (whole := _WHOLE.match(template)) is not None:
        return _saved(whole.group(1), saved)
    return re.sub(r"\{(\w+)\}", lambda found: str(_saved(found.group(1), saved)), template)


def _saved(name: str, saved: dict[str, Any]) -> Any:
    if name not in saved:
        raise Missing(f"{{{name}}} was not saved by an earlier step")
    return saved[name]


def difference(expected: Any, seen: Any, at: str = "$") -> str | None:
    """None when `expected` is a subset of `seen`, else the first field that differs, in words.

    A mapping matches by its keys; a list of mappings matches when each expected item is somewhere in it;
    other lists and values must be equal.
    """
    if isinstance(expected, dict):
        return _mapping_difference(expected, seen, at)
    if isinstance(expected, list) and any(isinstance(item, dict) for item in expected):
        return _list_difference(expected, seen, at)
    if expected != seen:
        return f"{at}: expected {expected!r}, was {seen!r}"
    return None


def _mapping_difference(expected: dict[str, Any], seen: Any, at: str) -> str | None:
    if not isinstance(seen, dict):
        return f"{at}: expected fields {', '.join(expected)}, was {seen!r}"
    for key, value in expected.items():
        if key not in seen:
            return f"{at}.{key}: expected {value!r}, the field is absent"
        if (found := difference(value, seen[key], f"{at}.{key}")) is not None:
            return found
    return None


def _list_difference(expected: list[Any], seen: Any, at: str) -> str | None:
    if not isinstance(seen, list):
        return f"{at}: expected a list, was {seen!r}"
    for index, item in enumerate(expected):
        reasons = [difference(item, candidate, f"{at}[{n}]") for n, candidate in enumerate(seen)]
        if reasons and None in reasons:
            continue
        if not seen:
            return f"{at}[{index}]: the list is empty"
        # The one that has most of what is wanted; of several the one in the same place.
        nearest = max(range(len(seen)), key=lambda n: (alike(item, seen[n]), n == index))
        return reasons[nearest]
    return None


def alike(wanted: Any, seen: Any) -> int:
    """How many fields of a mapping are as wanted."""
    if not isinstance(wanted, dict) or not isinstance(seen, dict):
        return 0
    return sum(name in seen and difference(value, seen[name]) is None for name, value in wanted.items())
