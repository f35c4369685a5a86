"""The workshop's exercises: each change of the story is noticed by whom the guide names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pic_exchange.demo import own_exchange
from pic_replay.exchange import Exchange
from pic_replay.runner import Outcome, Runner
from pic_replay.scenario import load_scenario
from tests.support.exchanges import SCENARIOS, SECRET, scenario_path

Change = Callable[[str], str]
BY_WHOM = {
    "the permit is left out": (
        lambda s: without(s, "Canada issues the export permit"),
        10,
        "PERMIT_REQUIRED",
    ),
    "26 t are declared": (lambda s: s.replace("net_kg: 25000", "net_kg: 26000", 1), 12, "CH07"),
    "another code": (lambda s: s.replace("basel_code: Y48", "basel_code: B3011", 1), 12, "'held'"),
    "the load never enters": (lambda s: without(unsaved(s), "The load enters Belgium"), 16, "first: entry"),
}


def without(story: str, about: str) -> str:
    """The story without the step of that name."""
    start = story.index(f"  - about: {about}")
    return story[:start] + story[story.index("  - about: ", start + 1) :]


def unsaved(story: str) -> str:
    return story.replace("    save: {import_declaration: $.declaration_id}\n", "")


async def play_changed(change: Change, folder: Path) -> Outcome:
    story = scenario_path("s01-single-shipment").read_text("utf-8")
    assert change(story) != story
    (folder / "documents").symlink_to(SCENARIOS / "documents")
    (folder / "exercise.yaml").write_text(change(story), "utf-8")
    async with own_exchange(folder / "data", secret=SECRET) as url, Exchange(url, SECRET) as exchange:
        return await Runner(exchange, load_scenario(folder / "exercise.yaml")).play()


@pytest.mark.slow
@pytest.mark.parametrize("exercise", BY_WHOM)
async def test_a_changed_story_is_noticed_at_the_step_the_guide_names(exercise: str, tmp_path: Path) -> None:
    change, step, words = BY_WHOM[exercise]
    outcome = await play_changed(change, tmp_path)
    assert [failure.step for failure in outcome.failures[:1]] == [step]
    assert words in str(outcome.failures[0])
