"""Reads scenario files: includes, tables of cases, and where in the file a mistake stands."""

from __future__ import annotations

from mimetypes import guess_type
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

from pic_replay.begin import BEGIN, GIVEN, CannotBegin, begun
from pic_replay.names import near
from pic_replay.parts import METHODS, Actor, Expect, Fault, Personas, Publish, Said, Seat, Send, SentFile
from pic_replay.shape import Misplaced, Scenario, ScenarioError, Step
from pic_replay.table import FOR_EACH, expanded

__all__ = [
    "Actor",
    "Expect",
    "Scenario",
    "ScenarioError",
    "Send",
    "SentFile",
    "Step",
    "find_scenarios",
    "load_scenario",
    "load_scenarios",
]


class _Loader(yaml.CSafeLoader):
    """YAML with `!include file`, relative to the file that includes. Dates stay text, as JSON has them."""

    name: str
    folder: Path
    yaml_implicit_resolvers = {  # noqa: RUF012 - yaml's own way to change a loader
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def _include(loader: _Loader, node: yaml.Node) -> Any:
    # An include stands on a scalar; of another node it raises.
    path = loader.folder / str(loader.construct_scalar(node))  # type: ignore[arg-type]
    if not path.is_file():
        raise ScenarioError(f"{loader.name}, line {node.start_mark.line + 1}: no file {path}")
    return read_yaml(path)


def _file(loader: _Loader, node: yaml.Node) -> SentFile:
    # An include stands on a scalar; of another node it raises.
    path = loader.folder / str(loader.construct_scalar(node))  # type: ignore[arg-type]
    if not path.is_file():
        raise ScenarioError(f"{loader.name}, line {node.start_mark.line + 1}: no file {path}")
    kind, _ = guess_type(path.name)
    return SentFile(kind or "application/octet-stream", path.read_bytes())


_Loader.add_constructor("!include", _include)
_Loader.add_constructor("!file", _file)


def read_yaml(path: Path) -> Any:
    """What a scenario file holds, before it is checked. Raises ScenarioError."""
    try:
        loader = _Loader(path.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ScenarioError(f"{path}: no text that can be read: {error}") from error
    loader.name, loader.folder = str(path), path.parent
    try:
        return loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        told = ": ".join(filter(None, (error.context, error.problem)))
        raise ScenarioError(f"{path}, line {line}: {told}") from error
    except (ValueError, yaml.YAMLError) as error:
        raise ScenarioError(f"{path}: {' '.join(str(error).split())}") from error
    finally:
        loader.dispose()


def load_scenario(path: Path) -> Scenario:
    """Read and check a file that holds one scenario. Raises ScenarioError with file, line and field."""
    found = load_scenarios(path)
    if len(found) > 1:
        raise ScenarioError(f"{path}: {len(found)} scenarios, one for each case; name a file that holds one")
    return found[0]


def load_scenarios(path: Path) -> list[Scenario]:
    """All scenarios of a file: one, or one for each case of its table. Raises ScenarioError."""
    raw = read_yaml(path)
    if not isinstance(raw, dict):
        held = "nothing" if raw is None else type(raw).__name__
        raise ScenarioError(f"{path}, line 1: it holds {held}, and a scenario has `actors` and `steps`")
    try:
        table = expanded(raw)
    except ValueError as error:
        raise ScenarioError(f"{path}, line {_line(path, (FOR_EACH,))}: {error}") from error
    found = [_checked(path, single) for single in table]
    return [scenario.made_by_table() for scenario in found] if FOR_EACH in raw else found


def _checked(path: Path, raw: Any) -> Scenario:
    try:
        whole, others = begun(raw, path.parent, read_yaml)
    except CannotBegin as error:
        told = f"{path}, line {_line(path, error.at)}: {_where(error.at)}: {error}"
        raise ScenarioError(told) from error
    try:
        return Scenario.model_validate(whole).going_on_from(others)
    except ValidationError as error:
        found = [(_own(_place(e), others), _message(e)) for e in error.errors()]
        told = "\n".join(f"{path}, line {_line(path, at)}: {_where(at)}: {says}" for at, says in found)
        raise ScenarioError(told) from error


def _place(error: Any) -> tuple[str | int, ...]:
    """Where it shows: what is wrong with the whole says so itself."""
    cause = error.get("ctx", {}).get("error")
    return cause.at if isinstance(cause, Misplaced) else tuple(error["loc"])


def _own(location: tuple[str | int, ...], others: int) -> tuple[str | int, ...]:
    """Where a step stands in this file, after those of another story, which are told as `begin`."""
    if location[:1] != ("steps",) or len(location) < 2 or not isinstance(location[1], int):
        return location
    number = location[1] - others
    return ("steps", number, *location[2:]) if number >= 0 else ("begin",)


def _message(error: Any) -> str:
    """What is wrong, and the nearest name that would have been right."""
    last = error["loc"][-1] if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        return f"{error['msg']}{near(str(last), fields_of(error['loc']))}"
    if error["type"] == "literal_error":
        return f"{error['msg']}{near(str(error['input']), get_args(Seat))}"
    return str(error["msg"]).removeprefix("Value error, ")


def fields_of(location: tuple[str | int, ...]) -> list[str]:
    """What may stand where an unknown field was found."""
    where = [part for part in location[:-1] if isinstance(part, str)]
    model: type[BaseModel] = Scenario
    inner: dict[str, type[BaseModel]] = {"steps": Step, "actors": Actor, "send": Send, "expect": Expect}
    inner |= {"publish": Publish, "put": Said, "personas": Personas, "fault": Fault}
    for part in where:
        model = inner.get(part, model)
    if model is Send:
        return [*METHODS, "body", "dry_run"]
    names = [field.alias or name for name, field in model.model_fields.items()]
    return [*names, BEGIN, GIVEN, FOR_EACH] if model is Scenario else names


def _where(location: tuple[str | int, ...]) -> str:
    return "/".join(str(part + 1 if isinstance(part, int) else part) for part in location) or "scenario"


def _line(path: Path, location: tuple[str | int, ...]) -> int:
    """The line of the deepest node that exists on the way to an error."""
    loader = _Loader(path.read_text("utf-8"))
    node = loader.get_single_node()
    for part in location:
        child = _child(node, part)
        if child is None:
            break
        node = child
    return node.start_mark.line + 1 if node is not None else 1


def _child(node: yaml.Node | None, part: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part]  # type: ignore[no-any-return]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == part:
                return value  # type: ignore[no-any-return]
    return None


def find_scenarios(paths: list[Path]) -> list[Path]:
    """Files as given, folders as the `*.yaml` directly inside. Raises ScenarioError if there are none."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(path.glob("*.yaml"))
        elif path.is_file():
            found.append(path)
        else:
            raise ScenarioError(f"no such file or folder: {path}")
    if not found:
        raise ScenarioError(f"no scenario in {', '.join(map(str, paths))}")
    return found
