"""What an authority still wants to know, and what the exporter answers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pic_schemas.documents.base import AuthorityCode, Strict, Text
from pic_schemas.documents.declaration import Annex
from pic_schemas.envelope import UtcTime
from pic_schemas.messages.base import AUTHORITY, EXPORTER, Message, Service, Version
from pic_schemas.numbers import NumberText

Block = Annotated[int, Field(ge=1, le=21, description="the block of the form that it is about")]
Words = Annotated[str, Field(min_length=1, max_length=4000)]
Clock = Literal["acknowledgement", "decision"]


class Question(Strict):
    """One thing an authority wants to know, numbered within its request."""

    item: int = Field(ge=1, le=100)
    block: Block | None = None
    question: Words


class Reply(Strict):
    """The answer to one question, by its number."""

    item: int = Field(ge=1, le=100)
    answer: Words


class InformationRequested(Message):
    """An authority asked the exporter for more information; the other authorities see what it asked."""

    type = "pic.information.requested.v1"
    owner: ClassVar[Service] = "consent"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY)
    basis = "Basel Convention Art. 6(2); WSR 1013/2006 Art. 7(2), 8(1); WSR 2024/1157 Art. 8"

    number: NumberText
    authority: AuthorityCode
    role: Literal["export", "import", "transit"]
    request: Version = Field(description="counted by the authority, from 1")
    requested_on: date
    questions: tuple[Question, ...] = Field(min_length=1, max_length=100)
    answer_due_at: UtcTime | None = None
    pauses: tuple[Clock, ...] = Field(default=(), description="the clocks that stand still until the answer")
    profile: Text
    article: Text


class InformationProvided(Message):
    """The exporter answered a request; the authorities read answers and attachments."""

    type = "pic.information.provided.v1"
    owner: ClassVar[Service] = "notifier"
    senders = (EXPORTER,)
    receivers = (AUTHORITY,)
    basis = "WSR 1013/2006 Art. 8(1); WSR 2024/1157 Art. 8(3)"

    number: NumberText
    authority: AuthorityCode = Field(description="who asked")
    request: Version
    answered_on: date
    answers: tuple[Reply, ...] = Field(min_length=1, max_length=100)
    attachments: tuple[Annex, ...] = Field(default=(), max_length=100)
    decision_due_at: UtcTime | None = Field(default=None, description="where a halted clock ends now")
