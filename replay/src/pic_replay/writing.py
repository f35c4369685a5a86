"""A scenario as a file again: includes stand in it, files beside it."""

from __future__ import annotations

from mimetypes import guess_extension
from pathlib import Path
from typing import Any

import yaml

from pic_replay.parts import Send, SentFile
from pic_replay.shape import Scenario, Step


class _Dumper(yaml.SafeDumper):
    """`!file` for what was sent as a file; it is written beside."""

    beside: Path
    files: int


def _file(dumper: _Dumper, file: SentFile) -> yaml.Node:
    dumper.files += 1
    ending = guess_extension(file.media_type) or ".bin"
    path = dumper.beside.with_name(f"{dumper.beside.stem}-{dumper.files}{ending}")
    path.write_bytes(file.content)
    return dumper.represent_scalar("!file", path.name)


_Dumper.add_representer(SentFile, _file)


def write_scenario(scenario: Scenario, path: Path) -> None:
    """So that `load_scenario` reads the same."""
    raw: dict[str, Any] = {
        "scenario": scenario.scenario,
        "about": scenario.about,
        "clock": scenario.clock.isoformat(),
        "actors": {name: actor.model_dump() for name, actor in scenario.actors.items()},
        "steps": [_step(step) for step in scenario.steps],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        dumper = _Dumper(file, sort_keys=False, allow_unicode=True, width=110)
        dumper.beside, dumper.files = path, 0
        try:
            dumper.open()
            dumper.represent(raw)
            dumper.close()
        finally:
            dumper.dispose()


def _step(step: Step) -> dict[str, Any]:
    found: dict[str, Any] = step.model_dump(by_alias=True, exclude_defaults=True, exclude={"send"})
    if step.send is None:
        return found
    rest = {name: value for name, value in found.items() if name not in ("save", "expect")}
    after = {name: found[name] for name in ("save", "expect") if name in found}
    return rest | {"send": _send(step.send)} | after


def _send(send: Send) -> dict[str, Any]:
    found: dict[str, Any] = {send.method: send.path}
    if send.body is not None:
        found["body"] = send.body
    return found | ({"dry_run": True} if send.dry_run else {})
