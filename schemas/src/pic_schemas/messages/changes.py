"""What changes under a notification: asked for, agreed by each authority, and the version that follows."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import Field

from pic_schemas.documents.base import AuthorityCode, Strict, Text
from pic_schemas.documents.declaration import Annex
from pic_schemas.documents.notification import NotificationDocument
from pic_schemas.envelope import UtcTime
from pic_schemas.messages.base import AUTHORITY, CUSTOMS, EXPORTER, FACILITY, Message, Service, Version
from pic_schemas.numbers import NumberText

ChangeKind = Literal["correction", "essential"]


class ChangedPlace(Strict):
    """One place of the form: what stood there and what is to stand there."""

    at: Text
    old: Any = None
    new: Any = None
    article: Text


class _OfChange(Message):
    number: NumberText
    change: Version = Field(description="counted within the notification, from 1")


class _FromNotifier(_OfChange):
    owner: ClassVar[Service] = "notifier"


class ChangeRequested(_FromNotifier):
    """The exporter asks for a change; an essential one needs the agreement of every authority concerned."""

    type = "pic.change.requested.v1"
    senders = (EXPORTER,)
    receivers = (AUTHORITY,)
    basis = "WSR 1013/2006 Art. 17; WSR 2024/1157 Art. 17; Annex IC p. 8"

    kind: ChangeKind
    reason: Text
    requested_on: date
    changes: tuple[ChangedPlace, ...] = Field(min_length=1)
    document: NotificationDocument
    article: Text


class ChangeAnswered(_OfChange):
    """An authority agrees to a change, or does not."""

    type = "pic.change.answered.v1"
    owner: ClassVar[Service] = "consent"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY)
    basis = "WSR 1013/2006 Art. 17(2); WSR 2024/1157 Art. 17(2)"

    authority: AuthorityCode
    role: Literal["export", "import", "transit"]
    agrees: bool
    answered_on: date
    due_at: UtcTime | None = None
    reason: Text | None = None
    article: Text
    evidence: Annex | None = Field(default=None, description="the document behind a step on paper")


class ChangeRefused(_FromNotifier):
    """An authority did not agree: the notification stands as it was, the change needs a new one."""

    type = "pic.change.refused.v1"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY)
    basis = "WSR 1013/2006 Art. 17(2); WSR 2024/1157 Art. 17(2)"

    authority: AuthorityCode
    refused_on: date
    reason: Text | None = None


class NotificationChanged(_FromNotifier):
    """The notification has a new version under its number: everybody follows the new form."""

    type = "pic.notification.changed.v1"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS, FACILITY)
    basis = "WSR 1013/2006 Art. 17; WSR 2024/1157 Art. 17; Annex IC p. 8"

    kind: ChangeKind
    notification_version: Version
    changed_on: date
    changes: tuple[ChangedPlace, ...] = Field(min_length=1)
    agreed_by: tuple[AuthorityCode, ...] = Field(min_length=1)
    document: NotificationDocument
    article: Text
