"""What is checked when a form is handed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from notifier.domain import duties
from notifier.domain.refusals import finding, refuse_if_any, refused
from pic_schemas.address import Address
from pic_schemas.documents import DraftNotification, NotificationDocument
from pic_schemas.refusal import Finding


def mind_the_exporter(draft: DraftNotification, exporter: Address) -> None:
    """Nobody fills in a form for somebody else."""
    named = draft.block_1.registration_no if draft.block_1 else exporter.agency
    if named != exporter.agency:
        detail = f"block 1 names {named}, the caller is {exporter.agency}"
        raise refused("EXPORTER_IS_CALLER", detail, "/block_1/registration_no")


def complete(draft: DraftNotification, exporter: Address, on: date) -> NotificationDocument:
    """The document to file; refused with everything that is missing, or everything that is wrong."""
    document = draft.complete()
    refuse_if_any([*_own_findings(document, exporter, on), *duties.findings(document, on)])
    return document


def numbered(document: NotificationDocument, number: str) -> NotificationDocument:
    return document.model_copy(update={"block_3": document.block_3.model_copy(update={"number": number})})


def _own_findings(document: NotificationDocument, exporter: Address, on: date) -> Iterator[Finding]:
    """What the law's general checks cannot know: who calls, and what day it is."""
    if (state := document.states.export) != exporter.state:
        detail = f"the exporter's State is {exporter.state}, block 15 names {state}"
        yield finding("STATE_NOT_CONCERNED", detail, "/block_15/export/country")
    if (signed := document.block_17.notifier.signed_on) > on:
        yield finding("DATES_IMPOSSIBLE", f"signed on {signed}, after {on}", "/block_17/notifier/signed_on")
