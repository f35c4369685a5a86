"""Ids and numbers that the exchange makes up in each run anew: learnt by comparing two runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from pic_replay.canonical import IDS, UUID, Event
from pic_replay.told import Told

NUMBERS = frozenset({"number", "movement_number", "notification_number"})
SHORTEST = 6  # below, a text may stand somewhere by chance


class Identities:
    """Names of a recording -> names of the run that repeats it."""

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

    def learn_said(self, old: Iterable[Event], new: Iterable[Event]) -> None:
        """From the messages that one act led to here and there: the same type and speaker, in this order."""
        before, now = _alike(old), _alike(new)
        for kind in before.keys() & now.keys():
            for one, other in zip(before[kind], now[kind], strict=False):
                if self._same_case(one, other):
                    self.learn({"id": one["id"], "case": one.get("case"), "data": one["data"]}, dict(other))

    def _same_case(self, old: Event, new: Event) -> bool:
        known = self._names.get(old.get("case") or "")
        return known is None or known == new.get("case")

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


def _alike(events: Iterable[Event]) -> dict[tuple[str, str], list[Event]]:
    found: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in events:
        found[event["type"], event["sender"]].append(event)
    return found


def known_from(recorded: Told, seen: Told) -> Identities:
    """From two tellings of the same acts."""
    known = Identities()
    for before, now in zip(recorded.happenings, seen.happenings, strict=False):
        if before.act is not None and now.act is not None:
            known.learn(before.act.answer, now.act.answer)
        known.learn_said(before.said, now.said)
    return known
