"""What is checked when a form is handed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from notifier.domain import duties
from notifier.domain.refusals import finding, refuse_if_any, refused
from pic_law.notified import notifying
from pic_schemas.address import Address
from pic_schemas.documents import DraftNotification, NotificationDocument
from pic_schemas.refusal import Finding


def mind_the_exporter(draft: DraftNotification, exporter: Address) -> None:
    """Nobody fills in a form for somebody else; the importer of block 2 may have to notify (Art. 6(5)(b))."""
    named = draft.block_1.registration_no if draft.block_1 else exporter.agency
    if named != exporter.agency and not _is_importer(draft, exporter):
        detail = f"block 1 names {named}, the caller is {exporter.agency}"
        raise refused("EXPORTER_IS_CALLER", detail, "/block_1/registration_no")


def complete(draft: DraftNotification, exporter: Address, on: date) -> NotificationDocument:
    """The document to file; refused with everything that is missing, or everything that is wrong."""
    document = draft.complete()
    found = [*contradictions(draft, exporter, on), *_wrong_side(document, exporter, on)]
    refuse_if_any([*found, *_not_taken(found)])
    return document


def contradictions(draft: DraftNotification, exporter: Address, on: date) -> list[Finding]:
    """What form, caller and law have against the blocks that stand; missing blocks are another matter."""
    law = duties.findings_so_far(draft, on)
    return [*draft.contradictions(), *_own_findings(draft, exporter, on), *law]


def _is_importer(draft: DraftNotification, caller: Address) -> bool:
    party = draft.block_2
    return party is not None and (party.country, party.registration_no) == (caller.state, caller.agency)


def _wrong_side(document: NotificationDocument, caller: Address, on: date) -> Iterator[Finding]:
    """Who notifies is not the parties' choice: a waste that one side alone regulates is that side's."""
    due = notifying(document, on)
    if caller.state == due or caller.state not in (document.states.export, document.states.import_):
        return
    who, block = ("importer", "2") if due == document.states.import_ else ("exporter", "1")
    detail = f"the {who} of block {block} notifies, through the authority of {due}"
    article = "Art. 6(5)(b)" if who == "importer" else "Art. 6(1)"
    yield replace(finding("ONE_SIDED", detail, f"/block_{block}/registration_no"), article=article)


def _not_taken(found: list[Finding]) -> Iterator[Finding]:
    """What the control procedure prohibits stays a draft: nobody is asked to consent to it."""
    if against := [each.rule for each in found if each.rule in FORBIDDING]:
        yield finding("UNDER_PROHIBITION", f"it stays a draft: {', '.join(dict.fromkeys(against))}")


FORBIDDING = frozenset({"PROHIBITED", "NON_PARTY", "BAN_AMENDMENT"})


def numbered(document: NotificationDocument, number: str) -> NotificationDocument:
    return document.model_copy(update={"block_3": document.block_3.model_copy(update={"number": number})})


def without_particulars(form: DraftNotification) -> DraftNotification:
    """What belongs to one notification alone is left out: number, dates, signatures, annexes."""
    blocks: dict[str, Any] = {"block_6": None, "block_17": None}
    if form.block_3 is not None:
        blocks["block_3"] = form.block_3.model_copy(update={"number": None})
    if form.block_18 is not None:
        blocks["block_18"] = form.block_18.model_copy(update={"attached": ()})
    return form.model_copy(update=blocks)


def _own_findings(draft: DraftNotification, exporter: Address, on: date) -> Iterator[Finding]:
    """What the law's general checks cannot know: who calls, and what day it is."""
    route, declaration = draft.block_15, draft.block_17
    state = route.export.country if route is not None else exporter.state
    if state != exporter.state and not _is_importer(draft, exporter):
        detail = f"the exporter's State is {exporter.state}, block 15 names {state}"
        yield finding("STATE_NOT_CONCERNED", detail, "/block_15/export/country")
    if declaration is not None and (signed := declaration.notifier.signed_on) > on:
        yield finding("DATES_IMPOSSIBLE", f"signed on {signed}, after {on}", "/block_17/notifier/signed_on")
