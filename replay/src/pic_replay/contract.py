"""Which contract a recording speaks: by message, so that it can be upgraded or refused by name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from pic_replay.names import check_fields, check_message
from pic_schemas.catalogue import CATALOGUE


@cache
def version_of(type_: str) -> str:
    """A digest of the message's form; the same digest means the same fields."""
    form = json.dumps(CATALOGUE[type_].model.model_json_schema(by_alias=True), sort_keys=True)
    return sha256(form.encode()).hexdigest()[:12]


def versions(types: set[str]) -> dict[str, str]:
    """Of the messages that a recording holds."""
    return {type_: version_of(type_) for type_ in sorted(types)}


def upgraded(event: Mapping[str, Any], recorded: Mapping[str, str]) -> dict[str, Any]:
    """The message in today's form: fields that came later have their defaults.

    Raises ValueError, with the message and the field by name, where it cannot be read any more.
    """
    type_ = str(event.get("type", ""))
    check_message(type_)
    if recorded.get(type_) == version_of(type_):
        return dict(event)
    check_fields(type_, event["data"])
    try:
        now = CATALOGUE[type_].model.model_validate(event["data"])
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = "/".join(map(str, first["loc"]))
        raise ValueError(f"{type_} has another form now: {where}: {first['msg']}") from error
    return {**event, "data": now.model_dump(mode="json", by_alias=True)}
