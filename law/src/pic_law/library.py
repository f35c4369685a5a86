"""Reads the statute files of this package: no key twice, no unknown field, no entry without source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from pic_law.errors import LawError

M = TypeVar("M", bound=BaseModel)


class _Statute(yaml.CSafeLoader):
    """YAML in which NO is Norway and a key that stands twice is an error."""


_Statute.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"
    ]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _mapping(loader: yaml.CSafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise LawError(f"line {node.start_mark.line + 1}: stands twice: {sorted(map(str, twice))}")
    return {
        key: loader.construct_object(value, deep=True)
        for key, (_, value) in zip(keys, node.value, strict=True)
    }


_Statute.add_constructor("tag:yaml.org,2002:map", _mapping)


def parse(text: str, file: str) -> Any:
    """The content of one statute file; raises `LawError` naming the file."""
    loader = _Statute(text)
    try:
        return loader.get_single_data()
    except (yaml.YAMLError, LawError) as error:
        raise LawError(f"{file}: {error}") from error
    finally:
        loader.dispose()


@lru_cache(maxsize=1)
def statute(name: str) -> Any:
    """The content of `statutes/{name}.yaml` of this package, to be read only; the last one is kept."""
    file = f"{name}.yaml"
    text = (files("pic_law") / "statutes" / file).read_text(encoding="utf-8")
    return parse(text, file)


@cache
def versions() -> dict[str, str]:
    """A digest of every statute file, by its name: the same digest holds the same words and dates."""
    folder = files("pic_law") / "statutes"
    found = {name: sha256(file.read_bytes()).hexdigest()[:12] for name, file in _statutes(folder)}
    return dict(sorted(found.items()))


def _statutes(folder: Traversable, inside: str = "") -> Iterator[tuple[str, Traversable]]:
    for found in folder.iterdir():
        if found.is_dir():
            yield from _statutes(found, f"{inside}{found.name}/")
        elif found.name.endswith(".yaml"):
            yield f"{inside}{found.name.removesuffix('.yaml')}", found


def entry(model: type[M], content: Mapping[str, Any], place: str) -> M:
    """One validated entry; raises `LawError` naming file and place."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise LawError(f"{place}: {error}") from error


def entries(model: type[M], name: str, key: str) -> tuple[M, ...]:
    """The list `key` of a statute file; `defaults` hold for every entry without its own."""
    content = statute(name)
    defaults = content.get("defaults", {})
    return tuple(
        entry(model, {**defaults, **item}, f"{name}.yaml: {key}[{index}]")
        for index, item in enumerate(content[key])
    )
