"""The library as pages: every link leads somewhere, and a diagram shows who heard what."""

from __future__ import annotations

import re
from typing import Any

from pic_replay.diagram import drawn
from pic_replay.expectations import Failure
from pic_replay.generate import PAGES
from pic_replay.pages import INDEX
from pic_replay.runner import Outcome
from pic_replay.scenario import load_scenario
from tests.support.exchanges import SCENARIOS, scenario_path


def said(type_: str, sender: str, recipients: str, **data: Any) -> dict[str, Any]:
    whence = {"source": f"/x/{sender}", "sequence": 1, "time": "2026-06-01T00:00:00Z", "case": "c"}
    return {"type": type_, "sender": sender, "recipients": recipients, "data": data, **whence}


def objection(*failures: Failure) -> Outcome:
    """The exporter submits, the authority of import objects, the offices of its State hear of it."""
    outcome = Outcome(load_scenario(scenario_path("s03-objection")), failures=list(failures))
    by = "BE/competent-authority/BE001"
    outcome.said = [[] for _ in range(7)]
    outcome.said += [
        [said("pic.decision.taken.v1", by, "CA/customs/*,FR/customs/FRLEH001", verdict="objection")]
    ]
    return outcome


def test_every_link_of_a_page_leads_to_a_file() -> None:
    links = {
        (page.name, link)
        for page in PAGES.glob("*.md")
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8"))
    }
    assert [found for found in links if not (PAGES / found[1]).is_file()] == []


def test_the_index_names_every_scenario_file_once() -> None:
    listed = re.findall(r"^- \[([^]]+)\]", (PAGES / INDEX).read_text("utf-8"), re.MULTILINE)
    files = [*SCENARIOS.glob("*.yaml"), *SCENARIOS.glob("tables/*.yaml")]
    assert sorted(listed) == sorted(path.stem for path in files)


def test_all_offices_of_a_state_hear_what_is_told_to_its_customs() -> None:
    picture = drawn(objection())
    assert "decision taken: objection" in picture
    assert picture.count('class="hearer"') == 1, "Canada's office, and no lane for who takes no part"


def test_a_refusal_reaches_nobody_and_names_its_rule() -> None:
    picture = drawn(objection())
    assert "refused: 409 STATE_FORBIDS" in picture
    assert picture.count('class="cross"') == 2, "and the ground that the law does not know"


def test_the_step_that_failed_stands_out_and_what_comes_after_is_not_drawn() -> None:
    picture = drawn(objection(Failure(8, "event x", "none")))
    assert "FAILED  8" in picture
    assert "Canada cannot permit" not in picture
    assert 'class="bad"' not in drawn(objection())
