"""The verbs: listed, the same for make, honest about what is not there, instant the second time."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import tasks
from tests.house.source_files import ROOT


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(ROOT / "tasks.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [(), ("--help",), ("list",)])
def test_without_a_verb_every_verb_is_listed_with_one_line(arguments: tuple[str, ...]) -> None:
    listed = run(*arguments)
    assert listed.returncode == 0
    for name, verb in tasks.VERBS.items():
        assert re.search(rf"^  {name} +{re.escape(verb.line)}$", listed.stdout, re.MULTILINE)


def test_make_knows_the_same_verbs() -> None:
    line = re.search(r"^VERBS := (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert line is not None
    assert set(line[1].split()) == set(tasks.VERBS)


def test_an_unknown_verb_is_refused_with_the_list() -> None:
    refused = run("dance")
    assert refused.returncode == 2
    assert "no verb 'dance'" in refused.stderr
    assert "bench-quick" in refused.stderr


def test_a_verb_whose_room_is_not_built_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as stopped:
        tasks.built("the moon", "moon/cheese.py")
    assert stopped.value.code == tasks.NOT_BUILT
    assert "not built yet" in capsys.readouterr().err


def test_the_fingerprint_follows_every_file_and_the_border_between_them(tmp_path: Path) -> None:
    lock, project = tmp_path / "lock", tmp_path / "project"
    prints = set()
    for first, second in (("ab", "c"), ("a", "bc"), ("ab", "d"), ("x", "c")):
        lock.write_text(first)
        project.write_text(second)
        prints.add(tasks.fingerprint(lock, project))
    assert len(prints) == 4


def test_a_stamp_is_current_only_with_the_wanted_fingerprint(tmp_path: Path) -> None:
    stamp = tmp_path / "stamp"
    assert not tasks.is_current(stamp, "a")
    stamp.write_text("a")
    assert tasks.is_current(stamp, "a")
    assert not tasks.is_current(stamp, "b")


def test_a_current_environment_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stamp = tmp_path / "stamp"
    stamp.write_text(tasks.fingerprint(ROOT / "requirements.lock", ROOT / "pyproject.toml"))
    monkeypatch.setattr(tasks, "STAMP", stamp)
    monkeypatch.setattr(tasks, "PYTHON", Path(sys.executable))
    tasks.environment()
    assert capsys.readouterr().out == ""


def test_a_python_that_cannot_build_environments_is_named_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(SystemExit):
        tasks.create_environment()
    assert "apt-get install python3-venv" in capsys.readouterr().err


def test_an_old_python_is_refused_by_its_version(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(SystemExit):
        tasks.main([])
    assert "Python 3.11 or newer is needed" in capsys.readouterr().err
