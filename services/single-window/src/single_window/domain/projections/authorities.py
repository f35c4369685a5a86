"""What each authority asked has said, each for itself."""

from __future__ import annotations

from pic_schemas.address import Address
from pic_schemas.envelope import Event
from pic_schemas.messages import (
    ConsentReinstated,
    ConsentSuspended,
    ConsentWithdrawn,
    DecisionTaken,
    Ground,
    NotificationAcknowledged,
    NotificationInterrupted,
    SilenceRecorded,
)
from single_window.domain.case import AnnouncedEnd, AuthorityEntry, CaseFile
from single_window.domain.projections.notification import answered
from single_window.domain.projections.register import projects


@projects(NotificationAcknowledged)
def acknowledge(case: CaseFile, event: Event, message: NotificationAcknowledged) -> None:
    entry = _entry(case, event, message.authority, message.role)
    entry.acknowledged_on = message.ack_sent_on
    entry.decision_due_at = message.decision_due_at
    entry.due_article = f"{message.article} ({message.profile})"
    answered(case)


@projects(DecisionTaken)
def decide(case: CaseFile, event: Event, message: DecisionTaken) -> None:
    entry = _entry(case, event, message.authority, message.role)
    # A newer decision wins in any order of arrival.
    if message.version <= entry.decision_version:
        return
    entry.verdict, entry.decision_version, entry.announced = message.verdict, message.version, None
    entry.decided_on, entry.article = message.decided_on, f"{message.article} ({message.profile})"
    entry.valid_from, entry.valid_to = message.valid_from, message.valid_to
    entry.conditions = [condition.text for condition in message.conditions]
    entry.reasons = [f"{grounds_of_law(ground)}: {ground.text}".rstrip(": ") for ground in message.grounds]
    answered(case)


@projects(SilenceRecorded)
def fall_silent(case: CaseFile, event: Event, message: SilenceRecorded) -> None:
    """Only the State of export says so; what the authority itself said stands above it."""
    entry = case.authorities.get(message.authority)
    if entry is None or entry.decision_version:
        return
    entry.verdict, entry.decided_on = "tacit-consent", message.clock_end.date()
    entry.valid_from, entry.valid_to = message.valid_from, message.valid_to
    entry.article = f"{message.article} ({message.profile})"
    answered(case)


@projects(ConsentWithdrawn, ConsentSuspended)
def take_back(case: CaseFile, event: Event, message: ConsentWithdrawn | ConsentSuspended) -> None:
    entry = _entry(case, event, message.authority, message.role)
    if message.version <= entry.decision_version:
        return
    withdrawn = isinstance(message, ConsentWithdrawn)
    said_on = message.withdrawn_on if isinstance(message, ConsentWithdrawn) else message.suspended_on
    entry.decision_version = message.version
    entry.announced = AnnouncedEnd(
        verdict="withdrawn" if withdrawn else "suspended",
        effective_on=message.effective_on,
        article=f"{message.article} ({message.profile})",
        reasons=[": ".join(part for part in (message.ground, message.text) if part)],
    )
    # Of a later day the State of export tells once it has come.
    if message.effective_on <= said_on:
        _end(entry, entry.announced)
        answered(case)


@projects(NotificationInterrupted)
def interrupt(case: CaseFile, event: Event, message: NotificationInterrupted) -> None:
    entry = case.authorities.get(message.authority)
    if entry is None or entry.announced is None or entry.decision_version != message.version:
        return
    _end(entry, entry.announced)
    answered(case)


def _end(entry: AuthorityEntry, end: AnnouncedEnd) -> None:
    entry.stood_at = entry.verdict if end.verdict == "suspended" else None
    entry.verdict, entry.decided_on, entry.article = end.verdict, end.effective_on, end.article
    entry.reasons, entry.announced = end.reasons, None


@projects(ConsentReinstated)
def reinstate(case: CaseFile, event: Event, message: ConsentReinstated) -> None:
    entry = _entry(case, event, message.authority, message.role)
    if message.version <= entry.decision_version:
        return
    # What was only announced has taken nothing from it.
    stands = entry.verdict if entry.consents else entry.stood_at
    entry.verdict, entry.decision_version = stands or "consent", message.version
    entry.decided_on, entry.reasons, entry.stood_at = message.reinstated_on, [], None
    entry.announced = None
    answered(case)


def grounds_of_law(ground: Ground) -> str:
    """The article with its letter, which many articles name already."""
    letter = f"({ground.letter})"
    return ground.article if ground.article.endswith(letter) else f"{ground.article} {letter}"


def _entry(case: CaseFile, event: Event, authority: str, role: str) -> AuthorityEntry:
    state = Address.parse(event.sender).state
    return case.authorities.setdefault(authority, AuthorityEntry(authority, state, role))
