"""A notification that the law, a view or a State's word prohibits: nothing starts until that is lifted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from notifier.domain.authorisation import authorise_by_itself
from notifier.domain.life import ASKED, REACHED_BY, STEPS, UNDER_PROHIBITION, State
from notifier.domain.notification import Notification
from notifier.domain.refusals import refused
from notifier.domain.stopped import Prohibition
from notifier.domain.verdicts import settle
from pic_law.control import Control
from pic_law.disputes import Stated, treated
from pic_law.turning_days import next_turn
from pic_law.views import View
from pic_schemas.messages import (
    ClassificationStated,
    Message,
    NotificationProhibited,
    Prohibiting,
    ProhibitionLifted,
)
from pic_schemas.refusal import Refused


@dataclass(frozen=True, slots=True)
class Told:
    """What a State told the authority of export of a prohibition of its own."""

    state: str
    detail: str
    article: str
    source: str


def review(notification: Notification, on: date) -> list[Message]:
    """What the law of this day makes of it; what a State told is lifted only by that State's word."""
    standing = notification.prohibition
    found = _control(notification, on)
    if found is not None and found.prohibited:
        if standing is not None or not _may_be_prohibited(notification):
            return []
        cause = "view" if notification.views and not _by_law_alone(notification, on) else "law"
        reasons = tuple(
            Prohibiting(
                rule=step.rule,
                article=step.article,
                source=step.source,
                verified=step.verified,
                detail=step.detail,
            )
            for step in found.forbidding
        )
        return _prohibit(
            notification,
            NotificationProhibited(
                number=notification.filed_number, prohibited_on=on, cause=cause, reasons=reasons
            ),
        )
    if standing is not None and standing.said.cause != "told" and notification.state is UNDER_PROHIBITION:
        return _lift(notification, "the law no longer prohibits it", on)
    return []


def prohibit(notification: Notification, told: Told, on: date) -> list[Message]:
    """Basel Convention Article 4(1): what a State of the route told is respected from the day it is known."""
    notification.allow("prohibit")
    if told.state not in notification.filed.states.all:
        raise refused("STATE_NOT_CONCERNED", f"{told.state} is not on the route", "/state")
    reason = Prohibiting(
        rule="PROHIBITED", article=told.article, source=told.source, detail=f"{told.state}: {told.detail}"
    )
    said = NotificationProhibited(
        number=notification.filed_number,
        prohibited_on=on,
        cause="told",
        told_by=told.state,
        reasons=(reason,),
    )
    return _prohibit(notification, said)


def lift(notification: Notification, detail: str, on: date) -> list[Message]:
    """The State's word is taken back; what the law prohibits no authority lifts."""
    notification.allow("lift prohibition")
    found = _control(notification, on)
    if found is not None and found.prohibited:
        step = found.deciding
        raise refused("PROHIBITED", f"{step.detail} ({step.article}, {step.source})", needs="another law")
    return _lift(notification, detail, on)


def hear_view(notification: Notification, said: ClassificationStated, on: date) -> list[Message]:
    """An authority sees the load otherwise: treated as the stricter view has it, that may prohibit it."""
    known = notification.views.get(said.authority)
    if known is not None and known.version >= said.version:
        return []
    notification.views[said.authority] = said
    return review(notification, on)


def next_review(notification: Notification, on: date) -> date | None:
    """The day on which the law turns for this movement while loads may still start."""
    document = notification.document
    if document is None or not (_may_be_prohibited(notification) or notification.prohibition):
        return None
    try:
        return next_turn(_stated(notification), _views(notification), on, document.block_6.last_departure)
    except Refused:
        return None  # a code that is not valid on some day is another matter


def mind_the_prohibition(notification: Notification) -> None:
    """Raises Refused while the movement is prohibited."""
    if (standing := notification.prohibition) is not None:
        reasons = "; ".join(f"{one.detail} ({one.article})" for one in standing.said.reasons)
        raise refused("UNDER_PROHIBITION", f"since {standing.said.prohibited_on}: {reasons}")


def _prohibit(notification: Notification, said: NotificationProhibited) -> list[Message]:
    notification.prohibition = Prohibition(said, notification.state.value)
    notification.step("prohibit")
    return [said]


def _lift(notification: Notification, detail: str, on: date) -> list[Message]:
    """Back to where it stood, or to where the answers that came meanwhile put it."""
    standing, notification.prohibition = notification.prohibition, None
    stood = State(standing.stood_at) if standing else notification.state
    if stood in ASKED:
        settle(notification)
    else:
        notification.step(REACHED_BY[stood])
    said = ProhibitionLifted(number=notification.filed_number, lifted_on=on, detail=detail)
    return [said, *authorise_by_itself(notification, on)]


def _may_be_prohibited(notification: Notification) -> bool:
    return notification.state in STEPS["prohibit"].before


def _by_law_alone(notification: Notification, on: date) -> bool:
    found = treated(_stated(notification), (), on)
    return found is not None and found.prohibited


def _control(notification: Notification, on: date) -> Control | None:
    try:
        return treated(_stated(notification), _views(notification), on)
    except Refused:
        return None  # a code that ended meanwhile is another matter


def _stated(notification: Notification) -> Stated:
    document = notification.filed
    states = document.states
    return Stated(states.export, states.import_, states.transit, document.waste_code, document.operation[0])


def _views(notification: Notification) -> tuple[View, ...]:
    said = sorted(notification.views.items())
    return tuple(View(one.state, one.code, one.operation, one.waste) for _, one in said)
