"""`pic demo`, as the one who runs it sees it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.exchanges import ROOT, scenario_path

pytestmark = pytest.mark.slow


def pic(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pic_exchange.cli", *arguments]
    env = {**os.environ, "COLUMNS": "140", "PIC_HOME": str(folder)}
    return subprocess.run(
        command, capture_output=True, text=True, env=env, timeout=120, check=False, stdin=subprocess.DEVNULL
    )


def test_the_demonstration_shows_both_cases_as_swim_lanes_and_ends_well(tmp_path: Path) -> None:
    shown = pic("demo", folder=tmp_path)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "CA 0000 000001" in shown.stdout
    assert "Outcome: CLOSED" in shown.stdout
    assert "Outcome: OBJECTED" in shown.stdout


def test_a_changed_verdict_makes_the_demonstration_fail_and_name_step_and_field(tmp_path: Path) -> None:
    story = scenario_path("s03-objection").read_text()
    changed = story.replace(
        "- {event: pic.decision.taken.v1, with: {authority: BE001, verdict: objection,",
        "- {event: pic.decision.taken.v1, with: {authority: BE001, verdict: consent,",
    )
    assert changed != story
    (tmp_path / "changed.yaml").write_text(
        changed.replace("!include documents", f"!include {ROOT}/scenarios/documents")
    )
    shown = pic("demo", str(tmp_path / "changed.yaml"), folder=tmp_path)
    assert shown.returncode == 1
    told = " ".join(shown.stdout.split())
    assert "step 8" in told
    assert "$.verdict: expected 'consent', was 'objection'" in told


def test_a_scenario_with_a_typo_is_refused_with_file_line_and_field(tmp_path: Path) -> None:
    story = tmp_path / "typo.yaml"
    story.write_text("scenario: typo\nabout: x\nclock: 2026-06-01\nactors: {}\nsteps:\n  - abuot: x\n")
    refused = pic("replay", str(story), folder=tmp_path)
    assert refused.returncode == 2
    told = " ".join(refused.stderr.split())
    assert "typo.yaml, line 6" in told
    assert "abuot" in told


def test_an_unknown_actor_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    story = tmp_path / "nobody.yaml"
    story.write_text(
        "scenario: nobody\nabout: x\nclock: 2026-06-01\nactors: {}\n"
        "steps:\n  - {as: ghost, send: {GET: /v1/cases}}\n"
    )
    refused = pic("replay", str(story), folder=tmp_path)
    assert refused.returncode == 2
    assert "no actor 'ghost'" in " ".join(refused.stderr.split())
