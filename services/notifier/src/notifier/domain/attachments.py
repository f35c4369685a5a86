"""What is attached to a notification: by digest, type, size, kind and block; the bytes are elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pic_schemas.address import Address
from pic_schemas.documents import DraftNotification
from pic_schemas.documents.declaration import Annex

Kind = Literal["contract", "guarantee", "insurance", "permits", "analysis", "answer", "other"]
"""`answer` is what an authority wrote that is not on the exchange."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One document, when it was attached and by whom."""

    annex: Annex
    added_on: date
    added_by: Address


def with_annexes(draft: DraftNotification, attachments: Iterable[Attachment]) -> DraftNotification:
    """Block 18 lists what is really there, whatever the form says."""
    if draft.block_18 is None:
        return draft
    there = tuple(attachment.annex for attachment in attachments)
    listed = {"attached": there, "total": max(draft.block_18.total, len(there))}
    return draft.model_copy(update={"block_18": draft.block_18.model_copy(update=listed)})
