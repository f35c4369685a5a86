"""Ids and numbers that the exchange makes up in each world anew: learnt by comparing two tellings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
# Ids that do not look like ids are known by the name of their field.
IDS = frozenset({"declaration_id", "guarantee_id", "ucr"})
NUMBERS = frozenset({"number", "movement_number", "notification_number"})
SHORTEST = 6  # below, a text may stand somewhere by chance


class Identities:
    """Names of one telling -> names of another one that repeats it."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        """What this run calls it; None where it has never come up."""
        return self._names.get(name)

    def learn(self, old: Any, new: Any, key: str = "") -> None:
        """From two answers, or two payloads, that say the same."""
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            for name in old.keys() & new.keys():
                self.learn(old[name], new[name], name)
        elif isinstance(old, list) and isinstance(new, list):
            for before, now in zip(old, new, strict=False):
                self.learn(before, now, key)
        elif isinstance(old, str) and isinstance(new, str):
            self._learn_text(old, new, key)

    def _learn_text(self, old: str, new: str, key: str) -> None:
        if key in IDS or key in NUMBERS:
            self._names.setdefault(old, new)
            return
        before, now = UUID.findall(old), UUID.findall(new)
        if len(before) == len(now):
            for one, other in zip(before, now, strict=True):
                self._names.setdefault(one, other)

    def applied(self, value: Any) -> Any:
        """The same with the names of this run, in paths, bodies and texts."""
        if isinstance(value, Mapping):
            return {name: self.applied(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.applied(inner) for inner in value]
        if isinstance(value, str):
            return self._renamed(value)
        return value

    def _renamed(self, text: str) -> str:
        if text in self._names:
            return self._names[text]
        renamed = UUID.sub(lambda found: self._names.get(found[0], found[0]), text)
        for old, new in self._names.items():
            if old != new and len(old) >= SHORTEST and not UUID.fullmatch(old):
                renamed = renamed.replace(old, new)
        return renamed
