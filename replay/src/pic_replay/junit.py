"""Outcomes as JUnit XML, for the tester's CI."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

from pic_replay.playback import Replayed
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
            told = [str(failure), f"in: {outcome.place_of(failure)}", *outcome.so_far]
            ET.SubElement(case, "failure", message=str(failure)[:300]).text = "\n".join(told)
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def write_junit_of_recordings(replayed: list[Replayed], path: Path) -> None:
    """One test case a recorded world; what drifts is its failure."""
    failed = sum(bool(one.drifts) for one in replayed)
    seconds = sum(one.seconds for one in replayed)
    suite = ET.Element(
        "testsuite", name="pic replay", tests=str(len(replayed)), failures=str(failed), time=f"{seconds:.3f}"
    )
    for one in replayed:
        case = ET.SubElement(
            suite, "testcase", classname="recordings", name=one.name, time=f"{one.seconds:.3f}"
        )
        for drift in one.drifts:
            ET.SubElement(case, "failure", message=str(drift)[:300]).text = str(drift)
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)
