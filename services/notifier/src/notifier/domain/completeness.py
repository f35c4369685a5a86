"""How far a form is filled in, block by block: the checks of the submission, asked before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from notifier.domain.submission import contradictions
from pic_schemas.address import Address
from pic_schemas.documents import DraftNotification, NotificationDocument
from pic_schemas.documents.notification import LABELS
from pic_schemas.refusal import Finding

Status = Literal["complete", "missing", "problems"]


@dataclass(frozen=True, slots=True)
class BlockStatus:
    """One block of the form; a block that need not be filled in is complete without content."""

    block: str
    label: str
    required: bool
    status: Status
    findings: tuple[Finding, ...]


def completeness(form: DraftNotification, exporter: Address, on: date) -> list[BlockStatus]:
    """Blocks 1 to 18 as a submission on that day would find them."""
    missing = set(form.missing())
    found = contradictions(form, exporter, on)
    return [_status(name, missing, [f for f in found if _block(f) == name]) for name in _FIELDS]


def _status(name: str, missing: set[str], found: list[Finding]) -> BlockStatus:
    status: Status = "missing" if name in missing else "problems" if found else "complete"
    return BlockStatus(name, LABELS[name], _FIELDS[name].is_required(), status, tuple(found))


def _block(finding: Finding) -> str:
    return finding.pointer.split("/")[1] if finding.pointer else ""


_FIELDS = NotificationDocument.model_fields
