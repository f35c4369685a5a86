"""The page of what no scenario touches: a message that was said and a rule that refused are not on it."""

from __future__ import annotations

from pathlib import Path

from pic_replay.coverage import write_coverage
from pic_replay.runner import Outcome
from pic_replay.scenario import load_scenario
from tests.support.exchanges import scenario_path


def test_what_was_said_or_refused_is_not_on_the_page(tmp_path: Path) -> None:
    checks = [{"id": "CH03", "outcome": "fail"}, {"id": "CH04", "outcome": "pass"}]
    outcome = Outcome(
        load_scenario(scenario_path("s03-objection")),
        events=[{"type": "pic.customs.refused.v1", "data": {"checks": checks}}],
        refusals={"GROUND_NOT_OPEN"},
        cases=[{"state": "OBJECTED"}],
    )
    write_coverage([outcome], tmp_path / "page.md")
    page = (tmp_path / "page.md").read_text("utf-8")
    assert "states OBJECTED." in page
    assert "- `pic.notification.closed.v1`: " in page
    assert "- `pic.customs.refused.v1`" not in page
    assert "- `CH04`: " in page
    assert not any(f"- `{rule}`" in page for rule in ("CH03", "GROUND_NOT_OPEN"))


def test_a_rule_that_is_met_and_guarded_by_no_scenario_is_told(tmp_path: Path) -> None:
    story = load_scenario(scenario_path("s03-objection"))
    write_coverage([Outcome(story, refusals={"GROUND_NOT_OPEN", "STATE_FORBIDS"})], tmp_path / "page.md")
    unguarded = (
        (tmp_path / "page.md").read_text("utf-8").partition("## Rules that some meet and none guards")[2]
    )
    assert "- `STATE_FORBIDS`: " in unguarded
    assert "GROUND_NOT_OPEN" not in unguarded, "s03-objection guards it"
