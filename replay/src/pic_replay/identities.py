"""What a recording calls its cases and what the run that repeats it calls them, messages included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pic_replay.canonical import Event
from pic_replay.told import Told
from pic_schemas.identities import Identities as Names


class Identities(Names):
    """Names of a recording -> names of the run that repeats it."""

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
