"""A story that begins with another: its acts, clock and actors, with changes; mistakes with line and name."""

from __future__ import annotations

from pathlib import Path

import pytest

from pic_replay.begin import changed
from pic_replay.scenario import ScenarioError, load_scenario

FIRST = """\
scenario: first-story
about: A draft becomes a notification.
given:
  notification: {block_5: {quantity: {value: "25", unit: t}}, block_13: {codes: ["2"]}}
clock: 2026-06-01
actors:
  exporter: {seat: exporter, state: CA, agency: CA-PLASTIX}
steps:
  - about: A draft
    as: exporter
    send: {POST: /notifier/v1/notifications, body: "{notification}"}
    save: {case: $.case}
    expect: [{event: pic.notification.drafted.v1}]
  - about: Nobody may look yet
    at: +1d
    as: exporter
    send: {GET: "/v1/cases/{case}"}
    expect: [{status: 404}]
  - about: It is submitted
    as: exporter
    send: {POST: "/notifier/v1/notifications/{case}/submission"}
    save: {number: $.number}
  - about: It is withdrawn
    as: exporter
    send: {POST: "/notifier/v1/notifications/{number}/withdrawal"}
"""
SECOND = """\
scenario: second-story
about: What was submitted can be changed.
begin:
  scenario: first-story
  until: It is submitted
  with:
    notification: {block_5: {quantity: {value: "50"}}, block_13: null}
actors:
  authority: {seat: competent-authority, state: CA, agency: CA001}
steps:
  - as: authority
    send: {POST: "/notifier/v1/notifications/{case}/carried-out"}
    expect: [{event: pic.notification.carried-out.v1}]
"""


def written(folder: Path, second: str = SECOND, first: str = FIRST) -> Path:
    (folder / "first-story.yaml").write_text(first, "utf-8")
    file = folder / "second-story.yaml"
    file.write_text(second, "utf-8")
    return file


def test_the_acts_of_the_other_story_come_first_and_nothing_is_expected_of_them(tmp_path: Path) -> None:
    story = load_scenario(written(tmp_path))
    assert [step.about for step in story.steps] == ["A draft", "Nobody may look yet", "It is submitted", ""]
    assert [len(step.expect) for step in story.steps] == [0, 0, 0, 1]
    assert story.steps[1].send is None, "a look that was refused changes nothing"
    assert story.steps[1].at == "+1d", "but the clock moved before it"
    assert story.steps[2].save == {}, "nobody needs the number here"
    assert (story.clock.isoformat()[:10], set(story.actors)) == ("2026-06-01", {"exporter", "authority"})


def test_what_is_given_is_changed_in_part(tmp_path: Path) -> None:
    send = load_scenario(written(tmp_path)).steps[0].send
    assert send is not None
    assert send.body == {"block_5": {"quantity": {"value": "50", "unit": "t"}}}


def test_the_other_story_is_played_by_itself_as_it_is_given(tmp_path: Path) -> None:
    written(tmp_path)
    story = load_scenario(tmp_path / "first-story.yaml")
    assert len(story.steps) == 4
    assert story.steps[0].send is not None
    assert story.steps[0].send.body["block_13"] == {"codes": ["2"]}


def test_only_the_other_storys_steps_are_hurried_past_and_never_its_last(tmp_path: Path) -> None:
    story = load_scenario(written(tmp_path))
    assert [story.hurries_past(number) for number in (1, 2, 3, 4)] == [True, False, False, False]


def test_a_change_of_a_mapping_keeps_the_rest_and_null_removes() -> None:
    assert changed({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": 5}, "d": None}) == {"a": {"b": 5, "c": 2}}
    assert changed([1, 2], [3]) == [3]
    assert changed("text", {"a": 1}) == {"a": 1}


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("scenario: first", "scenario: frst", "line 4: begin/scenario: no scenario 'frst-story'"),
        ("scenario: first", "scenario: frst", "did you mean 'first-story'?"),
        ("It is submitted", "It is submited", "line 5: begin/until: first-story.yaml has no step about"),
        ("It is submitted", "It is submited", "did you mean 'It is submitted'?"),
        ("    notification:", "    notifcation:", "line 7: begin/with/notifcation: nothing is given as"),
        ("    notification:", "    notifcation:", "did you mean 'notification'?"),
        ("  with:", "  whit:", "begin/whit: no 'whit' here; did you mean 'with'?"),
        ("begin:", "beginn:", "line 4: beginn: Extra inputs are not permitted; did you mean 'begin'?"),
        ("    expect: [", "    exect: [", "line 13: steps/1/exect: Extra inputs"),
    ],
)
def test_a_mistake_is_told_with_line_and_nearest_name(
    tmp_path: Path, right: str, wrong: str, told: str
) -> None:
    assert right in SECOND
    with pytest.raises(ScenarioError) as caught:
        load_scenario(written(tmp_path, SECOND.replace(right, wrong, 1)))
    assert told in str(caught.value)


def test_a_story_cannot_begin_with_itself_or_give_what_nobody_uses(tmp_path: Path) -> None:
    own = SECOND.replace("scenario: first-story", "scenario: second-story").replace(
        '  with:\n    notification: {block_5: {quantity: {value: "50"}}, block_13: null}\n', ""
    )
    with pytest.raises(ScenarioError, match="has no step about"):
        load_scenario(written(tmp_path, own))
    idle = FIRST.replace("given:\n", "given:\n  port: CAMTR\n")
    with pytest.raises(ScenarioError, match="given but used by no step: port"):
        load_scenario(written(tmp_path, SECOND, idle))
