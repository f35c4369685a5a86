"""The authority of export lets it start with a permit, or it follows from the consents by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from notifier.domain import duties
from notifier.domain.authorities import ConcernedAuthority, rests_on, rests_on_silence
from notifier.domain.life import CONSENTED
from notifier.domain.limits import Limits, limits
from notifier.domain.notification import Notification
from notifier.domain.refusals import refused
from pic_schemas.documents import NotificationDocument
from pic_schemas.messages import Condition, ConsentNumber, Message, NotificationAuthorised


@dataclass(frozen=True, slots=True)
class Wish:
    """What the authority of export writes into its permit; what it leaves open follows from the law."""

    authorisation_no: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    conditions: tuple[Condition, ...] = ()


def authorise(notification: Notification, on: date, wish: Wish) -> list[Message]:
    """The permit, where the law of the State of export wants one."""
    notification.mind_the_contract()
    notification.allow("authorise")
    # A permit that ran out is not in the way of another.
    if (issued := notification.authorisation) is not None and issued.valid_to >= on:
        raise refused("STATE_FORBIDS", f"authorised already: {issued.authorisation_no}")
    window = window_of_permit(notification.filed, notification.authorities, wish, on)
    return [_authorised(notification, on, window, wish)]


def authorise_by_itself(notification: Notification, on: date) -> list[Message]:
    """Where no permit is wanted, the last consent is enough; a newer one makes a newer authorisation."""
    if notification.state is not CONSENTED or notification.permit.wanted:
        return []
    issued = notification.authorisation
    authorities = notification.authorities
    if any(each.silent and each.silence and not each.silence.releases for each in authorities):
        return []
    if issued and (issued.rests_on, issued.rests_on_silence) == _standing(authorities):
        return []
    return [_authorised(notification, on, notification.limits, Wish())]


def _standing(authorities: list[ConcernedAuthority]) -> tuple[object, object]:
    return rests_on(authorities), rests_on_silence(authorities)


def _authorised(notification: Notification, on: date, window: Limits, wish: Wish) -> Message:
    notification.authorisations_issued += 1
    issued = notification.authorisations_issued
    notification.authorisation = authorisation(
        notification.filed,
        notification.authorities,
        notification.permit,
        window,
        authorisation_no=wish.authorisation_no or f"{notification.filed_number}/{issued}",
        on=on,
        document_version=notification.document_version,
        conditions=wish.conditions,
    )
    return notification.authorisation


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
        rests_on_silence=rests_on_silence(authorities),
        conditions=(*of_consents, *conditions),
        consent_numbers=(ConsentNumber(waste_line=1, number=authorisation_no),),
        document_version=document_version,
        article=permit.article,
    )
