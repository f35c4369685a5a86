"""Reports of a run: JUnit, JSON and one HTML page that loads nothing."""

from __future__ import annotations

import json
from pathlib import Path

from pic_replay.expectations import Failure
from pic_replay.html_report import write_html
from pic_replay.json_report import write_json
from pic_replay.runner import Outcome
from pic_replay.scenario import load_scenario
from tests.support.exchanges import scenario_path

ENTRY = {
    "time": "2026-06-01T00:00:00Z",
    "who": "CA/exporter/CA-PLASTIX",
    "to": ["CA/competent-authority/CA001"],
    "summary": "<b>Drafted</b>",
    "why": "Article 4",
}


def outcomes() -> list[Outcome]:
    passed = Outcome(load_scenario(scenario_path("s03-objection")), world="r-1", digest="d")
    passed.steps_done = len(passed.steps)
    passed.cases = [{"case": "c", "number": "CA 0000 000001", "state": "DRAFT", "timeline": [ENTRY]}]
    failed = Outcome(load_scenario(scenario_path("s01-single-shipment")))
    failed.failures = [Failure(1, "status 201", "$.status: the answer was 500")]
    return [passed, failed]


def test_the_json_report_names_what_failed(tmp_path: Path) -> None:
    write_json(outcomes(), tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (report["scenarios"], report["failed"]) == (2, 1)
    assert report["outcomes"][1]["failures"][0]["expected"] == "status 201"
    assert report["outcomes"][1]["failures"][0]["about"] == "The exporter drafts the notification"
    assert report["outcomes"][0]["digest"] == "d"


def test_the_page_shows_lanes_opens_failures_and_loads_nothing(tmp_path: Path) -> None:
    write_html(outcomes(), tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "1 of 2 scenarios passed" in page
    assert page.count("<details open>") == 1
    assert "&lt;b&gt;Drafted" in page
    assert not any(word in page for word in ("http://", "https://", "<script", "src="))
