"""The scenario of the page, as a tester plays it: against an exchange that no test has started."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import httpx
import pytest

from tests.support.guides import blocks_of
from tests.support.required import missing

pytestmark = pytest.mark.slow
OUTSIDE, OUTSIDE_SECRET = "PIC_EXCHANGE_URL", "PIC_EXCHANGE_SECRET"


@pytest.fixture(scope="module")
def running() -> str:
    """Its address; `make test-slow` starts one beside the tests. PIC_REQUIRE=exchange insists on it."""
    url = os.environ.get(OUTSIDE)
    if not url:
        missing("exchange", f"{OUTSIDE} names no exchange that runs already")
    assert httpx.get(f"{url}/readyz", timeout=30).status_code == 200
    return url


def replay(url: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pic_exchange.cli", "replay", *arguments, "--against", url]
    secret = os.environ.get(OUTSIDE_SECRET, "")
    env = {**os.environ, "PIC_OPERATOR_SECRET": secret, "COLUMNS": "140", "NO_COLOR": "1"}
    return subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_scenario_of_the_page_passes_there_and_says_so_in_junit(running: str, tmp_path: Path) -> None:
    (example,) = [block for block in blocks_of("testers") if block.file == "first.yaml"]
    (tmp_path / "first.yaml").write_text(example.text, "utf-8")
    played = replay(running, tmp_path, "first.yaml", "--junit", "report.xml")
    assert played.returncode == 0, played.stdout + played.stderr
    suite = ET.parse(tmp_path / "report.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")
    assert [case.get("name") for case in suite] == ["incomplete-draft"]


def test_a_claim_that_does_not_hold_there_fails_in_junit(running: str, tmp_path: Path) -> None:
    (example,) = [block for block in blocks_of("testers") if block.file == "first.yaml"]
    (tmp_path / "wrong.yaml").write_text(example.text.replace("status: 404", "status: 200"), "utf-8")
    played = replay(running, tmp_path, "wrong.yaml", "--junit", "report.xml")
    assert played.returncode == 1, played.stdout + played.stderr
    (failure,) = ET.parse(tmp_path / "report.xml").getroot().iter("failure")
    assert "the answer was 404" in str(failure.text)
