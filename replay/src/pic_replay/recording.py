"""Recordings as JSON lines: a head, then each world: acts, what they led to, how its cases ended."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pic_replay.acts import from_json, to_json
from pic_replay.contract import upgraded, versions
from pic_replay.names import near
from pic_replay.told import CaseEnd, Happening, Told

FORMAT = 2
READABLE = (1, 2)
"""Format 1 held no acts: what it says can be said again, and not asked again."""


class RecordingUnreadable(Exception):
    """The file is no recording, or one of a contract that is not this one; the message names the line."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Worlds by name. `law`: a digest of every statute under which it was recorded, where that is known."""

    worlds: dict[str, Told]
    law: Mapping[str, str] = field(default_factory=dict)

    def world(self, name: str) -> Told:
        """Raises RecordingUnreadable."""
        if name not in self.worlds:
            raise RecordingUnreadable(f"{name} was not recorded{near(name, self.worlds)}")
        return self.worlds[name]


def write_recording(worlds: Iterable[Told], path: Path, law: Mapping[str, str] | None = None) -> None:
    """The file is there when it is whole, and not before."""
    kept = list(worlds)
    types = {event["type"] for told in kept for event in told.events}
    head = {"recording": FORMAT, "contract": versions(types), "law": dict(law or {})}
    lines = [head, *(line for told in kept for line in _lines(told)), {"end": len(kept)}]
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            for line in lines:
                file.write(json.dumps(line, sort_keys=True, ensure_ascii=False) + "\n")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _lines(told: Told) -> Iterator[dict[str, Any]]:
    yield {"world": told.name, "clock": told.clock}
    for happening in told.happenings:
        if happening.act is not None:
            yield {"act": to_json(happening.act)}
        for event in happening.said:
            yield {"message": event}
    for case in told.cases:
        yield {"case": asdict(case)}


def is_recording(path: Path) -> bool:
    """By its name, so that a file that is torn is told as one."""
    return path.suffix == ".jsonl"


def read_recording(path: Path) -> Recording:
    """Raises RecordingUnreadable."""
    try:
        texts = path.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise RecordingUnreadable(f"{path}: {error}") from error
    reader = _Reader(path)
    for number, text in enumerate(texts, 1):
        reader.read(number, text)
    return reader.end(len(texts))


class _Reader:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._head: dict[str, Any] = {}
        self._worlds: dict[str, Told] = {}
        self._current: Told | None = None
        self._ended = False

    def read(self, number: int, text: str) -> None:
        try:
            line = json.loads(text)
            if not isinstance(line, dict):
                raise ValueError("an object is wanted")
            if number == 1:
                self._read_head(line)
            else:
                self._read_line(line)
        except KeyError as error:
            raise RecordingUnreadable(f"{self._path}, line {number}: no field {error}") from error
        except (ValueError, TypeError, AttributeError) as error:
            raise RecordingUnreadable(f"{self._path}, line {number}: {error}") from error

    def _read_head(self, line: dict[str, Any]) -> None:
        if line.get("recording") not in READABLE:
            raise ValueError(f"no recording of format {' or '.join(map(str, READABLE))}")
        self._head = line

    def _read_line(self, line: dict[str, Any]) -> None:
        if "end" in line:
            self._ended = True
        elif "world" in line or "scenario" in line:
            self._open(line.get("world") or line["scenario"], line.get("clock", ""))
        elif "act" in line:
            self._told.happenings.append(Happening(from_json(line["act"])))
        elif "message" in line:
            self._hear(upgraded(line["message"], self._head.get("contract", {})))
        elif "case" in line:
            self._told.cases.append(CaseEnd(**line["case"]))
        else:
            raise ValueError(f"neither world, act, message nor case: {', '.join(line)}")

    @property
    def _told(self) -> Told:
        if self._current is None:
            raise ValueError("no world was named before")
        return self._current

    def _open(self, name: str, clock: str) -> None:
        if name in self._worlds:
            raise ValueError(f"the world {name} stands twice")
        self._current = self._worlds[name] = Told(name, clock, [Happening()])

    def _hear(self, event: dict[str, Any]) -> None:
        # Format 1 did not say where the clock began.
        self._told.clock = self._told.clock or event["time"]
        self._told.happenings[-1].said.append(event)

    def end(self, lines: int) -> Recording:
        if not self._head:
            raise RecordingUnreadable(f"{self._path}, line 1: no recording, the file is empty")
        if self._head["recording"] != 1 and not self._ended:
            raise RecordingUnreadable(f"{self._path}, line {lines}: torn, the last line is missing")
        return Recording(self._worlds, self._head.get("law", {}))
