"""Each authority answers for itself; together their answers say where the notification stands."""

from __future__ import annotations

from datetime import date

from notifier.domain.authorisation import authorise_by_itself
from notifier.domain.authorities import all_consent
from notifier.domain.life import (
    ASKED,
    CHANGE_PENDING,
    CONSENT_WITHDRAWN,
    CONSENTED,
    EXHAUSTED,
    EXPIRED,
    INFO_REQUESTED,
    OBJECTED,
    REACHED_BY,
    SUSPENDED,
    TRANSMITTED,
    UNDER_DECISION,
    UNDER_PROHIBITION,
    State,
)
from notifier.domain.notification import Notification
from pic_schemas.messages import (
    ContractConfirmed,
    DecisionTaken,
    Message,
    NotificationAcknowledged,
    NotificationObjected,
)


def hear_acknowledgement(notification: Notification, acknowledgement: NotificationAcknowledged) -> None:
    if authority := notification.asked(acknowledgement.authority):
        authority.acknowledgement = acknowledgement
        settle(notification)


def hear_contract(notification: Notification, contract: ContractConfirmed, on: date) -> list[Message]:
    authority = notification.asked(contract.authority)
    if authority is None or authority.role != "import":
        return []
    notification.contract = contract
    settle(notification)
    return authorise_by_itself(notification, on)


def hear_decision(notification: Notification, decision: DecisionTaken, on: date) -> list[Message]:
    authority = notification.asked(decision.authority)
    if authority is None or not authority.hear_decision(decision):
        return []
    settle(notification)
    if authority.objects:
        return [_objected(notification, decision)]
    return authorise_by_itself(notification, on)


def settle(notification: Notification) -> None:
    """What is over stays over; else the state follows from what the authorities say together."""
    if notification.state not in ASKED or notification.transmitted_on is None:
        return
    if (standing := standing_of(notification)) is not notification.state:
        notification.step(REACHED_BY[standing])
    if notification.state not in KEEP_THEIR_PERMIT:
        notification.authorisation = None
        _overtake(notification)


KEEP_THEIR_PERMIT = (CONSENTED, CHANGE_PENDING, SUSPENDED, EXPIRED, EXHAUSTED, UNDER_PROHIBITION)
"""Where what was authorised is kept, though nothing may start under it."""


def standing_of(notification: Notification) -> State:
    """What the answers come to, taken together."""
    authorities = notification.authorities
    if any(each.withdrawn for each in authorities):
        return CONSENT_WITHDRAWN
    if notification.prohibition is not None:
        return UNDER_PROHIBITION
    if any(each.objects for each in authorities):
        return OBJECTED
    if any(each.suspended for each in authorities):
        return SUSPENDED
    if all_consent(authorities) and not notification.contract_missing:
        change = notification.open_change
        if change is not None and change.essential:
            return CHANGE_PENDING
        if _ran_out(notification):
            return EXPIRED
        return EXHAUSTED if notification.used_up else CONSENTED
    if any(each.answered for each in authorities):
        return UNDER_DECISION
    return INFO_REQUESTED if any(each.is_open for each in notification.inquiries) else TRANSMITTED


def _ran_out(notification: Notification) -> bool:
    """A window that ended is over until the consents last longer."""
    ended = notification.expired_on
    return ended is not None and notification.limits.valid_to <= ended


def _overtake(notification: Notification) -> None:
    """Without consents there is nothing that an essential change could change."""
    change = notification.open_change
    if change is not None and change.essential:
        change.outcome = "overtaken"


def _objected(notification: Notification, decision: DecisionTaken) -> Message:
    return NotificationObjected(
        number=notification.filed_number,
        authority=decision.authority,
        decision_version=decision.version,
        grounds=decision.grounds,
    )
