"""The authorisation: a permit of the State of export, or what follows from the consents by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from notifier.domain import duties
from notifier.domain.authorities import ConcernedAuthority, rests_on
from notifier.domain.limits import Limits, limits
from notifier.domain.refusals import refused
from pic_schemas.documents import NotificationDocument
from pic_schemas.messages import Condition, ConsentNumber, NotificationAuthorised


@dataclass(frozen=True, slots=True)
class Wish:
    """What the authority of export writes into its permit; what it leaves open follows from the law."""

    authorisation_no: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    conditions: tuple[Condition, ...] = ()


def window_of_permit(
    document: NotificationDocument, authorities: list[ConcernedAuthority], wish: Wish, on: date
) -> Limits:
    """Inside every consent, not over yet, and no longer than the law of the State of export lets it run."""
    widest = limits(document, authorities)
    latest = duties.latest_end_of_permit(document, on, widest.valid_to)
    first = wish.valid_from or max(on, widest.valid_from)
    last = wish.valid_to or latest
    if not widest.valid_from <= first <= last <= latest or last < on:
        detail = f"{first} to {last} is not inside {widest.valid_from} to {latest}"
        raise refused("CONSENT_WINDOW", detail, "/valid_to" if wish.valid_to else "/valid_from")
    return replace(widest, valid_from=first, valid_to=last)


def authorisation(
    document: NotificationDocument,
    authorities: list[ConcernedAuthority],
    permit: duties.Permit,
    window: Limits,
    *,
    authorisation_no: str,
    on: date,
    document_version: int,
    conditions: tuple[Condition, ...] = (),
) -> NotificationAuthorised:
    """Names the decision versions it rests on, and carries every condition of every consent."""
    of_consents = [c for each in authorities if each.decision for c in each.decision.conditions]
    return NotificationAuthorised(
        number=document.block_3.number or "",
        authorisation_no=authorisation_no,
        how="permit" if permit.wanted else "automatic",
        issued_on=on,
        valid_from=window.valid_from,
        valid_to=window.valid_to,
        quantity_kg=window.quantity_kg,
        shipments=window.shipments,
        rests_on=rests_on(authorities),
        conditions=(*of_consents, *conditions),
        consent_numbers=(ConsentNumber(waste_line=1, number=authorisation_no),),
        document_version=document_version,
        article=permit.article,
    )
