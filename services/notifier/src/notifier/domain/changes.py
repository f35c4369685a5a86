"""Changes under a number: a correction the authority of export approves, an essential change all agree to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from notifier.domain import duties
from notifier.domain.authorities import rests_on
from notifier.domain.change import Change
from notifier.domain.life import CHANGE_PENDING
from notifier.domain.notification import Notification
from notifier.domain.refusals import finding, refuse_if_any, refused
from pic_law.changes import NEW_AUTHORITY, STRICTNESS, ChangeFound, found, strictest
from pic_schemas.documents import DraftNotification, NotificationDocument
from pic_schemas.messages import (
    ChangeAnswered,
    ChangedPlace,
    ChangeRefused,
    ChangeRequested,
    Message,
    NotificationChanged,
)
from pic_schemas.refusal import Finding

ROUTE = "/block_15"
"""Where the form names the authorities."""


def request_change(
    notification: Notification, blocks: DraftNotification, reason: str, on: date
) -> list[Message]:
    """What the exporter wants to stand in these blocks; the law of every State says who must agree."""
    mind_the_change(notification)
    document = amended(notification.filed, blocks)
    places = found(notification.filed, document, notification.lodged_on)
    if not places:
        raise refused("CHANGE_EMPTY", "every block stands as it is already", "/blocks")
    refuse_if_any(list(_beyond_any_change(places)))
    refuse_if_any([*_below_what_moved(notification, document), *_brought_in(notification, document, on)])
    kind = strictest(places).rule.kind
    said = ChangeRequested(
        number=notification.filed_number,
        change=len(notification.changes) + 1,
        kind="essential" if kind == "essential" else "correction",
        reason=reason,
        requested_on=on,
        changes=_places(places),
        document=document,
        article=strictest(places).rule.article,
    )
    if kind == "essential":
        notification.step("await agreement")
    notification.changes.append(Change(said))
    return [said]


def mind_the_change(notification: Notification) -> None:
    """Raises Refused when nothing can be changed now."""
    notification.allow("change")
    if (open_one := notification.open_change) is not None:
        detail = f"change {open_one.number} still waits for answers"
        raise refused("STATE_FORBIDS", detail, needs="first: the answers to that change")


def approve(notification: Notification, number: int, agrees: bool, reason: str, on: date) -> list[Message]:
    """The authority of export's own answer; a correction needs no other."""
    change = waiting(notification, number, notification.export_authority.agency)
    said = ChangeAnswered(
        number=notification.filed_number,
        change=number,
        authority=notification.export_authority.agency,
        role="export",
        agrees=agrees,
        answered_on=on,
        reason=reason or None,
        article=change.asked.article,
    )
    return [said, *hear_answer(notification, said, on)]


def waiting(notification: Notification, number: int, authority: str) -> Change:
    """The open change, if this authority has not answered it yet. Raises Refused."""
    notification.allow("answer change")
    change = notification.open_change
    if change is None or change.number != number:
        raise refused("CHANGE_UNKNOWN", f"no change {number} waits for an answer")
    if change.answered_by(authority):
        raise refused("ALREADY_DECIDED", f"{authority} has answered change {number}", needs="nothing more")
    return change


def hear_answer(notification: Notification, answer: ChangeAnswered, on: date) -> list[Message]:
    """The last agreement makes the new version; the first refusal leaves the old one."""
    change = notification.open_change
    if change is None or change.number != answer.change or change.answered_by(answer.authority):
        return []
    if answer.authority not in needed(notification, change):
        return []
    change.answers.append(answer)
    if not answer.agrees:
        return _refused(notification, change, answer, on)
    if any(not change.answered_by(each) for each in needed(notification, change)):
        return []
    return _agreed(notification, change, on)


def needed(notification: Notification, change: Change) -> tuple[str, ...]:
    """Whose agreement it takes: Regulation (EC) 1013/2006 Article 17(2); a correction only the first."""
    export = notification.export_authority.agency
    if not change.essential:
        return (export,)
    return (export, *(each.authority for each in notification.authorities if each.voting))


def amended(document: NotificationDocument, blocks: DraftNotification) -> NotificationDocument:
    """The form with these blocks in the place of its own; the number stays. Raises Refused."""
    filled = {name: value for name, value in blocks.payload().items() if value is not None}
    payload = document.payload() | filled
    payload["block_3"] = payload["block_3"] | {"number": document.block_3.number}
    payload["block_18"] = document.payload()["block_18"]
    return DraftNotification.model_validate(payload).complete()


def _agreed(notification: Notification, change: Change, on: date) -> list[Message]:
    change.outcome = "agreed"
    notification.document = change.asked.document
    notification.document_version += 1
    _end(notification)
    said: list[Message] = [
        NotificationChanged(
            number=notification.filed_number,
            change=change.number,
            kind=change.asked.kind,
            notification_version=notification.document_version,
            changed_on=on,
            changes=change.asked.changes,
            agreed_by=needed(notification, change),
            document=notification.filed,
            article=change.asked.article,
        )
    ]
    return said + _authorised_anew(notification, on)


def _authorised_anew(notification: Notification, on: date) -> list[Message]:
    """The authorisation follows the new version: same number and end, the new form's ceilings."""
    issued, limits = notification.authorisation, notification.limits
    if issued is None:
        return []
    followed = {
        "document_version": notification.document_version,
        "issued_on": on,
        "valid_to": min(issued.valid_to, limits.valid_to),
        "quantity_kg": limits.quantity_kg,
        "shipments": limits.shipments,
        "rests_on": rests_on(notification.authorities),
    }
    notification.authorisation = issued.model_copy(update=followed)
    return [notification.authorisation]


def _refused(notification: Notification, change: Change, answer: ChangeAnswered, on: date) -> list[Message]:
    change.outcome = "refused"
    _end(notification)
    return [
        ChangeRefused(
            number=notification.filed_number,
            change=change.number,
            authority=answer.authority,
            refused_on=on,
            reason=answer.reason,
        )
    ]


def _end(notification: Notification) -> None:
    if notification.state is CHANGE_PENDING:
        notification.step("end change")


def _beyond_any_change(places: Sequence[ChangeFound]) -> Iterator[Finding]:
    """What only a new notification can bring; each place once, under the law that says so first."""
    against = {each.difference.at: each for each in reversed(places) if each.rule.kind == STRICTNESS[-1]}
    for at, each in sorted(against.items()):
        adds = at == NEW_AUTHORITY
        rule_id = "CHANGE_ADDS_AUTHORITY" if adds else "CHANGE_NEEDS_NEW_NOTIFICATION"
        detail = f"{each.difference.new} was not asked" if adds else f"{at} stands as {each.difference.old}"
        general = finding(rule_id, f"{detail} ({each.state})", f"/blocks{ROUTE if adds else at}")
        rule = each.rule
        yield replace(general, article=rule.article, source=rule.source, verified=rule.verified)


def _brought_in(notification: Notification, document: NotificationDocument, on: date) -> Iterator[Finding]:
    """What the law has against the new form and has not against the old one."""
    before = duties.findings_so_far(_form(notification.filed), on)
    for each in duties.findings_so_far(_form(document), on):
        if each not in before:
            yield replace(each, pointer=f"/blocks{each.pointer}")


def _below_what_moved(notification: Notification, document: NotificationDocument) -> Iterator[Finding]:
    moved = sum(movement.counted_kg for movement in notification.live)
    if document.quantity_kg < moved:
        yield finding("QUANTITY_EXCEEDED", f"{moved} kg were announced already", "/blocks/block_5")
    if document.shipments < len(notification.live):
        detail = f"{len(notification.live)} shipments were announced already"
        yield finding("SHIPMENTS_EXCEEDED", detail, "/blocks/block_4")


def _places(places: Sequence[ChangeFound]) -> tuple[ChangedPlace, ...]:
    """Each place once, with the article of the strictest law on it."""
    by_place: dict[str, list[ChangeFound]] = {}
    for each in places:
        by_place.setdefault(each.difference.at, []).append(each)
    return tuple(
        ChangedPlace(
            at=at,
            old=laws[0].difference.old,
            new=laws[0].difference.new,
            article=strictest(tuple(laws)).rule.article,
        )
        for at, laws in by_place.items()
    )


def _form(document: NotificationDocument) -> DraftNotification:
    return DraftNotification.model_construct(**dict(document))
