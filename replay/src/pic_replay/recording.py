"""Recordings: what was said in each scenario, as JSON lines; and where another run says something else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pic_replay.matching import difference
from pic_replay.names import near
from pic_replay.runner import Outcome
from pic_schemas.catalogue import CATALOGUE

FORMAT = 1
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
# How far a gateway had read when it decided differs between runs that decide the same.
POSITIONS = {"knowledge"}
# Made up by the exchange, although they do not look like it.
IDS = {"declaration_id", "guarantee_id", "ucr"}
Event = dict[str, Any]


class RecordingUnreadable(Exception):
    """The file is no recording, or one of a contract that is not this one; the message names the line."""


@dataclass(frozen=True, slots=True)
class Drift:
    """The first message of a case that differs; `recorded` or `seen` is empty where there is none."""

    scenario: str
    case: str
    place: int
    recorded: str
    seen: str
    field: str

    def __str__(self) -> str:
        what = self.field or f"recorded {self.recorded or 'nothing more'}, seen {self.seen or 'nothing more'}"
        return f"{self.scenario}, case {self.case}, message {self.place}: {what}"


def write_recording(outcomes: Iterable[Outcome], path: Path) -> None:
    """A line that names the format, then for each scenario a line with its name and one for each message."""
    lines: list[Any] = [{"recording": FORMAT}]
    for outcome in outcomes:
        lines.append({"scenario": outcome.name, "digest": outcome.digest})
        lines += [{"message": event} for event in outcome.events]
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line, sort_keys=True, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8", newline="\n")


def read_recording(path: Path) -> dict[str, list[Event]]:
    """Scenario -> messages. Raises RecordingUnreadable."""
    found: dict[str, list[Event]] = {}
    current: list[Event] = []
    try:
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise RecordingUnreadable(f"{path}: {error}") from error
    if not lines or lines[0] != {"recording": FORMAT}:
        raise RecordingUnreadable(f"{path}, line 1: no recording of format {FORMAT}")
    for number, line in enumerate(lines[1:], 2):
        if "scenario" in line:
            current = found.setdefault(line["scenario"], [])
            continue
        type_ = line.get("message", {}).get("type", "")
        if type_ not in CATALOGUE:
            told = f"{path}, line {number}: this contract has no {type_!r}{near(type_, CATALOGUE)}"
            raise RecordingUnreadable(told)
        current.append(line["message"])
    return found


def drifts(recorded: Mapping[str, Sequence[Event]], outcomes: Iterable[Outcome]) -> list[Drift]:
    """The first difference of every case that differs. Raises RecordingUnreadable."""
    found = []
    for outcome in outcomes:
        if outcome.name not in recorded:
            raise RecordingUnreadable(f"{outcome.name} was not recorded{near(outcome.name, recorded)}")
        before, now = _cases(recorded[outcome.name]), _cases(outcome.events)
        for case in sorted(before.keys() | now.keys()):
            drift = _first(outcome.name, case, before.get(case, []), now.get(case, []))
            found += [drift] if drift else []
    return found


def _first(scenario: str, case: str, before: Sequence[Event], now: Sequence[Event]) -> Drift | None:
    for place in range(max(len(before), len(now))):
        old = before[place] if place < len(before) else {}
        new = now[place] if place < len(now) else {}
        if old == new:
            continue
        kinds = str(old.get("type", "")), str(new.get("type", ""))
        differs = _differs(old, new) if kinds[0] == kinds[1] else ""
        return Drift(scenario, case, place + 1, *kinds, f"{kinds[0]} differs at {differs}" if differs else "")
    return None


def _differs(old: Event, new: Event) -> str:
    """Both ways, because a field that came to be is a difference too."""
    return difference(old, new) or f"{difference(new, old)} (the other way round)"


def _cases(events: Sequence[Event]) -> dict[str, list[Event]]:
    """Each case's messages without ids and real time, in the order of the world's clock."""
    cases: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda event: (event["time"], event["source"], event["sequence"])):
        if event.get("case"):
            cases.setdefault(event["case"], []).append(event)
    return {f"{place}": _canonical(said) for place, said in enumerate(cases.values(), 1)}


def _canonical(events: Sequence[Event]) -> list[Event]:
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

    kept = ("type", "sender", "recipients", "channel", "data")
    return [plain({name: event.get(name) for name in kept}) for event in events]
