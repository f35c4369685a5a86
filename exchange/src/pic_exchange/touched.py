"""Which scenario walks along which arrow of a state machine, and why nobody walks along the others.

`python -m pic_exchange.touched RECORDING...` writes it anew from recordings (`pic replay --record`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from pic_exchange.transitions import Transition, drawn, walked
from pic_replay.recording import read_recording

FILE = Path(str(files("pic_exchange").joinpath("touched.yaml")))
HEAD = """# Every arrow of docs/states.md: the scenario that walks along it, or the reason why none does.
# The scenarios are written by `python -m pic_exchange.touched RECORDING...`, the reasons by hand.
"""


def touched() -> dict[str, str]:
    """Arrow -> scenario."""
    return dict(_content()["touched"])


def reasons() -> dict[str, str]:
    """Arrow -> why no scenario walks along it."""
    return dict(_content()["untouched"])


def claims_of(scenario: str) -> set[str]:
    """The arrows that this scenario is said to walk along."""
    return {arrow for arrow, name in touched().items() if name == scenario}


@cache
def _content() -> Any:
    return yaml.safe_load(FILE.read_text("utf-8"))


def coverage_of(outcomes: Iterable[tuple[str, Iterable[Mapping[str, Any]]]]) -> dict[Transition, list[str]]:
    """Arrow -> scenarios, of those that are drawn."""
    known, found = drawn(), dict[Transition, list[str]]()
    for name, events in outcomes:
        for transition in sorted(walked(events) & known):
            found.setdefault(transition, []).append(name)
    return found


def told(outcomes: Iterable[tuple[str, Iterable[Mapping[str, Any]]]]) -> list[str]:
    """For the page of coverage: a figure, then the arrows that are left, each with its reason."""
    found, known, why = coverage_of(outcomes), drawn(), reasons()
    left = [str(arrow) for arrow in sorted(known - set(found))]
    figure = f"{len(found)} of {len(known)} transitions of the state machines (docs/states.md)."
    return [figure, "", *(f"- {arrow}{': ' + why[arrow] if arrow in why else ''}" for arrow in left)]


def lines(found: Mapping[Transition, list[str]], kept: Mapping[str, str], small: Mapping[str, int]) -> str:
    """The file: of several scenarios the shortest; a reason only where there is no scenario."""
    table = {
        str(arrow): min(names, key=lambda name: (small.get(name, 0), name)) for arrow, names in found.items()
    }
    text = HEAD + "touched:\n"
    text += "".join(f"  {json.dumps(arrow)}: {name}\n" for arrow, name in sorted(table.items()))
    left = sorted(str(arrow) for arrow in drawn() if str(arrow) not in table)
    text += "untouched:" + ("\n" if left else " {}\n")
    return text + "".join(f"  {json.dumps(arrow)}: {json.dumps(kept.get(arrow, ''))}\n" for arrow in left)


def main(paths: list[str]) -> int:
    """Write the file from recordings."""
    worlds = [world for path in paths for world in read_recording(Path(path)).worlds.items()]
    recorded = {name: told_.events for name, told_ in worlds}
    sizes = {name: len(events) for name, events in recorded.items()}
    kept = reasons() if FILE.exists() else {}
    FILE.write_text(lines(coverage_of(recorded.items()), kept, sizes), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
