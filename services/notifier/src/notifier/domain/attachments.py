"""What is attached to a notification: by digest, type, size, kind and block; the bytes are elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from notifier.domain.refusals import refused
from pic_schemas.address import Address
from pic_schemas.documents import DraftNotification
from pic_schemas.documents.declaration import Annex

Kind = Literal["contract", "guarantee", "insurance", "permits", "analysis", "answer", "other"]
"""`answer` is what an authority wrote that is not on the exchange."""

# Implementing Regulation (EU) 2025/1290 Art. 13: pdf or jpeg, at most 32 MB each.
ACCEPTED = ("application/pdf", "image/jpeg")
AT_MOST = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Attachment:
    """One document, when it was attached and by whom."""

    annex: Annex
    added_on: date
    added_by: Address


def mind_the_type(claimed: str, shown: str | None) -> str:
    """The true media type. Raises Refused for one that is not accepted, or not what the sender says."""
    if shown is None or shown not in ACCEPTED:
        raise refused("ATTACHMENT_TYPE", f"its first bytes show {shown or 'neither pdf nor jpeg'}")
    if claimed.partition(";")[0].strip().lower() != shown:
        raise refused("ATTACHMENT_TYPE", f"sent as {claimed or 'nothing'}, but its first bytes show {shown}")
    return shown


def too_large() -> Exception:
    return refused("ATTACHMENT_TOO_LARGE", f"more than {AT_MOST} bytes")


def with_annexes(draft: DraftNotification, attachments: Iterable[Attachment]) -> DraftNotification:
    """Block 18 lists what is really there, whatever the form says."""
    if draft.block_18 is None:
        return draft
    there = tuple(attachment.annex for attachment in attachments)
    listed = {"attached": there, "total": max(draft.block_18.total, len(there))}
    return draft.model_copy(update={"block_18": draft.block_18.model_copy(update=listed)})
