"""An authority lets its clock run out: where its law takes that for consent, it is recorded."""

from __future__ import annotations

from datetime import date, datetime

from notifier.domain import duties
from notifier.domain.authorisation import authorise_by_itself
from notifier.domain.authorities import ConcernedAuthority
from notifier.domain.life import STEPS
from notifier.domain.notification import Notification
from notifier.domain.verdicts import settle
from pic_law.dual_notices import notices_wanted
from pic_law.governing import Governing
from pic_law.silence import Laws, SilentClock, silent_clock
from pic_schemas.messages import Message, NoticesCompared, SilenceRecorded


def clock_of(notification: Notification, asked: ConcernedAuthority) -> SilentClock | None:
    """The clock whose end is this authority's consent; None where only a written answer counts."""
    said = asked.acknowledgement
    if said is None or not asked.voting or asked.decision is not None or asked.silence is not None:
        return None
    if any(each.halts_decision and each.authority == asked.authority for each in notification.inquiries):
        return None
    return silent_clock(
        laws_of(notification, asked),
        state=asked.state,
        role=asked.role,
        authority=asked.authority,
        lodged_on=notification.lodged_on,
        received_on=said.received_on,
        sent_on=said.ack_sent_on,
        moved_to=asked.due_moved_to,
    )


def record_silence(notification: Notification, code: str, now: datetime) -> list[Message]:
    """Never inferred: said once, with start and end of the clock. Nothing is said before the end."""
    asked = notification.asked(code)
    if asked is None or notification.state not in STEPS["record silence"].before:
        return []
    clock = clock_of(notification, asked)
    if clock is None or now < clock.due.due_at or _waits_for_the_importer(notification, asked):
        return []
    asked.silence = _silence(notification, asked, clock)
    settle(notification)
    follows = authorise_by_itself(notification, now.date()) if asked.silence.releases else []
    return [asked.silence, *follows]


def hear_comparison(notification: Notification, compared: NoticesCompared, now: datetime) -> list[Message]:
    """Where consent waits for two notices that agree, silence waits as well; it may be due by then."""
    notification.notices_agree = compared.agree
    return record_silence(notification, compared.authority, now)


def _waits_for_the_importer(notification: Notification, asked: ConcernedAuthority) -> bool:
    """A consent that could not be written is not given by saying nothing."""
    if asked.role != "import" or notification.notices_agree:
        return False
    return notices_wanted(notification.filed, notification.lodged_on, holding=True) is not None


def laws_of(notification: Notification, asked: ConcernedAuthority) -> Laws:
    def law(duty: str) -> Governing:
        return duties.of_authority(notification.filed, duty, asked.state, asked.role, notification.lodged_on)

    return Laws(decision=law("decision"), tacit=law("tacit"), validity=law("consent_validity_tacit"))


def _silence(notification: Notification, asked: ConcernedAuthority, clock: SilentClock) -> SilenceRecorded:
    tacit = laws_of(notification, asked).tacit
    first, last = _validity(notification, clock)
    return SilenceRecorded(
        number=notification.filed_number,
        authority=asked.authority,
        role=asked.role,
        clock_start=clock.start,
        clock_end=clock.due.due_at,
        clock_rule=clock.due.rule,
        rule=tacit.duty.rule if tacit.duty else tacit.profile,
        profile=tacit.profile,
        article=tacit.article or tacit.source,
        valid_from=first,
        valid_to=last,
        releases=clock.releases,
    )


def _validity(notification: Notification, clock: SilentClock) -> tuple[date, date | None]:
    """Where the law says so, as long as the State of import consents in writing."""
    imports = next((each.decision for each in notification.authorities if each.role == "import"), None)
    if not clock.as_destination or imports is None:
        return clock.valid_from, clock.valid_to
    return imports.valid_from or clock.valid_from, imports.valid_to
