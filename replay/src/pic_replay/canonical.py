"""What of a case's history is compared: no ids, no positions, no real time, in the order of its clock."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from pic_schemas.identities import IDS, UUID

Event = Mapping[str, Any]
# How far a gateway had read when it decided differs between runs that decide the same.
POSITIONS = frozenset({"knowledge"})
KEPT = ("type", "sender", "recipients", "channel", "data")


def in_order(events: Iterable[Event]) -> list[Event]:
    """By time, then producer, then sequence: two services that react at once may be heard in either order."""
    return sorted(events, key=lambda event: (event["time"], event["source"], event["sequence"]))


def by_case(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Each case's messages in order, cases by their first message; what belongs to no case is left out."""
    cases: dict[str, list[Event]] = {}
    for event in in_order(events):
        if event.get("case"):
            cases.setdefault(event["case"], []).append(event)
    return cases


def canonical(events: Sequence[Event]) -> list[dict[str, Any]]:
    """Every id is replaced by the order in which it is first seen."""
    names: dict[str, str] = {}

    def named(identity: str) -> str:
        return names.setdefault(identity.lower(), f"#{len(names)}")

    def plain(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: plain(value[name], name) for name in sorted(value.keys() - POSITIONS)}
        if isinstance(value, list):
            return [plain(inner, key) for inner in value]
        if isinstance(value, str):
            return named(value) if key in IDS else UUID.sub(lambda found: named(found[0]), value)
        return value

    return [plain({name: event.get(name) for name in KEPT}) for event in events]


def case_hash(events: Sequence[Event], state: str, ledger: Any) -> str:
    """Equal for two runs in which the same happened to this case."""
    told = [canonical(events), state, ledger]
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()
