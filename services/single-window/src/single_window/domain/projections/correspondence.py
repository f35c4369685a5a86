"""Questions and answers, changes and who agreed to them."""

from __future__ import annotations

from pic_schemas.envelope import Event
from pic_schemas.messages import (
    ChangeAnswered,
    ChangedPlace,
    ChangeRefused,
    ChangeRequested,
    InformationProvided,
    InformationRequested,
    NotificationChanged,
)
from single_window.domain.case import CaseFile, ChangeEntry, RequestEntry
from single_window.domain.projections.notification import answered, describe
from single_window.domain.projections.register import projects


@projects(InformationRequested)
def request(case: CaseFile, event: Event, message: InformationRequested) -> None:
    entry = RequestEntry(
        authority=message.authority,
        role=message.role,
        request=message.request,
        requested_on=message.requested_on,
        questions=[question.question for question in message.questions],
        due_at=message.answer_due_at,
        article=f"{message.article} ({message.profile})",
    )
    case.requests.append(entry)
    if message.role == "export":
        case.state = "INFO_REQUESTED_EXPORT"
    answered(case)


@projects(InformationProvided)
def provide(case: CaseFile, event: Event, message: InformationProvided) -> None:
    for entry in case.requests:
        if (entry.authority, entry.request) == (message.authority, message.request):
            entry.answered_on = message.answered_on
            entry.answers = [reply.answer for reply in message.answers]
    asked = case.authorities.get(message.authority)
    if asked is not None and message.decision_due_at is not None:
        asked.decision_due_at = message.decision_due_at
    if case.state == "INFO_REQUESTED_EXPORT":
        case.state = "SUBMITTED"
    answered(case)


@projects(ChangeRequested)
def ask_for_change(case: CaseFile, event: Event, message: ChangeRequested) -> None:
    places = [_place(place) for place in message.changes]
    case.changes.append(
        ChangeEntry(
            change=message.change,
            kind=message.kind,
            reason=message.reason,
            requested_on=message.requested_on,
            places=places,
            article=message.article,
        )
    )
    if message.kind == "essential":
        case.state = "CHANGE_PENDING"


@projects(ChangeAnswered)
def answer_change(case: CaseFile, event: Event, message: ChangeAnswered) -> None:
    if (entry := _entry(case, message.change)) is not None:
        entry.answers[message.authority] = message.agrees


@projects(ChangeRefused)
def refuse_change(case: CaseFile, event: Event, message: ChangeRefused) -> None:
    _end(case, message.change, "refused")


@projects(NotificationChanged)
def change(case: CaseFile, event: Event, message: NotificationChanged) -> None:
    case.notification_version = message.notification_version
    describe(case, message.document)
    _end(case, message.change, "agreed")


def _end(case: CaseFile, number: int, outcome: str) -> None:
    if (entry := _entry(case, number)) is not None:
        entry.outcome = outcome
    answered(case)


def _entry(case: CaseFile, number: int) -> ChangeEntry | None:
    return next((entry for entry in case.changes if entry.change == number), None)


def _place(place: ChangedPlace) -> str:
    """`block 15, import, entry point: BEANR becomes BEZEE`."""
    name = ", ".join(place.at.strip("/").replace("_", " ").split("/"))
    return f"{name}: {_shown(place.old)} becomes {_shown(place.new)}"


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value)) or "nothing"
    return "nothing" if value is None else str(value)
