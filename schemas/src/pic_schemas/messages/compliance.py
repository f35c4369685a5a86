"""What an authority of import finds not done in time; it stops no load."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pic_schemas.documents.base import AuthorityCode, RegistrationNo, Text
from pic_schemas.messages.base import AUTHORITY, EXPORTER, FACILITY
from pic_schemas.messages.movement import OfMovement


class DutyMissed(OfMovement):
    """A duty of the facility was not done in time: a compliance alert or a violation, as its law has it."""

    type = "pic.duty.missed.v1"
    owner = "consent"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY, FACILITY)
    basis = "SOR/2021-25 s. 16(5), 28(5), 14(1)(p), 26(1)(q), (r)"

    duty: Text
    weight: Literal["alert", "violation"]
    authority: AuthorityCode
    facility: RegistrationNo
    due_on: date
    done_on: date | None = None
    """The day on which it was done late; empty while it is not done."""
    clock: Text
    rule: Text
    profile: Text
    article: Text
    source: Text
    verified: bool
