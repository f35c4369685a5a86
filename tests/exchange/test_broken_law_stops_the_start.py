"""A statute file with a hole, an overlap or a dangling name: nothing starts, and the place is named."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import pic_law

pytestmark = pytest.mark.slow

LAW = Path(pic_law.__file__).parent
EVERYTHING = ("up", "--port", "0", "--data")
SERVICES = ("notifier", "consent", "customs", "single-window")


def overriding(folder: Path, statute: str, old: str, new: str) -> Path:
    """A copy of the law in which one statute file says something else; it goes before the real one."""
    copy = folder / "override" / "pic_law"
    shutil.copytree(LAW, copy, ignore=shutil.ignore_patterns("__pycache__"))
    file = copy / "statutes" / statute
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return copy.parent


def started(law: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(law),
        "PIC_DATA": str(folder),
        "PIC_JWKS_URL": "http://127.0.0.1:1/keys",
        "COLUMNS": "300",
    }
    command = [sys.executable, "-m", "pic_exchange.cli", *arguments]
    return subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("statute", "old", "new", "place"),
    [
        (
            "regimes.yaml",
            "valid_to: 2026-05-20",
            "valid_to: 2026-05-19",
            "regimes.yaml: regimes: EU: hole between 2026-05-19 and 2026-05-21",
        ),
        (
            "prohibitions.yaml",
            "valid_to: 2026-05-20",
            "valid_to: 2026-05-21",
            "prohibitions.yaml: prohibitions: EU_DISPOSAL: overlap at 2026-05-21",
        ),
    ],
)
def test_a_hole_or_an_overlap_stops_pic_up(
    tmp_path: Path, statute: str, old: str, new: str, place: str
) -> None:
    done = started(overriding(tmp_path, statute, old, new), tmp_path, *EVERYTHING, str(tmp_path))
    assert done.returncode == 1
    assert place in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_an_overlap_stops_each_service(tmp_path: Path, service: str) -> None:
    law = overriding(tmp_path, "codes/y.yaml", "{code: Y2, ", "{code: Y1, ")
    done = started(law, tmp_path, "serve", service, "--port", "0")
    assert done.returncode == 1
    assert "codes/y.yaml: Y1: overlap" in done.stderr
