"""The scenarios as pages: what each tells, who takes part, its steps, what it guards; and an index."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from pic_law.rules import rules
from pic_replay.begin import BEGIN
from pic_replay.diagram import in_words
from pic_replay.parts import Expect
from pic_replay.scenario import load_scenarios, read_yaml
from pic_replay.shape import DAYS_AFTER, Scenario, Step

CHAPTERS = Path(__file__).with_name("chapters.yaml")
PICTURES = "pictures"
INDEX = "README.md"
MADE = "Made by `make schemas` from the scenario files; do not edit."


@dataclass(frozen=True, slots=True)
class Story:
    """A scenario file: one scenario, or one for each case of its table."""

    path: Path
    scenarios: Sequence[Scenario]

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def first(self) -> Scenario:
        return self.scenarios[0]


def stories(folder: Path) -> list[Story]:
    """Every file of the library and its tables. Raises ScenarioError."""
    paths = sorted([*folder.glob("*.yaml"), *folder.glob("tables/*.yaml")], key=lambda path: path.stem)
    return [Story(path, load_scenarios(path)) for path in paths]


def pages(found: Sequence[Story], root: Path) -> dict[str, str]:
    """File name -> text, for the folder docs/scenarios below `root`."""
    return {INDEX: _index(found)} | {f"{story.name}.md": "\n".join(_page(story, root)) for story in found}


def _index(found: Sequence[Story]) -> str:
    lines = [
        "# The scenarios",
        "",
        f"{sum(len(story.scenarios) for story in found)} scenarios in {len(found)} files. Each page tells",
        "one as a story, draws who said what to whom, and names the rules that decide it.",
        f"{MADE} How to write one: [testers](../testers.md).",
    ]
    for title, those in _chapters(found):
        lines += ["", f"## {title}", "", *[_entry(story) for story in those]]
    return "\n".join(lines) + "\n"


def _entry(story: Story) -> str:
    cases = f" ({len(story.scenarios)} cases)" if len(story.scenarios) > 1 else ""
    return f"- [{story.name}]({story.name}.md){cases}: {_about(story)}"


def _about(story: Story) -> str:
    """Of a table with the names of its columns."""
    about = " ".join(str(read_yaml(story.path)["about"]).split())
    return re.sub(r"\{(\w+)\}", r"*\1*", about)


def _chapters(found: Sequence[Story]) -> Iterator[tuple[str, list[Story]]]:
    chapters = yaml.safe_load(CHAPTERS.read_text("utf-8"))
    title_of = {beginning: chapter["title"] for chapter in chapters for beginning in chapter["begin"]}
    titles = [*(str(chapter["title"]) for chapter in chapters), "Further stories"]
    placed: dict[str, list[Story]] = {title: [] for title in titles}
    for story in found:
        fitting = [beginning for beginning in title_of if story.name.startswith(beginning)]
        placed[title_of[max(fitting, key=len)] if fitting else "Further stories"].append(story)
    yield from ((title, those) for title, those in placed.items() if those)


def _page(story: Story, root: Path) -> Iterator[str]:
    file = story.path.relative_to(root).as_posix()
    yield from (f"# {story.name}", "", _about(story), "")
    yield f"`pic replay {file}` plays [the file](../../{file}). {MADE}"
    if begin := read_yaml(story.path).get(BEGIN):
        yield from ("", _beginning(begin, story, root))
    if len(story.scenarios) > 1:
        yield from ("", f"A table of {len(story.scenarios)} cases; this page tells the first.", "")
        yield from (f"- {one.name}" for one in story.scenarios)
    yield from ("", "## Who", "", "| Who | Seat | State | Agency |", "| --- | --- | --- | --- |")
    for name, actor in story.first.actors.items():
        yield f"| {name} | {actor.seat} | {actor.state} | {actor.agency} |"
    yield from ("", "## What happens", "")
    yield from _steps(story.first)
    yield from ("", "## Who said what to whom", "", f"![{story.first.name}]({_picture(story.first)})", "")
    yield from ("## What it guards", "")
    yield from _guards(story.first)
    yield ""


def _picture(scenario: Scenario) -> str:
    """Drawn by `pic replay --diagrams` from what was said."""
    return f"{PICTURES}/{scenario.name}.svg"


def _beginning(begin: dict[str, Any], story: Story, root: Path) -> str:
    name = str(begin["scenario"])
    other = (story.path.parent / f"{name}.yaml").resolve()
    if not other.is_file():
        return "Where a case of the table begins stands in the table."
    page = f"{other.stem}.md" if other.parent != root / "scenarios" / "preludes" else ""
    told = f"[{other.stem}]({page or f'../../{other.relative_to(root).as_posix()}'})"
    return f"It goes on from {told}, after: *{begin['until']}*."


def _steps(scenario: Scenario) -> Iterator[str]:
    day = scenario.clock
    for number, step in enumerate(scenario.steps, 1):
        when, day = _day(step, scenario.clock, day)
        if number > scenario.others:
            who = f", {step.as_}" if step.as_ and step.about else ""
            yield f"{number - scenario.others}. **{when}{who}**: {step.title}{_seen(step.expect)}"


def _day(step: Step, start: datetime, before: datetime) -> tuple[str, datetime]:
    if step.at is None:
        return f"{before:%Y-%m-%d}", before
    if step.at == "next-deadline":
        return "the next deadline", before
    after = DAYS_AFTER.match(step.at)
    day = start + timedelta(days=int(after[1])) if after else datetime.fromisoformat(step.at)
    return f"{day:%Y-%m-%d}", day


def _seen(expected: Sequence[Expect]) -> str:
    """What must be seen, in words: refusals with their rules, messages, states."""
    refused = [str(expect.status) for expect in expected if (expect.status or 0) >= 400]
    reasons = [f"`{expect.reason}`" for expect in expected if expect.reason]
    said = [in_words(expect.event, expect.with_ or {}) for expect in expected if expect.event]
    silent = [f"no *{in_words(expect.no_event, {})}*" for expect in expected if expect.no_event]
    states = [f"the case is {state}" for expect in expected if (state := _state(expect))]
    due = [f"next deadline {expect.deadline}" for expect in expected if expect.deadline]
    parts = [*refused, *reasons, *(f"*{one}*" for one in said), *silent, *states, *due]
    return f" → {', '.join(parts)}" if parts else ""


def _state(expect: Expect) -> str:
    return str((expect.with_ or {}).get("state", "")) if expect.case is not None else ""


def _guards(scenario: Scenario) -> Iterator[str]:
    known = rules()
    for guard in scenario.guards:
        rule = known.get(guard)
        yield f"- `{guard}`" + (f": {rule.title} ({rule.article})" if rule else "")
    if not scenario.guards:
        yield "It names no rule that decides it: it shows how a case goes on."
