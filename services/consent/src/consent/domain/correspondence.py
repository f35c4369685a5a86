"""What a desk asks the exporter, and what it is asked: questions, answers, changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from consent.domain import duties
from consent.domain.authority_file import AuthorityFile
from consent.domain.states import DESK, Act, FileState, next_state
from pic_law.calendars import calendar
from pic_law.clocks import Due, resumed
from pic_law.rules import rule
from pic_schemas.messages import (
    ChangeAnswered,
    ChangeRequested,
    Clock,
    InformationProvided,
    InformationRequested,
    NotificationChanged,
    Question,
)

# Information.


def ask(file: AuthorityFile, questions: Sequence[Question], today: date) -> InformationRequested:
    """Ask the exporter; which clocks stand still until the answer is the law's to say."""
    state = mind_the_question(file, today)
    law = file.duty("notifier_answer")
    due = duties.due_from(law, today, file.authority)
    said = InformationRequested(
        number=file.number,
        authority=file.authority,
        role=file.role,
        request=len(file.requests) + 1,
        requested_on=today,
        questions=tuple(questions),
        answer_due_at=due.due_at if due else None,
        pauses=_pauses(file),
        profile=law.profile,
        article=duties.article_of(law),
    )
    file.requests.append(said)
    file.state = state
    return said


def mind_the_question(file: AuthorityFile, today: date) -> FileState:
    """Where the question leads. Raises Refused when it is not the moment for one."""
    state = next_state(file.state, Act.ASK)
    if open_request(file) is not None:
        raise rule("STATE_FORBIDS").refused("", "a request is still open", "first: the answer to it")
    law = file.duty("other_ca_info_request")
    due = duties.due_from(law, file.transmitted_on, file.authority)
    if file.state is FileState.RECEIVED and due is not None and today > due.due_on:
        stated = {"article": law.article, "source": law.source, "verified": law.verified}
        late = rule("INFORMATION_REQUEST_LATE").model_copy(update=stated)
        raise late.refused("", f"{due.due_on} was the last day: {due.basis}")
    return state


def open_request(file: AuthorityFile) -> InformationRequested | None:
    answered = {answer.request for answer in file.answers}
    return next((each for each in file.requests if each.request not in answered), None)


def hear_answer(file: AuthorityFile, answer: InformationProvided) -> bool:
    """The exporter answered; True when the decision clock runs on from here."""
    asked = open_request(file)
    if answer.authority != file.authority or asked is None or asked.request != answer.request:
        return False
    file.answers.append(answer)
    file.state = DESK[file.state].get(Act.HEAR_ANSWER, file.state)
    due_at, law = file.decision_due_at, file.duty("decision")
    if "decision" not in asked.pauses or due_at is None or law.duty is None:
        return False
    day = resumed(law.duty, due_at.date(), asked.requested_on, answer.answered_on, calendar(file.authority))
    file.due_moved_to = datetime.combine(day, due_at.timetz())
    return True


def _pauses(file: AuthorityFile) -> tuple[Clock, ...]:
    """Of the clocks that the law lets stand still, the one that matters at this point."""
    law = file.duty("information_pauses").duty
    halted: Sequence[Clock] = law.value if law else ()
    here: Clock = "decision" if file.acknowledgement else "acknowledgement"
    return (here,) if here in halted and file.state in _WAITING else ()


_WAITING = (FileState.RECEIVED, FileState.IN_REVIEW)

# Changes.


def hear_change(file: AuthorityFile, asked: ChangeRequested) -> None:
    """An essential change waits for every authority with a vote; a correction is not asked of it."""
    if asked.kind == "essential" and file.voting:
        file.change = asked


def answer_change(
    file: AuthorityFile, number: int, agrees: bool, reason: str | None, today: date
) -> ChangeAnswered:
    """Agree, or leave the notification as it is: Regulation (EC) 1013/2006 Article 17(2)."""
    state = mind_the_change(file, number)
    due = change_due(file)
    said = ChangeAnswered(
        number=file.number,
        change=number,
        authority=file.authority,
        role=file.role,
        agrees=agrees,
        answered_on=today,
        due_at=due.due_at if due else None,
        reason=reason,
        article=duties.article_of(file.duty("change_decision")),
    )
    file.change_answers.append(said)
    file.state = state
    return said


def mind_the_change(file: AuthorityFile, number: int) -> FileState:
    """Raises Refused when no such change waits for this desk."""
    state = next_state(file.state, Act.ANSWER_CHANGE)
    if file.change is None or file.change.change != number:
        raise rule("CHANGE_UNKNOWN").refused("", f"no change {number} waits for {file.authority}")
    if any(answer.change == number for answer in file.change_answers):
        raise rule("ALREADY_DECIDED").refused(
            "", f"{file.authority} answered change {number}", "nothing more"
        )
    return state


def change_due(file: AuthorityFile) -> Due | None:
    """By when the answer to the open change is owed, where the law gives a number."""
    if file.change is None or any(a.change == file.change.change for a in file.change_answers):
        return None
    return duties.due_from(file.duty("change_decision"), file.change.requested_on, file.authority)


def follow(file: AuthorityFile, changed: NotificationChanged) -> None:
    """The new version of the form is the one that everybody reads from now on."""
    if changed.notification_version > file.notification_version:
        file.document, file.notification_version = changed.document, changed.notification_version
    file.change = None
