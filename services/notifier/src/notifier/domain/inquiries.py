"""Requests for information: those of the authority of export, those of the others, and the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from notifier.domain import duties
from notifier.domain.inquiry import Inquiry
from notifier.domain.life import INFO_REQUESTED_EXPORT
from notifier.domain.notification import Notification
from notifier.domain.refusals import finding, refused
from notifier.domain.verdicts import settle
from pic_law.governing import Governing
from pic_schemas.documents.declaration import Annex
from pic_schemas.messages import (
    InformationProvided,
    InformationRequested,
    Message,
    NotificationInvalidated,
    Question,
    Reply,
)
from pic_schemas.refusal import Refused

EXPORT = "export"


def ask(notification: Notification, questions: Sequence[Question], on: date) -> list[Message]:
    """The authority of export asks before it transmits, as often and as long as its law lets it."""
    mind_the_question(notification, on)
    law = _duty(notification, "notifier_answer")
    due = duties.due_from(law, on, notification.export_authority.agency)
    said = InformationRequested(
        number=notification.filed_number,
        authority=notification.export_authority.agency,
        role=EXPORT,
        request=len(of_export(notification)) + 1,
        requested_on=on,
        questions=tuple(questions),
        answer_due_at=due.due_at if due else None,
        profile=law.profile,
        article=law.article or law.source,
    )
    notification.inquiries.append(Inquiry(said))
    notification.step("ask")
    return [said]


def mind_the_question(notification: Notification, on: date) -> None:
    """Raises Refused when the authority of export may not ask today."""
    notification.allow("ask")
    _mind_the_time(notification, of_export(notification), on)


def hear_request(notification: Notification, request: InformationRequested) -> None:
    """An authority that was asked wants to know more."""
    known = {(each.authority, each.request) for each in notification.inquiries}
    if notification.asked(request.authority) and (request.authority, request.request) not in known:
        notification.inquiries.append(Inquiry(request))
        settle(notification)


def answer(
    notification: Notification,
    authority: str,
    request: int,
    replies: Sequence[Reply],
    attached: Sequence[str],
    on: date,
) -> list[Message]:
    """The exporter answers every question of one request; the other requests stay open."""
    inquiry = open_inquiry(notification, authority, request)
    _mind_the_questions(inquiry, replies)
    said = InformationProvided(
        number=notification.filed_number,
        authority=authority,
        request=request,
        answered_on=on,
        answers=tuple(replies),
        attachments=tuple(_annex(notification, place, digest) for place, digest in enumerate(attached)),
        decision_due_at=_resumed(notification, inquiry, on),
    )
    inquiry.answered = said
    if notification.state is INFO_REQUESTED_EXPORT:
        notification.step("resume checking")
    else:
        settle(notification)
    return [said]


def open_inquiry(notification: Notification, authority: str, request: int) -> Inquiry:
    """Raises Refused when nothing waits for an answer, or not now."""
    notification.allow("answer")
    for each in notification.inquiries:
        if (each.authority, each.request) == (authority, request) and each.is_open:
            return each
    raise refused("INFORMATION_REQUEST_UNKNOWN", f"no open request {request} of {authority}")


def runs_on(notification: Notification, authority: str, request: int) -> bool:
    """Whether the answer to this request sets a halted decision clock going again."""
    asked = ((each.authority, each.request, each.answered) for each in notification.inquiries)
    return any((a, n) == (authority, request) and said and said.decision_due_at for a, n, said in asked)


def declare_invalid(notification: Notification, reason: str, on: date) -> list[Message]:
    """Regulation (EU) 2024/1157 Article 8: the information did not come, or was never enough."""
    notification.allow("declare invalid")
    law = _duty(notification, "declare_invalid")
    if law.duty is None:
        detail = f"{law.profile} knows no declaration that a notification is invalid"
        raise refused("STATE_FORBIDS", detail, needs="that the exporter withdraws it")
    asked = of_export(notification)
    late = any(each.overdue(on) for each in asked)
    used_up = notification.state is not INFO_REQUESTED_EXPORT and asked and not _left(notification, asked)
    if not (late or used_up):
        detail = f"{len(asked)} requests were made, {_left(notification, asked)} are left"
        raise _under(law, "INFORMATION_STILL_DUE", detail)
    notification.step("declare invalid")
    number = notification.filed_number
    return [NotificationInvalidated(number=number, invalidated_on=on, reason=reason, article=law.article)]


def of_export(notification: Notification) -> list[Inquiry]:
    """What the authority of export itself asked."""
    return [each for each in notification.inquiries if each.asked.role == EXPORT]


def _mind_the_time(notification: Notification, asked: Sequence[Inquiry], on: date) -> None:
    """The first request runs from the submission, a further one from the answer before it."""
    law = _duty(notification, "further_requests" if asked else "export_ca_check")
    if asked and not _left(notification, asked):
        raise _under(law, "INFORMATION_REQUESTS_USED", f"{len(asked)} requests were made")
    before = asked[-1].answered if asked else None
    start = before.answered_on if before else notification.lodged_on
    due = duties.due_from(law, start, notification.export_authority.agency)
    if due is not None and on > due.due_on:
        raise _under(law, "INFORMATION_REQUEST_LATE", f"{due.due_on} was the last day: {due.basis}")


def _left(notification: Notification, asked: Sequence[Inquiry]) -> int:
    """How many requests the law still allows; where it counts none, there is always another."""
    law = _duty(notification, "further_requests")
    allowed: Any = law.duty.value if law.duty else None
    return max(0, 1 + int(allowed["max"]) - len(asked)) if allowed else 1


def _mind_the_questions(inquiry: Inquiry, replies: Sequence[Reply]) -> None:
    asked = sorted(question.item for question in inquiry.asked.questions)
    answered = sorted(reply.item for reply in replies)
    if asked != answered:
        detail = f"the questions are {asked}, the answers {answered}"
        raise refused("INFORMATION_ANSWER_MISSING", detail, "/answers")


def _annex(notification: Notification, place: int, digest: str) -> Annex:
    found = notification.attached(digest)
    if found is None:
        raise refused("ATTACHMENT_UNKNOWN", f"nothing is attached under {digest}", f"/attachments/{place}")
    return found


def _resumed(notification: Notification, inquiry: Inquiry, on: date) -> datetime | None:
    """Where the authority's decision clock ends, if it stood still for this request."""
    asked = notification.asked(inquiry.authority)
    if asked is None or asked.decision_due_at is None or "decision" not in inquiry.asked.pauses:
        return None
    law = duties.of_authority(notification.filed, "decision", asked.state, asked.role, notification.lodged_on)
    since = inquiry.asked.requested_on
    asked.due_moved_to = duties.resumed_at(law, asked.decision_due_at, since, on, asked.authority)
    return asked.due_moved_to


def _duty(notification: Notification, name: str) -> Governing:
    return duties.in_export(notification.filed, name, notification.lodged_on)


def _under(law: Governing, rule_id: str, detail: str) -> Refused:
    """The refusal under the article of the law that governs."""
    general = finding(rule_id, detail)
    stated = replace(general, article=law.article, source=law.source, verified=law.verified)
    return Refused("conflict", [stated if law.duty else general])
