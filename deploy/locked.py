"""Prints the part of requirements.lock that some packages need, hashes included; none named: the product."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
# A pinned package with its hashes, and the comment in which uv says who asked for it.
ENTRY = re.compile(
    r"^(?P<name>[a-z0-9._-]+)(?P<rest>==.*\n(?:    --hash=.*\n)+)(?P<via>(?:    #.*\n)+)", re.MULTILINE
)
NAME = re.compile(r"[A-Za-z0-9._-]+")


class Locked(NamedTuple):
    """One entry of the lock: its lines, and the packages that need it."""

    lines: str
    needed_by: frozenset[str]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def read_lock(text: str) -> dict[str, Locked]:
    """Every entry by its name. Raises ValueError when the file has a line that belongs to none."""
    entries, left = {}, text
    for found in ENTRY.finditer(text):
        via = found["via"].replace("# via", "#")
        needed_by = frozenset(normal(name) for name in re.findall(r"# +([\w.-]+)", via))
        entries[normal(found["name"])] = Locked(found["name"] + found["rest"], needed_by)
        left = left.replace(found[0], "")
    if strange := [line for line in left.splitlines() if line.strip() and not line.startswith("#")]:
        raise ValueError(f"requirements.lock: not understood: {strange[0]}")
    return entries


def closure(entries: Mapping[str, Locked], roots: Iterable[str]) -> list[str]:
    """The names that `roots` need, themselves included. Raises KeyError for a root that is not locked."""
    needed = {normal(root) for root in roots}
    if missing := needed - entries.keys():
        raise KeyError(f"not in requirements.lock: {', '.join(sorted(missing))}")
    while more := {
        name for name, entry in entries.items() if name not in needed and entry.needed_by & needed
    }:
        needed |= more
    return sorted(needed)


def product_dependencies() -> list[str]:
    """What pyproject.toml names, without the development extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [match[0] for match in map(NAME.match, project["dependencies"]) if match]


def main(roots: list[str]) -> None:
    entries = read_lock((ROOT / "requirements.lock").read_text("utf-8"))
    for name in closure(entries, roots or product_dependencies()):
        print(entries[name].lines, end="")


if __name__ == "__main__":
    main(sys.argv[1:])
