"""Codes that open the console once, for whoever operates the exchange."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, model_validator

from pic_kit.access import Caller
from pic_kit.commands import seat
from pic_kit.problems import problems
from pic_schemas.envelope import WORLD_PATTERN
from single_window.api.context import TheRooms, standing_world
from single_window.api.worlds import Seat
from single_window.desk.clients import OPERATOR
from single_window.desk.entry import issue_code
from single_window.desk.store import Client

router = APIRouter(prefix="/v1/console-codes", tags=["console"])


class CodeOrder(BaseModel):
    """Whose seat the code opens: an observer of a world by default, the operator without a world."""

    world: Annotated[str, Field(pattern=WORLD_PATTERN)] | None = None
    agency: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")] = "observer"
    state: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "XX"
    roles: Annotated[list[Seat], Field(min_length=1)] = ["observer"]

    @model_validator(mode="after")
    def _a_seat_is_in_a_world(self) -> Self:
        if self.world is None and self.model_fields_set - {"world"}:
            raise ValueError("a seat needs its world; without a world the code is the operator's own")
        return self

    def client(self) -> Client:
        if self.world is None:
            return Client(OPERATOR, "", OPERATOR, "exchange", [OPERATOR])
        return Client("console", "", self.agency, self.state, sorted(self.roles), self.world)


class CodeView(BaseModel):
    """Open `path` in a browser within the time; the code behind the `#` is sent to no server log."""

    code: str
    path: str
    expires_at: datetime


@router.post("", status_code=201, responses=problems(401, 403, 404, 410, 422))
async def issue_console_code(
    order: CodeOrder, caller: Annotated[Caller, seat("operator")], house: TheRooms, response: Response
) -> CodeView:
    """A code that opens the console once."""
    if order.world is not None:
        await standing_world(house, caller, order.world)
    code, expires = await house.desk.write(lambda transaction: issue_code(transaction, order.client()))
    response.headers["Cache-Control"] = "no-store"
    return CodeView(code=code, path=f"/console/sign-in#code={code}", expires_at=expires)
