"""The canonical digest of a world's cases, to compare runs: no ids, no positions, no wall time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from pic_schemas.envelope import Event
from pic_schemas.identities import IDS, UUID
from single_window.domain.case import CaseFile

# How far a gateway had read when it decided differs between runs that decide the same.
POSITIONS = {"knowledge"}


@dataclass(frozen=True, slots=True)
class Digest:
    """Of a world, and of each case by number, or by place where it has none."""

    world: str
    cases: Mapping[str, str]


class _Renaming:
    """Every id is replaced by the order in which it is first seen."""

    def __init__(self, case: str) -> None:
        self._seen: dict[str, str] = {case.lower(): "#0"}

    def name(self, identity: str) -> str:
        return self._seen.setdefault(identity.lower(), f"#{len(self._seen)}")

    def learn(self, value: Any) -> None:
        """Ids that do not look like ids are known by the name of their field."""
        if isinstance(value, dict):
            for key, inner in sorted(value.items()):
                if key in IDS and isinstance(inner, str):
                    self.name(inner)
                self.learn(inner)
        elif isinstance(value, list):
            for inner in value:
                self.learn(inner)

    def applied(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.applied(inner) for key, inner in sorted(value.items()) if key not in POSITIONS}
        if isinstance(value, list):
            return [self.applied(inner) for inner in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        if text.lower() in self._seen:
            return self._seen[text.lower()]
        return UUID.sub(lambda match: self.name(match[0]), text)


def case_digest(case: CaseFile, events: Iterable[Event]) -> str:
    """`events` in the order of happening: time, source, sequence."""
    renaming = _Renaming(case.case)
    history = []
    for event in events:
        renaming.learn(event.data)
        history.append([event.type, event.sender, renaming.applied(event.data)])
    return _hash([history, case.state, asdict(case.ledger)])


def world_digest(histories: Sequence[tuple[CaseFile, Sequence[Event]]]) -> Digest:
    """Cases are named by their numbers; those without by the order of their digests."""
    named: dict[str, str] = {}
    nameless: list[str] = []
    for case, events in histories:
        digest = case_digest(case, events)
        if case.number is None:
            nameless.append(digest)
        else:
            named[case.number] = digest
    named |= {f"unnumbered {place}": digest for place, digest in enumerate(sorted(nameless), 1)}
    return Digest(_hash(sorted(named.items())), dict(sorted(named.items())))


def _hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()
