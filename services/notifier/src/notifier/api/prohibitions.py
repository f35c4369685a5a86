"""Prohibitions that a State told the authority of export of, and their lifting."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from notifier.api.notifications import Authority, shown
from notifier.api.views import NotificationView
from notifier.commands import prohibition as commands
from notifier.domain.prohibition import Told
from pic_kit.commands import Answer
from pic_kit.problems import problems
from pic_kit.transaction import Work
from pic_schemas.documents.base import Country, Strict, Text

router = APIRouter(prefix="/v1/notifications/{ref}/prohibition", tags=["prohibitions"])


class ProhibitionBody(Strict):
    """Which State prohibits the movement, and where that stands."""

    state: Country
    detail: Annotated[str, Field(min_length=1, max_length=4000)]
    article: Text = "-"
    source: Text


class LiftingBody(Strict):
    """Why it is over."""

    detail: Annotated[str, Field(min_length=1, max_length=4000)]


@router.post("", response_model=NotificationView, responses=problems())
async def prohibit(ref: str, body: ProhibitionBody, command: Authority) -> Response:
    """Put the notification under the prohibition that a State of the route told of: nothing starts."""

    async def act(work: Work) -> Answer:
        return shown(await commands.prohibit(work, command.caller, ref, Told(**dict(body))))

    return await command.run(act)


@router.post("/lifting", response_model=NotificationView, responses=problems())
async def lift(ref: str, body: LiftingBody, command: Authority) -> Response:
    """Lift it: the notification stands where its authorities' answers put it."""

    async def act(work: Work) -> Answer:
        return shown(await commands.lift(work, command.caller, ref, body.detail))

    return await command.run(act)
