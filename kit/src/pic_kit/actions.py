"""How a service shows what a seat may ask for now, and why not the rest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from pic_kit.problems import ProblemFinding
from pic_schemas.action import Action
from pic_schemas.address import Role


class ActionView(BaseModel):
    """One command of the caller's seat. Send it with `?dry_run=true` to have its body checked as well."""

    act: str
    seat: Role
    method: Literal["POST", "PUT"]
    path: str = Field(description="below this service's own address")
    offered: bool
    reasons: list[ProblemFinding] = Field(description="why it is refused now; empty when it is offered")


class ActionsView(BaseModel):
    """Every command of the caller's seat in one case, at the world's time."""

    case: str
    number: str | None
    state: str | None = Field(description="where the case stands at the caller's desk; null at a gate")
    now: datetime
    actions: list[ActionView]


def action_views(actions: Iterable[Action], base: str) -> list[ActionView]:
    """`base`: the path of the case, e.g. `/v1/notifications/{case}`."""
    return [
        ActionView.model_validate(
            {
                "act": action.act,
                "seat": action.seat,
                "method": action.method,
                "path": base + action.path,
                "offered": action.offered,
                "reasons": [ProblemFinding.of(found) for found in action.against],
            }
        )
        for action in actions
    ]
