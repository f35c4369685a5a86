"""An amendment for one test: one rule reads otherwise, wherever it stands in the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from pic_law import library
from tests.scenarios.switches import NoSuchRule, forget_what_was_read

AMENDED = " as amended"
SPOKEN_BY = {
    "BAN_AMENDMENT": ("prohibitions", "ban_amendment"),
    "PROHIBITED": ("prohibitions", "prohibitions"),
    "REGARDED_HAZARDOUS": ("classifications", "classifications"),
}
"""Rules that speak through the entries of a list, with the article of the entry: its file and the list."""


@contextmanager
def amended(rule: str) -> Iterator[None]:
    """Inside, this rule, or duty (`PROFILE.duty`), has other words. Raises `NoSuchRule`."""
    if rule not in amendable():
        raise NoSuchRule(rule)
    read = library.statute

    def statute(name: str) -> Any:
        found = _amended(read(name), rule, read(name).get("defaults", {}))
        file, spoken_by = SPOKEN_BY.get(rule, ("", ""))
        if name == file:
            found[spoken_by] = [_in_other_words(entry) for entry in found[spoken_by]]
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "statute", statute)
        forget_what_was_read()
        try:
            yield
        finally:
            patch.undo()
            forget_what_was_read()


def amendable() -> set[str]:
    """Every rule and every duty that names its article in the data."""
    found = {item["id"] for item in library.statute("rules")["rules"]}
    profiles = library.statute("profiles")["profiles"]
    return found | {f"{profile['id']}.{name}" for profile in profiles for name in profile["duties"]}


def _amended(value: Any, rule: str, defaults: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_amended(inner, rule, defaults) for inner in value]
    if not isinstance(value, dict):
        return value
    found = {name: _amended(inner, rule, defaults) for name, inner in value.items()}
    if value.get("id") == rule:
        found["article"] = f"{value.get('article', defaults.get('article', ''))}{AMENDED}"
        # Where a duty of the profile is quoted for the article, the reason still names the rule by its title.
        if "title" in value:
            found["title"] = f"{value['title']}{AMENDED}"
    if "duties" in value and rule.startswith(f"{value.get('id')}."):
        duty = rule.split(".", 1)[1]
        found["duties"] = {**value["duties"], duty: _in_other_words(value["duties"][duty])}
    return found


def _in_other_words(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {**entry, "article": f"{entry.get('article', '')}{AMENDED}"}
