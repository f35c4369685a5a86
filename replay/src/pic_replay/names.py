"""Names that a scenario may use, from the contract; the nearest one to what was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel

from pic_schemas.catalogue import CATALOGUE


def near(written: str, known: Iterable[str]) -> str:
    """`; did you mean ...`, else all that there is."""
    names = sorted(known)
    close = get_close_matches(written, names, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; there are {', '.join(names)}" if names else ""


def check_message(type_: str) -> None:
    """Raises ValueError for a message that the contract does not know."""
    if type_ not in CATALOGUE:
        raise ValueError(f"no message {type_!r}{near(type_, CATALOGUE)}")


def check_fields(type_: str, wanted: Mapping[str, Any]) -> None:
    """Raises ValueError for a field that this message does not have, however deep."""
    _check(CATALOGUE[type_].model, wanted, type_)


def _check(model: type[BaseModel], wanted: Any, where: str) -> None:
    if isinstance(wanted, list):
        for item in wanted:
            _check(model, item, where)
    if not isinstance(wanted, dict):
        return
    fields = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
    for name, value in wanted.items():
        if name not in fields:
            raise ValueError(f"{where} has no field {name!r}{near(name, fields)}")
        inner = _model_in(fields[name])
        if inner is not None:
            _check(inner, value, f"{where}/{name}")


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The one model inside `X | None` or `tuple[X, ...]`; None where there is none or more than one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = [model for part in get_args(annotation) if (model := _model_in(part)) is not None]
    return found[0] if len(found) == 1 and not _is_mapping(annotation) else None


def _is_mapping(annotation: Any) -> bool:
    origin = getattr(annotation, "__origin__", None)
    return isinstance(origin, type) and issubclass(origin, Mapping)
