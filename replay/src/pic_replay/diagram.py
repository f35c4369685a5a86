"""A played scenario as a sequence diagram, one SVG: a lane for every party, a row for every message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import Any

from pic_replay.canonical import Event, in_order
from pic_replay.runner import Outcome
from pic_replay.shape import Scenario, Step

LANE, LEFT, ROW, HEAD = 136, 76, 30, 56
NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'
FAILED = "FAILED  "
LETTER = 6.4  # the width of one, about
STYLE = """
.seq text{font:12px system-ui,sans-serif;fill:#1f2328}.seq .party{font-weight:600;text-anchor:middle}
.seq .seat{text-anchor:middle;fill:#59636e}.seq .life{stroke:#d1d9e0;stroke-dasharray:3 3}
.seq .band{fill:#eef1f4}.seq .bad{fill:#ffdcd7}.seq .told{stroke:#0969da}.seq .speaker{fill:#0969da}
.seq .hearer{fill:#fff;stroke:#0969da;stroke-width:1.5}
.seq .halo{stroke:#fff;stroke-width:4;paint-order:stroke}
.seq .cross{stroke:#d1242f;stroke-width:2}.seq text.refused{fill:#d1242f}
@media(prefers-color-scheme:dark){.seq text{fill:#e6edf3}.seq .seat{fill:#9198a1}.seq .life{stroke:#3d444d}
.seq .band{fill:#21262d}.seq .bad{fill:#5d1a17}.seq .told{stroke:#4493f8}.seq .speaker{fill:#4493f8}
.seq .hearer{fill:#0d1117;stroke:#4493f8}.seq .halo{stroke:#0d1117}.seq .cross{stroke:#f85149}
.seq text.refused{fill:#f85149}}
"""


@dataclass(frozen=True, slots=True)
class Lane:
    """A party: what the scenario calls it, and its seat."""

    address: str
    name: str

    @property
    def seat(self) -> str:
        state, role, *_ = self.address.split("/")
        return f"{state} {role.removeprefix('competent-')}"


def drawn(outcome: Outcome, *, alone: bool = True) -> str:
    """The steps in their order, each with the messages that it led to and the rules it was refused under.

    Inside a page of HTML, and not `alone`, it needs no name of its language.
    """
    scenario = outcome.scenario
    lanes = _lanes(scenario, outcome.said)
    width = LEFT + LANE * len(lanes)
    y, rows = HEAD, []
    for title, step, said in _steps(outcome):
        band, tall = _band(title, width, y, failed=title.startswith(FAILED))
        rows.append(band)
        y += tall
        for row in (*_refusal(scenario, step, lanes), *_messages(said, lanes)):
            rows.append(f'<g transform="translate(0 {y})">{row}</g>')
            y += ROW
    name = escape(f"{scenario.name}: who said what to whom")
    return (
        f'<svg{NAMESPACE if alone else ""} width="{width}" height="{y + 8}" '
        f'viewBox="0 0 {width} {y + 8}" class="seq" role="img"><title>{name}</title><style>{STYLE}</style>\n'
        + "\n".join([*_heads(lanes, y), *rows])
        + "\n</svg>\n"
    )


def write_diagrams(outcomes: Iterable[Outcome], folder: Path) -> None:
    """One file for each scenario, named after it."""
    folder.mkdir(parents=True, exist_ok=True)
    for outcome in outcomes:
        (folder / f"{outcome.name}.svg").write_text(drawn(outcome), "utf-8", newline="\n")


def _lanes(scenario: Scenario, said: Sequence[Sequence[Event]]) -> list[Lane]:
    """The actors as the file names them, then whoever else speaks."""
    names = {actor.address: name for name, actor in scenario.actors.items()}
    events = [event for those in said for event in _of_cases(those)]
    speakers = {event["sender"] for event in events}
    acting = {scenario.actors[name].address for step in scenario.steps for name in step.actors()}
    present = [a for a in names if a in speakers | acting or any(_hears(a, event) for event in events)]
    others = sorted(speakers - names.keys())
    return [Lane(address, names.get(address, address.rsplit("/", 1)[1])) for address in [*present, *others]]


def _hears(address: str, event: Event) -> bool:
    """All customs offices of a State hear what is told to `BE/customs/*`."""
    told = str(event["recipients"]).split(",")
    return address in told or f"{address.rsplit('/', 1)[0]}/*" in told


def _of_cases(events: Iterable[Event]) -> list[Event]:
    return in_order(event for event in events if event.get("case"))


def _steps(outcome: Outcome) -> Iterator[tuple[str, Step | None, list[Event]]]:
    """What another story tells is one band; then each step of this one, as far as it went."""
    scenario, said, others = outcome.scenario, outcome.said, outcome.scenario.others
    failed = {failure.step for failure in outcome.failures}
    if others:
        yield "What the story begins with", None, _of_cases(e for events in said[:others] for e in events)
    for number, (step, events) in enumerate(zip(scenario.steps[others:], said[others:], strict=False), 1):
        moment = step.moment(scenario.clock)
        day = f"{'next deadline' if moment == 'next-deadline' else moment[:10]}: " if moment else ""
        word = FAILED if others + number in failed else ""
        yield f"{word}{number}  {day}{step.title}", step, _of_cases(events)


def _heads(lanes: Sequence[Lane], bottom: int) -> Iterator[str]:
    for place, lane in enumerate(lanes):
        x = _x(place)
        yield f'<text class="party" x="{x}" y="18">{escape(lane.name)}</text>'
        yield f'<text class="seat" x="{x}" y="36">{escape(lane.seat)}</text>'
        yield f'<line class="life" x1="{x}" x2="{x}" y1="44" y2="{bottom}"/>'


def _x(place: int) -> int:
    return LEFT + LANE * place


def _band(title: str, width: int, y: int, *, failed: bool) -> tuple[str, int]:
    lines = wrap(title, int((width - 16) / LETTER)) or [""]
    tall = 12 + 16 * len(lines)
    words = "".join(
        f'<text x="8" y="{y + 14 + 16 * n}">{escape(line)}</text>' for n, line in enumerate(lines)
    )
    kind = "bad" if failed else "band"
    return f'<rect class="{kind}" x="0" y="{y}" width="{width}" height="{tall - 6}"/>{words}', tall


def _refusal(scenario: Scenario, step: Step | None, lanes: Sequence[Lane]) -> Iterator[str]:
    """A refused request reaches nobody: a cross on the lane of who asked."""
    if step is None or step.as_ is None:
        return
    refused = [expect.status for expect in step.expect if (expect.status or 0) >= 400]
    if not refused:
        return
    x = _x(_place(scenario.actors[step.as_].address, lanes))
    rules = ", ".join(expect.reason for expect in step.expect if expect.reason)
    yield f'<path class="cross" d="M{x - 5} 10l10 10m0 -10l-10 10"/>' + _words(
        x, f"refused: {refused[0]} {rules}".strip(), lanes, "refused"
    )


def _messages(events: Iterable[Event], lanes: Sequence[Lane]) -> Iterator[str]:
    for event in events:
        speaker = _place(event["sender"], lanes)
        hearing = {place for place, lane in enumerate(lanes) if _hears(lane.address, event)}
        told = sorted(hearing - {speaker})
        reach = [_x(place) for place in (*told, speaker)]
        line = f'<line class="told" x1="{min(reach)}" x2="{max(reach)}" y1="20" y2="20"/>'
        hears = "".join(f'<circle class="hearer" cx="{_x(place)}" cy="20" r="4.5"/>' for place in told)
        says = f'<circle class="speaker" cx="{_x(speaker)}" cy="20" r="5"/>'
        yield line + hears + says + _words(_x(speaker), in_words(event["type"], event["data"]), lanes)


def _words(x: int, text: str, lanes: Sequence[Lane], kind: str = "") -> str:
    """Beside its mark, on the other side where the page ends."""
    end = LEFT + LANE * len(lanes)
    y = 16 if kind else 13
    if x + 10 + LETTER * len(text) > end:
        return f'<text class="halo {kind}" x="{x - 10}" y="{y}" text-anchor="end">{escape(text)}</text>'
    return f'<text class="halo {kind}" x="{x + 10}" y="{y}">{escape(text)}</text>'


def _place(address: str, lanes: Sequence[Lane]) -> int:
    return next(place for place, lane in enumerate(lanes) if lane.address == address)


def in_words(type_: str, data: Mapping[str, Any]) -> str:
    """`pic.decision.taken.v1` as it is said: decision taken: consent."""
    noun, verb = type_.split(".")[1:3]
    verdict = f": {data['verdict']}" if isinstance(data.get("verdict"), str) else ""
    return f"{noun} {verb}{verdict}".replace("-", " ")
