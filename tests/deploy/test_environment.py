"""Every environment variable is in one table, and every deployment sets the same ones."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

import pytest

from pic_exchange.migrating import CHAINS
from pic_exchange.stack import IMPORTING, PROCESSES, Stack
from pic_law.agreements import Outcome
from tests.house.source_files import sources
from tests.support.composed import ROOT, environment_of, environment_table, interpolated, services

VARIABLE = re.compile(r"(PIC|KAFKA)_[A-Z0-9_]*[A-Z0-9]")
DATABASE_URLS = {f"PIC_{store.upper().replace('-', '_')}_DATABASE_URL" for store in CHAINS}
# Codes of the law that look like variables.
CODES = {outcome for outcome in get_args(Outcome) if VARIABLE.fullmatch(outcome)}
READING = {"get", "getenv", "pop", "setdefault"}


def texts(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def named_in_product() -> set[str]:
    """Every whole string that is a variable's name, whatever the code does with it."""
    product = [source for source in sources() if not source.path.startswith("tests/")]
    found = {text for source in product for node in ast.walk(source.tree) for text in texts(node)}
    return {text for text in found if VARIABLE.fullmatch(text)} - CODES


def read_in_code() -> set[str]:
    """What is looked up, in the tests too: `env.get(NAME)`, `environ[NAME]`, `NAME in environ`."""
    constants = dict(pair for source in sources() for pair in constants_of(source.tree))
    keys = [key for source in sources() for node in ast.walk(source.tree) for key in lookups(node)]
    names = {constants.get(key, key) for key in keys}
    return {name for name in names if VARIABLE.fullmatch(name)} - CODES | DATABASE_URLS


def constants_of(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """NAME = "TEXT", also several in one line."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            values = value.elts if isinstance(value, ast.Tuple) else [value]
            for name, element in zip(names, values, strict=False):
                if isinstance(name, ast.Name):
                    yield from ((name.id, text) for text in texts(element) if VARIABLE.fullmatch(text))


def lookups(node: ast.AST) -> Iterator[str]:
    key: ast.AST | None = None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        key = node.args[0] if node.func.attr in READING else None
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        key = node.slice
    elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        key = node.left
    if isinstance(key, ast.Name):
        yield key.id
    elif key is not None:
        yield from texts(key)


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """Not started: only its plan is read, without the variables of whoever runs the tests."""
    monkeypatch.setattr(os, "environ", {})
    found = Stack(tmp_path, secret="s")
    monkeypatch.setattr(found.postgres, "url", lambda store: f"postgresql+asyncpg:///{store}")
    return found


def test_every_variable_in_the_code_is_in_the_table() -> None:
    assert (named_in_product() | read_in_code()) - environment_table().keys() == set()


def test_every_variable_of_the_table_is_read_by_the_code() -> None:
    assert environment_table().keys() - read_in_code() == set()


def test_every_row_says_what_it_means_by_default_and_for_whom() -> None:
    rows = environment_table().values()
    assert [
        row.name for row in rows if "" in (row.meaning.strip(), row.default.strip(), row.reader.strip())
    ] == []


def set_by(stack: Stack, name: str) -> set[str]:
    # pytest keeps a variable of its own in the environment, wherever that is.
    return stack.environment(name).keys() - {"PYTEST_CURRENT_TEST"}


@pytest.mark.parametrize("name", PROCESSES)
def test_compose_the_stack_and_the_table_set_the_same_variables(name: str, stack: Stack) -> None:
    told = {row.name for row in environment_table().values() if {name, "all"} & row.set_for}
    assert set(environment_of(name)) == set_by(stack, name) == told


def test_compose_and_the_stack_run_the_same_processes_with_the_same_states(stack: Stack) -> None:
    for name, (service, _) in PROCESSES.items():
        assert services()[name]["command"][:2] == ["serve", service]
        assert environment_of(name).get("PIC_STATES") == stack.environment(name).get("PIC_STATES")
        assert environment_of(name)["PIC_DEPLOYMENT"] == stack.environment(name)["PIC_DEPLOYMENT"]


def test_the_front_door_of_both_knows_the_same_places_for_the_same_states(stack: Stack) -> None:
    local = {str(stack.port(name)): name for name in PROCESSES}
    ours = stack.environment("single-window")
    for variable, value in environment_of("single-window").items():
        if variable.endswith(("_URL", "_URLS")) and "DATABASE" not in variable:
            named = re.sub(r"127\.0\.0\.1:(\d+)", lambda match: f"{local[match[1]]}:8400", ours[variable])
            assert value == named


def test_no_state_is_played_by_both_consent_services() -> None:
    first, second = (environment_of(name)["PIC_STATES"].split(",") for name in ("consent-a", "consent-b"))
    assert first == IMPORTING.split(",")
    assert second == [f"-{state}" for state in first]


def test_every_store_of_a_service_is_migrated_before_it_starts() -> None:
    steps = [name for name, service in services().items() if service.get("command") == ["migrate"]]
    assert sorted(databases_of(steps)) == sorted(databases_of(PROCESSES))


def databases_of(names: Iterable[str]) -> list[tuple[str, str]]:
    given = [pair for name in names for pair in environment_of(name).items()]
    return [(variable, url) for variable, url in given if variable.endswith("_DATABASE_URL")]


def test_the_example_names_every_secret_and_holds_none() -> None:
    lines = [
        line for line in (ROOT / "deploy" / "example.env").read_text("utf-8").splitlines() if line[:1] != "#"
    ]
    example = dict(line.split("=", 1) for line in lines)
    assert example.keys() == interpolated()
    assert set(example.values()) == {""}


def test_a_secret_that_is_missing_stops_compose_and_none_is_written_down() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    assert re.findall(r"\$\{\w+(?!\w|:\?)", text) == []
    secrets = re.findall(r"(?:SECRET|PASSWORD): +(\S+)", text)
    assert [value for value in secrets if not value.startswith("${")] == []
