"""Outcomes as JUnit XML, for the tester's CI."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

from pic_replay.runner import Outcome


def write_junit(outcomes: list[Outcome], path: Path) -> None:
    """One test case a scenario."""
    failed = sum(not outcome.passed for outcome in outcomes)
    seconds = sum(outcome.seconds for outcome in outcomes)
    suite = ET.Element(
        "testsuite", name="pic replay", tests=str(len(outcomes)), failures=str(failed), time=f"{seconds:.3f}"
    )
    for outcome in outcomes:
        name = outcome.scenario.scenario
        case = ET.SubElement(
            suite, "testcase", classname="scenarios", name=name, time=f"{outcome.seconds:.3f}"
        )
        for failure in outcome.failures:
            ET.SubElement(case, "failure", message=str(failure)[:300]).text = str(failure)
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)
