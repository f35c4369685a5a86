"""The gate: what today's writers send against what yesterday's readers accept, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_WORDS = frozenset({"title", "description", "default", "examples", "$id", "$schema", "$defs"})


def breaks(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Every place where `new` is more than an addition to `old`, as `pointer: reason`; empty if compatible.

    Only a new optional property is an addition. A removed, renamed, narrowed or widened one is not: a
    narrower reader refuses what is in the log, a wider writer sends what an older reader refuses.
    """
    return list(_breaks(old, new, old, new, ""))


def _breaks(
    old: Mapping[str, Any], new: Mapping[str, Any], olds: Mapping[str, Any], news: Mapping[str, Any], at: str
) -> Iterator[str]:
    old, new = _resolved(old, olds), _resolved(new, news)
    for word in sorted((old.keys() | new.keys()) - _WORDS):
        before, after = old.get(word), new.get(word)
        if word == "properties":
            yield from _properties(before or {}, after or {}, olds, news, at)
        elif word == "required":
            yield from _required(before or [], after or [], at)
        elif isinstance(before, dict) and isinstance(after, dict):
            yield from _breaks(before, after, olds, news, f"{at}/{word}")
        elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
            yield from _items(before, after, olds, news, f"{at}/{word}")
        elif before != after:
            yield f"{at}/{word}: {before!r} became {after!r}"


def _resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    definition: Mapping[str, Any] = root["$defs"][reference.rsplit("/", 1)[1]]
    return definition


def _properties(old: Any, new: Any, olds: Any, news: Any, at: str) -> Iterator[str]:
    for name, before in old.items():
        if name not in new:
            yield f"{at}/{name}: removed"
        else:
            yield from _breaks(before, new[name], olds, news, f"{at}/{name}")


def _required(old: list[str], new: list[str], at: str) -> Iterator[str]:
    yield from (f"{at}/{name}: is required now" for name in new if name not in old)
    yield from (f"{at}/{name}: is no longer always sent" for name in old if name not in new)


def _items(old: list[Any], new: list[Any], olds: Any, news: Any, at: str) -> Iterator[str]:
    for index, (before, after) in enumerate(zip(old, new, strict=True)):
        if isinstance(before, dict) and isinstance(after, dict):
            yield from _breaks(before, after, olds, news, f"{at}/{index}")
        elif before != after:
            yield f"{at}/{index}: {before!r} became {after!r}"
