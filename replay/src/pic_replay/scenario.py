"""A scenario file: actors with seats, a clock, steps and what they lead to. Strict: a typo is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from mimetypes import guess_type
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

METHODS = ("GET", "POST", "PUT", "DELETE")
Seat = Literal["exporter", "competent-authority", "customs", "facility", "carrier"]
_AFTER = re.compile(r"^\+(\d+)d$")


class ScenarioError(Exception):
    """A scenario that cannot be played; the message names file, line and field."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Actor(_Strict):
    """Somebody on a seat: a competent authority, an exporter, a customs office."""

    seat: Seat
    state: str = Field(pattern=r"^[A-Z]{2}$")
    agency: str


@dataclass(frozen=True, slots=True)
class SentFile:
    """A request's body that is a file: `body: !file documents/answer.pdf`."""

    media_type: str
    content: bytes


class Send(_Strict):
    """One HTTP request: `{POST: /path, body: ...}`. `{names}` were saved by earlier steps."""

    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    body: Any = None
    dry_run: bool = False

    @model_validator(mode="before")
    @classmethod
    def _method_is_the_key(cls, raw: Any) -> Any:
        if not isinstance(raw, dict):
            raise ValueError("write {POST: /path, body: ...}")
        found = [method for method in METHODS if method in raw]
        if len(found) != 1:
            raise ValueError(f"name one of {', '.join(METHODS)}")
        rest = {key: value for key, value in raw.items() if key != found[0]}
        return {"method": found[0], "path": raw[found[0]], **rest}


class Expect(_Strict):
    """One expectation, checked when the world is quiet again. Exactly one subject."""

    status: int | None = None
    event: str | None = None
    no_event: str | None = None
    case: str | None = None
    ledger: str | None = None
    reason: str | None = None
    with_: dict[str, Any] | None = Field(None, alias="with")
    pointer: str | None = None
    article: str | None = None

    @model_validator(mode="after")
    def _one_subject(self) -> Expect:
        subjects = [
            n for n in ("status", "event", "no_event", "case", "ledger", "reason") if getattr(self, n)
        ]
        if len(subjects) != 1:
            raise ValueError("an expectation names one of status, event, no_event, case, ledger, reason")
        return self

    @property
    def subject(self) -> str:
        names = ("status", "event", "no_event", "case", "ledger", "reason")
        return next(name for name in names if getattr(self, name) is not None)


def _moment(raw: Any) -> Any:
    """A date or a time in UTC; the world's day begins at midnight."""
    try:
        moment = datetime.fromisoformat(raw) if isinstance(raw, str) else raw
    except ValueError as error:
        raise ValueError(f"{raw!r} is no date") from error
    return moment.replace(tzinfo=UTC) if isinstance(moment, datetime) and moment.tzinfo is None else moment


Moment = Annotated[datetime, BeforeValidator(_moment)]


class Step(_Strict):
    """Move the clock, send a request as an actor, remember something, expect something; in that order."""

    about: str = ""
    at: str | None = None
    as_: str | None = Field(None, alias="as")
    send: Send | None = None
    save: dict[str, str] = {}
    expect: list[Expect] = []

    @model_validator(mode="after")
    def _complete(self) -> Step:
        if (self.send is None) != (self.as_ is None):
            raise ValueError("`as` and `send` go together")
        if self.save and self.send is None:
            raise ValueError("`save` needs a `send`")
        if self.at is not None and self.at != "next-deadline" and not _AFTER.match(self.at):
            _moment(self.at)
        return self

    def moment(self, start: datetime) -> str | None:
        """Where the clock goes, as the exchange wants it."""
        if self.at is None:
            return None
        if self.at == "next-deadline":
            return self.at
        found = _AFTER.match(self.at)
        moment: datetime = start + timedelta(days=int(found.group(1))) if found else _moment(self.at)
        return moment.isoformat()


class Scenario(_Strict):
    """One story with an end that can be checked."""

    scenario: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{2,60}$")
    about: str
    guards: list[str] = []
    clock: Moment
    actors: dict[str, Actor]
    steps: list[Step] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_known(self) -> Scenario:
        for number, step in enumerate(self.steps, 1):
            if step.as_ is not None and step.as_ not in self.actors:
                raise ValueError(f"step {number}: no actor {step.as_!r}; there are {', '.join(self.actors)}")
        unused = sorted(_saved(self.steps) - set(_used(self.steps)))
        if unused:
            raise ValueError(f"saved but never used: {', '.join(unused)}")
        return self


def _saved(steps: list[Step]) -> set[str]:
    return {name for step in steps for name in step.save}


def _used(steps: list[Step]) -> Iterator[str]:
    for step in steps:
        text = repr((step.send, step.expect))
        yield from re.findall(r"\{(\w+)\}", text)


class _Loader(yaml.SafeLoader):
    """YAML with `!include file`, relative to the file that includes. Dates stay text, as JSON has them."""

    folder: Path
    yaml_implicit_resolvers = {  # noqa: RUF012 - yaml's own way to change a loader
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _include(loader: _Loader, node: yaml.Node) -> Any:
    path = loader.folder / str(loader.construct_scalar(node))  # type: ignore[arg-type]
    if not path.is_file():
        raise ScenarioError(f"{loader.name}, line {node.start_mark.line + 1}: no file {path}")
    return _read_yaml(path)


def _file(loader: _Loader, node: yaml.Node) -> SentFile:
    path = loader.folder / str(loader.construct_scalar(node))  # type: ignore[arg-type]
    if not path.is_file():
        raise ScenarioError(f"{loader.name}, line {node.start_mark.line + 1}: no file {path}")
    kind, _ = guess_type(path.name)
    return SentFile(kind or "application/octet-stream", path.read_bytes())


_Loader.add_constructor("!include", _include)
_Loader.add_constructor("!file", _file)


def _read_yaml(path: Path) -> Any:
    loader = _Loader(path.read_text("utf-8"))
    loader.name, loader.folder = str(path), path.parent
    try:
        return loader.get_single_data()
    except yaml.YAMLError as error:
        raise ScenarioError(f"{path}: {error}") from error
    finally:
        loader.dispose()


def load_scenario(path: Path) -> Scenario:
    """Read and check a file. Raises ScenarioError with file, line and field."""
    raw = _read_yaml(path)
    try:
        return Scenario.model_validate(raw)
    except ValidationError as error:
        lines = [
            f"{path}, line {_line(path, e['loc'])}: {_where(e['loc'])}: {e['msg']}" for e in error.errors()
        ]
        raise ScenarioError("\n".join(lines)) from error


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
