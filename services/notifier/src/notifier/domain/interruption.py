"""A consent that is taken back: what follows for the notification, the permit and the shipments."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from notifier.domain import duties
from notifier.domain.authorisation import authorise_by_itself
from notifier.domain.authorities import ConcernedAuthority
from notifier.domain.life import ASKED, CONSENT_WITHDRAWN, SUSPENDED
from notifier.domain.movement import CANCELLABLE
from notifier.domain.notification import Notification
from notifier.domain.refusals import refused
from notifier.domain.verdicts import settle
from pic_law.withdrawal import cancels_announced
from pic_schemas.messages import (
    AuthorisationSuspended,
    ConsentReinstated,
    ConsentSuspended,
    ConsentWithdrawn,
    Message,
    NotificationInterrupted,
)

Interrupted = ConsentWithdrawn | ConsentSuspended
BLOCKED = (CONSENT_WITHDRAWN, SUSPENDED)
INTERRUPTIBLE = (*ASKED, CONSENT_WITHDRAWN)


def hear_interruption(notification: Notification, said: Interrupted, on: date) -> list[Message]:
    """What is said of a later day waits for it: the consent stands until then."""
    asked = notification.asked(said.authority)
    if asked is None or not asked.hear_interruption(said, on) or asked.announced is not None:
        return []
    return _interrupted(notification, asked, said, on)


def awaited(asked: ConcernedAuthority) -> tuple[int, datetime] | None:
    """The number of the word that waits for its day, and when that day begins; None if nothing waits."""
    said = asked.announced
    return (said.version, datetime.combine(said.effective_on, time(), UTC)) if said else None


def take_effect(notification: Notification, authority: str, on: date) -> list[Message]:
    """The day has come; nothing, if what was announced was lifted, overtaken or moved, or all is over."""
    asked = notification.asked(authority)
    said = asked.announced if asked else None
    if asked is None or said is None or on < said.effective_on or notification.state not in INTERRUPTIBLE:
        return []
    asked.take_back(on)
    return _interrupted(notification, asked, said, on)


def _interrupted(
    notification: Notification, asked: ConcernedAuthority, said: Interrupted, on: date
) -> list[Message]:
    """No load starts any more; where the law of the State of export wants it, its permit is suspended too."""
    issued, told = notification.authorisation, _told(notification, asked, said)
    settle(notification)
    found = duties.suspended_with_consent(notification.filed, notification.lodged_on)
    cancelled = _cancel_announced(notification, said, on)
    if issued is None or found is None or not isinstance(said, ConsentWithdrawn):
        return [*told, *cancelled]
    return [
        *told,
        AuthorisationSuspended(
            number=notification.filed_number,
            authorisation_no=issued.authorisation_no,
            suspended_on=on,
            because_of=said.authority,
            rule=found.rule,
            article=found.article,
        ),
        *cancelled,
    ]


def _told(notification: Notification, asked: ConcernedAuthority, said: Interrupted) -> list[Message]:
    """A day that was waited for is told once it came; one that is effective at once told so itself."""
    withdrawn = isinstance(said, ConsentWithdrawn)
    said_on = said.withdrawn_on if isinstance(said, ConsentWithdrawn) else said.suspended_on
    if said.effective_on <= said_on or notification.state not in INTERRUPTIBLE:
        return []
    return [
        NotificationInterrupted(
            number=notification.filed_number,
            authority=said.authority,
            role=asked.role,
            version=said.version,
            interruption="withdrawn" if withdrawn else "suspended",
            effective_on=said.effective_on,
            in_transit=said.in_transit,
            profile=said.profile,
            article=said.article,
        )
    ]


def first_day_without(notification: Notification) -> date | None:
    """From which day on a consent will be gone, as far as that was announced."""
    announced = (each.announced for each in notification.authorities)
    return min((said.effective_on for said in announced if said), default=None)


def _cancel_announced(notification: Notification, said: Interrupted, on: date) -> list[Message]:
    """A facility that may not treat waste receives none: what has not started is asked to be cancelled."""
    if not isinstance(said, ConsentWithdrawn):
        return []
    if not cancels_announced(said.ground, profile=said.profile, on=on):
        return []
    reason = f"{said.authority} withdrew its consent: {said.ground}"
    waiting = (m for m in notification.movements if m.departure is None and m.stage in CANCELLABLE)
    return [movement.request_cancellation(reason, on) for movement in waiting]


def hear_reinstatement(notification: Notification, said: ConsentReinstated, on: date) -> list[Message]:
    """The consent stands as before, and with it what was authorised."""
    asked = notification.asked(said.authority)
    if asked is None or not asked.hear_reinstatement(said):
        return []
    settle(notification)
    return authorise_by_itself(notification, on)


def mind_the_consents(notification: Notification) -> None:
    """Raises Refused while a consent is withdrawn or suspended: no load starts."""
    if notification.state not in BLOCKED:
        return
    told = [each.withdrawn or each.suspended for each in notification.authorities]
    detail = "; ".join(
        f"{one.authority} {WORDS[type(one)]} its consent from {one.effective_on}: {one.ground or one.text}"
        for one in told
        if one
    )
    raise refused("CONSENT_WITHDRAWN", detail)


def mind_the_day(notification: Notification, on: date) -> None:
    """Raises Refused from the day on which a consent is gone, whether its clock has struck yet or not."""
    day = first_day_without(notification)
    if day is not None and on >= day:
        raise refused("CONSENT_WITHDRAWN", f"a consent on which the movement rests is gone from {day}")


WORDS: dict[type[Message], str] = {ConsentWithdrawn: "withdrew", ConsentSuspended: "suspended"}
