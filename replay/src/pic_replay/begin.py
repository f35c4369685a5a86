"""`begin`: a story that starts where another one stands. Of that one only the acts are played.

`given` are values of a story that whoever begins with it may replace by `with`; a mapping is changed in part,
and `null` takes a field away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pic_replay.names import near
from pic_replay.table import FOR_EACH, filled

BEGIN, GIVEN = "begin", "given"
KEYS = ("scenario", "until", "with")
Read = Callable[[Path], Any]


class CannotBegin(ValueError):
    """What is wrong with `begin` or `given`; `at` is where it stands in the file."""

    def __init__(self, told: str, *at: str | int) -> None:
        super().__init__(told)
        self.at = at


def begun(raw: Any, folder: Path, read: Read) -> tuple[Any, int]:
    """The whole story, and how many of its steps are another's. Raises CannotBegin."""
    if not isinstance(raw, dict):
        return raw, 0
    own = _with_given(raw, {})
    if BEGIN not in own:
        return own, 0
    before = _before(own.pop(BEGIN), folder, read, frozenset())
    steps = own.get("steps")
    acts = _needed(before["steps"], steps)
    inherited = {"clock": before.get("clock"), "actors": before.get("actors", {})}
    actors = (
        inherited["actors"] | own["actors"] if isinstance(own.get("actors"), dict) else inherited["actors"]
    )
    whole = inherited | own | {"actors": actors}
    return whole | ({"steps": [*acts, *steps]} if isinstance(steps, list) else {}), len(acts)


def _before(begin: Any, folder: Path, read: Read, seen: frozenset[Path]) -> dict[str, Any]:
    """The other story up to its step, with its own beginning before it."""
    if not isinstance(begin, dict) or not {"scenario", "until"} <= begin.keys():
        raise CannotBegin("write {scenario: a-file-without-yaml, until: what its last step is about}", BEGIN)
    if unknown := sorted(begin.keys() - set(KEYS)):
        raise CannotBegin(f"no {unknown[0]!r} here{near(unknown[0], KEYS)}", BEGIN, unknown[0])
    path = (folder / f"{begin['scenario']}.yaml").resolve()
    if not path.is_file():
        others = [found.stem for found in path.parent.glob("*.yaml")]
        raise CannotBegin(f"no scenario {begin['scenario']!r}{near(path.stem, others)}", BEGIN, "scenario")
    if path in seen:
        raise CannotBegin(f"{path.name} begins with itself", BEGIN, "scenario")
    raw = read(path)
    if FOR_EACH in raw:
        raise CannotBegin(f"{path.name} is a table; a story begins with one that is none", BEGIN, "scenario")
    other = _with_given(raw, begin.get("with") or {})
    steps = _until(other["steps"], begin["until"], path)
    if BEGIN in other:
        first = _before(other[BEGIN], path.parent, read, seen | {path})
        other = {"clock": first.get("clock")} | other
        other["actors"] = first["actors"] | (other.get("actors") or {})
        steps = [*first["steps"], *steps]
    return other | {"steps": [act for step in steps if (act := _act(step))]}


def _with_given(raw: Mapping[str, Any], wanted: Any) -> dict[str, Any]:
    """Values take the places of the names under `given`."""
    rest = {key: value for key, value in raw.items() if key != GIVEN}
    given = raw.get(GIVEN) or {}
    if not isinstance(given, dict) or not isinstance(wanted, dict):
        raise CannotBegin(
            "write a mapping of names to values", GIVEN if not isinstance(given, dict) else BEGIN
        )
    for name in wanted:
        if name not in given:
            raise CannotBegin(
                f"nothing is given as {name!r}{near(str(name), given)}", BEGIN, "with", str(name)
            )
    used = set(re.findall(r"\{(\w+)\}", repr(rest)))
    if unused := sorted(given.keys() - used):
        raise CannotBegin(f"given but used by no step: {', '.join(unused)}", GIVEN, unused[0])
    values = {
        name: changed(value, wanted[name]) if name in wanted else value for name, value in given.items()
    }
    filled_in: dict[str, Any] = filled(rest, values)
    return filled_in


def changed(value: Any, change: Any) -> Any:
    """A mapping keeps what the change does not name; `null` removes; anything else replaces the value."""
    if not isinstance(value, dict) or not isinstance(change, dict):
        return change
    kept = {key: inner for key, inner in value.items() if key not in change}
    new = {key: changed(value.get(key), inner) for key, inner in change.items() if inner is not None}
    return kept | new


def _until(steps: Any, until: str, path: Path) -> list[Any]:
    abouts = [step.get("about", "") for step in steps]
    if until not in abouts:
        raise CannotBegin(f"{path.name} has no step about {until!r}{near(until, abouts)}", BEGIN, "until")
    return list(steps[: abouts.index(until) + 1])


def _act(step: Mapping[str, Any]) -> dict[str, Any]:
    """What changes something. A refusal and a look do not, but the clock may have moved before them."""
    refused = any(int(expect.get("status") or 0) >= 400 for expect in step.get("expect") or [])
    looked = "GET" in (step.get("send") or {})
    if refused or (looked and not step.get("save")):
        return {"about": step.get("about", ""), "at": step["at"]} if "at" in step else {}
    return {key: value for key, value in step.items() if key != "expect"}


def _needed(acts: Sequence[dict[str, Any]], steps: Any) -> list[dict[str, Any]]:
    """Without the names that no later step uses."""
    used = set(re.findall(r"\{(\w+)\}", repr((acts, steps))))
    return [
        act | {"save": {name: where for name, where in act["save"].items() if name in used}}
        if "save" in act
        else act
        for act in acts
    ]


def schema_of_begin() -> dict[str, Any]:
    """For editors."""
    return {
        "description": "goes on where another story stands after a step; only its acts are played",
        "type": "object",
        "properties": {
            "scenario": {"type": "string", "description": "a file beside this one, without .yaml"},
            "until": {"type": "string", "description": "what its last step is about"},
            "with": {"type": "object", "description": f"changes of what it has under `{GIVEN}`"},
        },
        "required": ["scenario", "until"],
        "additionalProperties": False,
    }
