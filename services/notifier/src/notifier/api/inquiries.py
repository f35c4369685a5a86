"""Questions and answers, a notification that is declared invalid, and one that is withdrawn."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import Field

from notifier.api.notifications import Authority, Exporter, shown
from notifier.api.views import NotificationView
from notifier.commands import inquiries as commands
from pic_kit.commands import Answer
from pic_kit.problems import problems
from pic_kit.transaction import Work
from pic_schemas.documents.base import Strict, Text
from pic_schemas.documents.declaration import Sha256
from pic_schemas.messages import Question, Reply

router = APIRouter(prefix="/v1/notifications/{ref}", tags=["information"])

Asker = Annotated[str, Path(max_length=20, description="code of the authority that asked")]
Number = Annotated[int, Path(ge=1, le=1000)]


class QuestionsBody(Strict):
    """What the authority wants to know, each question with its number."""

    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=100)]


class AnswersBody(Strict):
    """An answer to every question; documents are attached first and named by their digest."""

    answers: Annotated[tuple[Reply, ...], Field(min_length=1, max_length=100)]
    attachments: Annotated[tuple[Sha256, ...], Field(max_length=100)] = ()


class ReasonBody(Strict):
    """Why."""

    reason: Text


@router.post("/information-requests", response_model=NotificationView, status_code=201, responses=problems())
async def ask(ref: str, body: QuestionsBody, command: Authority) -> Response:
    """Ask the exporter for information before the notification is transmitted (N02)."""

    async def act(work: Work) -> Answer:
        return shown(await commands.ask(work, command.caller, ref, body.questions), 201)

    return await command.run(act)


@router.post(
    "/information-requests/{authority}/{request}/answer",
    response_model=NotificationView,
    responses=problems(),
)
async def answer(
    ref: str, authority: Asker, request: Number, body: AnswersBody, command: Exporter
) -> Response:
    """Answer a request for information, by the authority that asked and its number (N03)."""

    async def act(work: Work) -> Answer:
        kept = await commands.answer(
            work,
            command.caller,
            ref,
            authority,
            request,
            replies=body.answers,
            attached=body.attachments,
        )
        return shown(kept)

    return await command.run(act)


@router.post("/invalidity", response_model=NotificationView, responses=problems())
async def declare_invalid(ref: str, body: ReasonBody, command: Authority) -> Response:
    """Declare the notification invalid: the information did not come."""

    async def act(work: Work) -> Answer:
        return shown(await commands.declare_invalid(work, command.caller, ref, body.reason))

    return await command.run(act)


@router.post("/withdrawal", response_model=NotificationView, responses=problems())
async def withdraw(ref: str, body: ReasonBody, command: Exporter) -> Response:
    """Withdraw the notification before it is decided (N09)."""

    async def act(work: Work) -> Answer:
        return shown(await commands.withdraw(work, command.caller, ref, body.reason))

    return await command.run(act)
