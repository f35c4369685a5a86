"""The inbox as its reader sees it: a line for each notification on a desk or at a gate."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from consent.domain.authority_file import AuthorityFile
from consent.domain.facility_file import FacilityFile
from consent.domain.states import FileState


class InboxEntry(BaseModel):
    """One line of an inbox; `authority` is empty in a facility's."""

    case: str
    number: str
    country: str
    authority: str | None
    role: Literal["import", "transit", "facility"]
    state: FileState | None
    exporter: str
    waste_code: str
    quantity_kg: int
    shipments: int
    decision_due_at: datetime | None = None
    overdue: bool = False


class Inbox(BaseModel):
    """A page of an inbox; `next` is the cursor of the next page."""

    items: list[InboxEntry]
    next: str | None = None


def desk_entry(file: AuthorityFile) -> InboxEntry:
    return InboxEntry(
        case=file.case,
        number=file.number,
        country=file.country,
        authority=file.authority,
        role=file.role,
        state=file.state,
        exporter=file.document.exporter.name,
        waste_code=file.document.waste_code,
        quantity_kg=file.document.quantity_kg,
        shipments=file.document.shipments,
        decision_due_at=file.decision_due_at,
        overdue=file.overdue,
    )


def gate_entry(file: FacilityFile) -> InboxEntry:
    return InboxEntry(
        case=file.case,
        number=file.number,
        country=file.country,
        authority=None,
        role="facility",
        state=None,
        exporter=file.document.exporter.name,
        waste_code=file.document.waste_code,
        quantity_kg=file.document.quantity_kg,
        shipments=file.document.shipments,
    )
