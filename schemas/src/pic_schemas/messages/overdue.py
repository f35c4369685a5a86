"""What did not come in time: receipts and certificates that the State of export misses."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pic_schemas.documents.base import AuthorityCode, RegistrationNo, Text
from pic_schemas.messages.base import AUTHORITY, EXPORTER, FACILITY
from pic_schemas.messages.movement import OfMovement

Missing = Literal["receipt", "certificate"]


class MovementOverdue(OfMovement):
    """The State of export has not heard what the facility owes, and tells the State of import."""

    type = "pic.movement.overdue.v1"
    owner = "notifier"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY, FACILITY)
    basis = "Basel Convention Art. 6(9); WSR 1013/2006 Art. 35(3)(e); WSR 2024/1157 Art. 38(3)(e)"

    missing: Missing
    authority: AuthorityCode
    facility: RegistrationNo
    due_on: date
    clock: Text
    """What was counted from when, in words."""
    rule: Text
    profile: Text
    article: Text
    source: Text
    verified: bool
