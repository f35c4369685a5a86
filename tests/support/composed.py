"""docker-compose.yml, Dockerfile and the table of docs/environment.md, read for the tests."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[2]
INTERPOLATED = re.compile(r"\$\{(\w+)(:\?[^}]*)?\}")
NAMED = re.compile(r"`([A-Z][A-Z_0-9]+)`")


class Variable(NamedTuple):
    """One row of the table."""

    name: str
    meaning: str
    default: str
    reader: str
    set_for: frozenset[str]


@cache
def composed() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8")))


def services() -> dict[str, dict[str, Any]]:
    return dict(composed()["services"])


def environment_of(service: str) -> dict[str, str]:
    return dict(services()[service].get("environment", {}))


def interpolated() -> set[str]:
    """What .env must hold."""
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    return {match[1] for match in INTERPOLATED.finditer(text)}


def filled_in(text: str, env: dict[str, str]) -> str:
    return INTERPOLATED.sub(lambda match: env[match[1]], text)


def environment_table() -> dict[str, Variable]:
    """The rows whose first cell is a variable's name in code quotes."""
    text = (ROOT / "docs" / "environment.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"
    ]
    named = [(NAMED.fullmatch(row[0]), row) for row in rows]
    return {name[1]: _variable(name[1], row) for name, row in named if name}


def _variable(name: str, cells: list[str]) -> Variable:
    _, meaning, default, reader, set_for = cells
    return Variable(name, meaning, default, reader, frozenset(set_for.replace(",", " ").split()))
