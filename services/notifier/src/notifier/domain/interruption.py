"""A consent that is taken back: what follows for the notification, the permit and the shipments."""

from __future__ import annotations

from datetime import date

from notifier.domain import duties
from notifier.domain.authorisation import authorise_by_itself
from notifier.domain.life import CONSENT_WITHDRAWN, SUSPENDED
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
)

Interrupted = ConsentWithdrawn | ConsentSuspended
BLOCKED = (CONSENT_WITHDRAWN, SUSPENDED)


def hear_interruption(notification: Notification, said: Interrupted, on: date) -> list[Message]:
    """No load starts any more; where the law of the State of export wants it, its permit is suspended too."""
    asked = notification.asked(said.authority)
    if asked is None or not asked.hear_interruption(said):
        return []
    issued = notification.authorisation
    settle(notification)
    found = duties.suspended_with_consent(notification.filed, notification.lodged_on)
    cancelled = _cancel_announced(notification, said, on)
    if issued is None or found is None or not isinstance(said, ConsentWithdrawn):
        return cancelled
    return [
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
    if asked is None or not asked.hear_interruption(said):
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


WORDS: dict[type[Message], str] = {ConsentWithdrawn: "withdrew", ConsentSuspended: "suspended"}
