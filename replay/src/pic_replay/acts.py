"""An act: what somebody asked of a world, on which day and from which seat, and how it was answered."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pic_replay.parts import SentFile

WORLD = "{world}"
"""Stands in a path for the world's id, which is another one in each run."""
CLOCK = f"/v1/worlds/{WORLD}/clock"
MESSAGES = f"/v1/worlds/{WORLD}/messages"
CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_WORLD_PATH = re.compile(r"^/v1/worlds/[^/?]+")
_ENDING = re.compile(r"/v1/worlds/[^/]+/(clock|messages(/.*)?|seats(/.*)?|faults)$")
_SERVICE = re.compile(r"^/(notifier|consent|customs)/v1/")


@dataclass(frozen=True, slots=True)
class Seat:
    """Who asked; an act of the operator has none."""

    role: str
    state: str
    agency: str


@dataclass(frozen=True, slots=True)
class Act:
    """`at` is the world's time before it; of a move of the clock, `body["to"]` is where it arrived."""

    at: str
    seat: Seat | None
    method: str
    path: str
    key: str
    body: Any
    status: int
    answer: Any

    @property
    def moves_clock(self) -> bool:
        return self.path == CLOCK

    @property
    def to(self) -> str:
        """Where the clock goes."""
        return str(self.body["to"])

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """Of each finding of its refusal the rule, and its article with its title."""
        errors = self.answer.get("errors", []) if isinstance(self.answer, Mapping) else []
        found = {(str(one["rule"]), _words(one)) for one in errors if "rule" in one}
        return sorted(found)

    @property
    def rules(self) -> list[str]:
        """The rules that its refusal names."""
        return sorted({rule for rule, _ in self.reasons})

    def __str__(self) -> str:
        who = f"{self.seat.role} {self.seat.agency}" if self.seat else "operator"
        return f"{who}: {self.method} {self.path}"


def _words(finding: Mapping[str, Any]) -> str:
    return f"{finding.get('article', '')}: {finding.get('title', '')}"


def is_act(method: str, path: str) -> bool:
    """Whether a request asks for something to change in a world; looking at it is no act."""
    plain = path.split("?", maxsplit=1)[0]
    return method in CHANGES and bool(_SERVICE.match(plain) or _ENDING.match(plain))


def placed(path: str) -> str:
    """The path with the world's place in it for the world's id."""
    return _WORLD_PATH.sub(f"/v1/worlds/{WORLD}", path)


def to_json(act: Act) -> dict[str, Any]:
    """As a line of a recording."""
    seat = {"role": act.seat.role, "state": act.seat.state, "agency": act.seat.agency} if act.seat else None
    found: dict[str, Any] = {
        "at": act.at,
        "seat": seat,
        "method": act.method,
        "path": act.path,
        "key": act.key,
    }
    if isinstance(act.body, SentFile):
        content = b64encode(act.body.content).decode()
        found["file"] = {"media_type": act.body.media_type, "content": content}
    else:
        found["body"] = act.body
    return found | {"status": act.status, "answer": act.answer}


def from_json(line: Mapping[str, Any]) -> Act:
    """Raises KeyError, TypeError or ValueError for what is no act."""
    file = line.get("file")
    body = SentFile(file["media_type"], b64decode(file["content"])) if file else line.get("body")
    seat = Seat(**line["seat"]) if line.get("seat") else None
    return Act(
        at=line["at"],
        seat=seat,
        method=line["method"],
        path=line["path"],
        key=line.get("key", ""),
        body=body,
        status=int(line["status"]),
        answer=line.get("answer"),
    )
