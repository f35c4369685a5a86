"""What the law wants of the State of export in this case: each answer comes from a dated profile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from notifier.domain.refusals import finding
from pic_law.calendars import calendar
from pic_law.clocks import Due, due, latest_before, resumed
from pic_law.duties import Duty, Role
from pic_law.governing import Governing, governing, has_vote
from pic_law.notification_rules import findings_so_far as findings_of_law
from pic_law.notification_rules import warnings as warnings_of_law
from pic_law.notified import notifying
from pic_schemas.documents import DraftNotification, NotificationDocument
from pic_schemas.refusal import Finding


@dataclass(frozen=True, slots=True)
class Permit:
    """Whether the State of export issues a permit, or consents alone let the movement start."""

    wanted: bool
    article: str


def findings_so_far(draft: DraftNotification, on: date) -> list[Finding]:
    """What the law has against the blocks that stand, on the day of submission."""
    return findings_of_law(draft, on)


def warnings(draft: DraftNotification, on: date) -> list[Finding]:
    """What may stand against the form by sources that nobody has re-read; it stops nothing."""
    return warnings_of_law(draft, on)


def profile_of_export(document: NotificationDocument, lodged_on: date) -> tuple[str, str]:
    """The profile that governs the State of export, and why."""
    found = in_export(document, "authorisation", lodged_on)
    return found.profile, found.reason


def permit(document: NotificationDocument, lodged_on: date) -> Permit:
    found = in_export(document, "authorisation", lodged_on)
    return Permit(found.duty is not None and found.duty.value != "automatic", found.article)


def suspended_with_consent(document: NotificationDocument, lodged_on: date) -> Duty | None:
    """The duty of the State of export to suspend its permit when a foreign consent is withdrawn."""
    found = in_export(document, "suspend_on_foreign_withdrawal", lodged_on).duty
    return found if found is not None and found.value == "mandatory" else None


def latest_end_of_permit(document: NotificationDocument, issued_on: date, consents_end: date) -> date:
    """A permit ends with the consents, and no later than the State of export's own law lets it run."""
    found = in_export(document, "permit_validity_max", issued_on)
    longest = due(found.duty, issued_on, calendar(notifying(document, issued_on))) if found.duty else None
    return min(consents_end, longest.due_on) if longest else consents_end


def contract_wanted(document: NotificationDocument, lodged_on: date) -> bool:
    """Whether the State of import must confirm the contract: Basel Convention Article 6(3)(b)."""
    found = _of(document, "contract_confirmation", document.states.import_, "import", lodged_on)
    return found.duty is not None and found.duty.value == "required"


def of_authority(
    document: NotificationDocument, duty: str, state: str, role: Role, lodged_on: date
) -> Governing:
    """What the law of an authority that was asked says of one of its duties."""
    return _of(document, duty, state, role, lodged_on)


def of_route(document: NotificationDocument, duty: str, lodged_on: date) -> Iterator[tuple[str, Governing]]:
    """What the law of each State of the route says of a duty."""
    for state, role in _route(document):
        yield state, _of(document, duty, state, role, lodged_on)


def of_facility(document: NotificationDocument, duty: str, lodged_on: date) -> Governing:
    """What the law on the facility says of what it owes."""
    return _of(document, duty, document.states.import_, "facility", lodged_on)


def due_from(found: Governing, start: date, authority: str) -> Due | None:
    """When it is due by the authority's calendar; None where its law gives no number."""
    return due(found.duty, start, calendar(authority)) if found.duty is not None else None


def resumed_at(
    found: Governing, due_at: datetime, paused_on: date, resumed_on: date, authority: str
) -> datetime:
    """Where a clock ends that stood still from one day to another."""
    if found.duty is None:
        return due_at
    day = resumed(found.duty, due_at.date(), paused_on, resumed_on, calendar(authority))
    return datetime.combine(day, due_at.timetz())


def voting_states(document: NotificationDocument, on: date) -> frozenset[str]:
    """Transit States that decide: Parties, and members of the governing agreement (Art. 7, 11)."""
    states = document.states

    def votes(state: str) -> bool:
        return has_vote(
            state,
            origin=states.export,
            destination=states.import_,
            waste_code=document.waste_code,
            recovery=document.recovery,
            on=on,
        )

    return frozenset(state for state in states.transit if votes(state))


def late_prenotice(
    document: NotificationDocument, start: date, lodged_on: date, on: date
) -> Iterator[Finding]:
    """One finding for each State whose law wanted to hear of the start earlier than today."""
    for state, role in _route(document):
        found = _of(document, "movement_prenotice", state, role, lodged_on)
        latest = latest_before(found.duty, start, calendar(state)) if found.duty else None
        if latest is not None and on > latest.due_on:
            detail = f"{state} wants to be told by {latest.due_on}: {latest.basis}"
            late = finding("PRENOTICE_LATE", detail, "/block_6/start_date")
            yield replace(late, article=latest.article, source=latest.source, verified=latest.verified)


def _route(document: NotificationDocument) -> Iterator[tuple[str, Role]]:
    states = document.states
    yield states.export, "export"
    yield from ((state, "transit") for state in states.transit)
    yield states.import_, "import"


def in_export(document: NotificationDocument, duty: str, lodged_on: date) -> Governing:
    """What the law of the State of export says, or of the State that notifies in its place."""
    return _of(document, duty, notifying(document, lodged_on), "export", lodged_on)


def _of(document: NotificationDocument, duty: str, state: str, role: Role, lodged_on: date) -> Governing:
    return governing(
        duty,
        state=state,
        role=role,
        origin=document.states.export,
        destination=document.states.import_,
        waste_code=document.waste_code,
        recovery=document.recovery,
        lodged_on=lodged_on,
        preconsented=document.block_3.preconsented,
    )
