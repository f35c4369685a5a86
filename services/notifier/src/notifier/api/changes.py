"""Changes: what the exporter wants to stand in a block, and the authority of export's answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from notifier.api.notifications import Authority, Exporter, shown
from notifier.api.views import NotificationView
from notifier.commands import changes as commands
from pic_kit.commands import Answer
from pic_kit.problems import problems
from pic_kit.transaction import Work
from pic_schemas.documents import DraftNotification
from pic_schemas.documents.base import Strict, Text

router = APIRouter(prefix="/v1/notifications/{ref}/changes", tags=["changes"])


class ChangeBody(Strict):
    """The blocks that change, each whole; every other block stays as it is."""

    blocks: DraftNotification
    reason: Text


class ChangeAnswerBody(Strict):
    """Whether the authority agrees; a refusal says why."""

    agrees: bool
    reason: Text | None = None


@router.post("", response_model=NotificationView, status_code=201, responses=problems())
async def request_change(ref: str, body: ChangeBody, command: Exporter) -> Response:
    """Ask for a correction or an essential change (N10)."""

    async def act(work: Work) -> Answer:
        return shown(await commands.request_change(work, command.caller, ref, body.blocks, body.reason), 201)

    return await command.run(act)


@router.post("/{change}/answer", response_model=NotificationView, responses=problems())
async def answer_change(
    ref: str, change: Annotated[int, Path(ge=1, le=1000)], body: ChangeAnswerBody, command: Authority
) -> Response:
    """Agree to a change or refuse it, as the authority of export (N11)."""

    async def act(work: Work) -> Answer:
        kept = await commands.approve(
            work, command.caller, ref, change, agrees=body.agrees, reason=body.reason or ""
        )
        return shown(kept)

    return await command.run(act)
