"""Write docs/states.md from the tables of the state machines, or `--check` that it is what they say."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from consent.domain.states import GATE
from customs_gateway.domain.states import ANY_DIRECTION, PROCEDURE
from notifier.domain.life import LIFE
from pic_law.desk import DESK

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)
FILE = Path(__file__).resolve().parents[3] / "docs" / "states.md"

HEAD = """# State machines

Made by `python -m pic_exchange.diagrams` from the tables in the code; do not edit. An arrow is an act or a
message that leads on; what leaves a state as it is stands in the table below the first diagram.
"""


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one state to another by an act."""

    before: str
    after: str
    act: str


def notification() -> Iterator[Arrow]:
    """In the State of export: `notifier/domain/life.py`."""
    for step in LIFE:
        for before in step.before:
            if step.after is not None and step.after is not before:
                yield Arrow(before, step.after, step.act)


def desk() -> Iterator[Arrow]:
    """At each authority that was asked, on the exchange or on paper: `pic_law/desk.py`."""
    yield from _of_table(DESK)


def shipment() -> Iterator[Arrow]:
    """On its way to the facility: `consent/domain/states.py`."""
    yield from _of_table(GATE)


def declaration() -> Iterator[Arrow]:
    """At a customs office, with inspection, detention and report: `customs_gateway/domain/declaration.py`."""
    for (before, act), step in PROCEDURE.items():
        only = "" if step.directions == ANY_DIRECTION else f" ({', '.join(sorted(step.directions))})"
        if step.to is not before:
            yield Arrow(before, step.to, f"{act}{only}")


MACHINES = {
    "A notification": notification,
    "A notification at one authority's desk": desk,
    "A shipment at the facility": shipment,
    "A customs declaration, with its enforcement": declaration,
}


def page() -> str:
    """The whole document."""
    parts = [HEAD]
    for title, machine in MACHINES.items():
        where = (machine.__doc__ or "").strip()
        parts.append(f"## {title}\n\n{where}\n\n{diagram(machine())}")
        parts += [_acts()] if machine is notification else []
    return "\n".join(parts)


def diagram(arrows: Iterable[Arrow]) -> str:
    """One arrow for each pair of states, with every act that leads along it."""
    acts: dict[tuple[str, str], list[str]] = {}
    for arrow in arrows:
        acts.setdefault((arrow.before, arrow.after), []).append(arrow.act)
    lines = [f"  {before} --> {after}: {', '.join(along)}" for (before, after), along in acts.items()]
    return "\n".join(("```mermaid", "stateDiagram-v2", *lines, "```", ""))


def _acts() -> str:
    rows = [
        f"| {step.act} | {', '.join(step.before)} | {step.after or 'the same'} | {step.basis} |"
        for step in LIFE
    ]
    return "\n".join(("| Act | Possible in | Leads to | Basis |", "|---|---|---|---|", *rows, ""))


def _of_table(table: Mapping[S, Mapping[A, S]]) -> Iterator[Arrow]:
    for before, acts in table.items():
        for act, after in acts.items():
            if after is not before:
                yield Arrow(before, after, act)


def drifted(file: Path = FILE) -> bool:
    """Whether the page is missing or not what the tables say."""
    return not file.exists() or file.read_text("utf-8") != page()


def main(arguments: list[str]) -> int:
    """Write the page, or compare it."""
    if "--check" not in arguments:
        FILE.write_text(page(), encoding="utf-8", newline="\n")
        return 0
    if drifted():
        print(f"{FILE} is not what the tables say; run python -m pic_exchange.diagrams")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
