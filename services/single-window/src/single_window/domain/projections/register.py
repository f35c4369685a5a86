"""Which function projects which message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pic_schemas.envelope import Event
from pic_schemas.messages import Message
from single_window.domain.case import CaseFile

Projection = Callable[[CaseFile, Event, Any], None]

_by_type: dict[str, list[Projection]] = {}


def projects(*kinds: type[Message]) -> Callable[[Projection], Projection]:
    def register(projection: Projection) -> Projection:
        for kind in kinds:
            _by_type.setdefault(kind.type, []).append(projection)
        return projection

    return register


def project(case: CaseFile, event: Event, message: Message) -> None:
    for projection in _by_type.get(event.type, ()):
        projection(case, event, message)
