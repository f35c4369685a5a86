"""What an authority that is not on the exchange answered on paper, recorded by the authority of export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from notifier.domain import duties
from notifier.domain.authorities import ConcernedAuthority
from notifier.domain.change import Change
from notifier.domain.changes import hear_answer, needed, waiting
from notifier.domain.notification import Notification
from notifier.domain.refusals import finding, refuse_if_any, refused
from notifier.domain.verdicts import hear_acknowledgement, hear_contract, hear_decision
from pic_law.desk import UNDECIDED, Act, FileState, next_state
from pic_law.governing import Governing
from pic_law.ruling import Ruling, findings_of, ground_said
from pic_law.silence import starts_on
from pic_schemas.documents.declaration import Annex
from pic_schemas.messages import (
    ChangeAnswered,
    ContractConfirmed,
    DecisionTaken,
    Message,
    NotificationAcknowledged,
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A document that came on paper: whose it is, when it was written, under which digest it is attached."""

    authority: str
    happened_on: date
    document: str | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the authority said, and what follows from it in the State of export."""

    authority: ConcernedAuthority
    said: Message
    follows: list[Message]


def acknowledge(notification: Notification, letter: Letter, received_on: date | None, on: date) -> Recorded:
    """Clocks run from the day on the paper, nobody takes the day of recording for it."""
    asked, evidence = _read(notification, letter, Act.ACKNOWLEDGE, on)
    received = received_on or letter.happened_on
    if not (notification.transmitted_on or received) <= received <= letter.happened_on:
        detail = f"received on {received}, acknowledged on {letter.happened_on}"
        raise refused("DATES_IMPOSSIBLE", detail, "/received_on")
    law = _duty(notification, asked, "decision")
    due = duties.due_from(law, starts_on(law.duty, received, letter.happened_on), asked.authority)
    said = NotificationAcknowledged(
        number=notification.filed_number,
        authority=asked.authority,
        role=asked.role,
        received_on=received,
        ack_sent_on=letter.happened_on,
        decision_due_at=due.due_at if due else None,
        profile=law.profile,
        rule=due.rule if due else f"{law.profile}.decision",
        article=law.article or law.source,
        evidence=evidence,
    )
    hear_acknowledgement(notification, said)
    return Recorded(asked, said, [])


def confirm_contract(notification: Notification, letter: Letter, reference: str, on: date) -> Recorded:
    """Basel Convention, Article 6(3)(b)."""
    asked, evidence = _read(notification, letter, Act.CONFIRM_CONTRACT, on)
    said = ContractConfirmed(
        number=notification.filed_number,
        authority=asked.authority,
        confirmed_on=letter.happened_on,
        contract_reference=reference,
        evidence=evidence,
    )
    return Recorded(asked, said, hear_contract(notification, said, on))


def decide(notification: Notification, letter: Letter, ruling: Ruling, on: date) -> Recorded:
    """The verdict; a consent is valid from the day on the paper, as the authority's own law has it."""
    asked, evidence = _read(notification, letter, ruling.verdict, on)
    law, document, day = _duty(notification, asked, "decision"), notification.filed, letter.happened_on
    longest = duties.due_from(_duty(notification, asked, "consent_validity_written"), day, asked.authority)
    ruling = ruling.with_window(day, longest.due_on if longest else document.block_6.last_departure)
    refuse_if_any(findings_of(ruling, document, law.profile, asked.role, day))
    said = DecisionTaken(
        number=notification.filed_number,
        authority=asked.authority,
        role=asked.role,
        version=asked.spoken + 1,
        verdict=ruling.verdict.value,
        decided_on=day,
        valid_from=ruling.valid_from,
        valid_to=ruling.valid_to,
        scope=ruling.scope,
        conditions=ruling.conditions,
        grounds=tuple(ground_said(cited, law, asked.role, document) for cited in ruling.grounds),
        signatory=ruling.signatory,
        profile=law.profile,
        article=law.article or law.source,
        evidence=evidence,
    )
    return Recorded(asked, said, hear_decision(notification, said, on))


def answer_change(
    notification: Notification, letter: Letter, change: int, agrees: bool, reason: str, on: date
) -> Recorded:
    """What the authority wrote of an essential change; the letter is no older than the request."""
    asked, waits = mind_the_answer(notification, letter.authority, change)
    evidence = _evidence(notification, letter, waits.asked.requested_on, on)
    said = ChangeAnswered(
        number=notification.filed_number,
        change=change,
        authority=asked.authority,
        role=asked.role,
        agrees=agrees,
        answered_on=letter.happened_on,
        reason=reason or None,
        article=waits.asked.article,
        evidence=evidence,
    )
    return Recorded(asked, said, hear_answer(notification, said, on))


def mind_the_answer(notification: Notification, code: str, change: int) -> tuple[ConcernedAuthority, Change]:
    """The authority, if it answers on paper and the change waits for it. Raises Refused."""
    asked = _on_paper(notification, code)
    waits = waiting(notification, change, asked.authority)
    if asked.authority not in needed(notification, waits):
        detail = f"change {change} needs no answer of {asked.authority}"
        raise refused("STATE_FORBIDS", detail, needs="nothing: it is not asked")
    return asked, waits


def mind_the_paper(notification: Notification, code: str, act: Act) -> ConcernedAuthority:
    """The authority, if it answers on paper and may take this step now. Raises Refused."""
    asked = _on_paper(notification, code)
    if act is Act.CONFIRM_CONTRACT:
        _mind_the_contract(notification, asked)
    standing = _standing(asked)
    # Who writes a decision has received the notification, even if no acknowledgement ever came.
    answered = act is not Act.ACKNOWLEDGE and standing in UNDECIDED
    next_state(FileState.IN_REVIEW if answered else standing, act)
    return asked


def _on_paper(notification: Notification, code: str) -> ConcernedAuthority:
    notification.allow("record on paper")
    asked = notification.asked(code)
    if asked is None:
        raise refused("AUTHORITY_UNKNOWN", f"{code} was not asked", "/authority")
    if asked.channel != "paper":
        raise refused("STATE_SPEAKS_ITSELF", f"{code} answers on the exchange itself", "/authority")
    return asked


def _mind_the_contract(notification: Notification, asked: ConcernedAuthority) -> None:
    if asked.role != "import":
        raise refused("SEAT_FORBIDS", "the State of import confirms the contract", "/authority")
    if notification.contract is not None:
        confirmed = notification.contract.confirmed_on
        raise refused("STATE_FORBIDS", f"the contract was confirmed on {confirmed}", needs="nothing more")


def _standing(asked: ConcernedAuthority) -> FileState:
    if asked.decision is not None:
        return _AFTER[asked.decision.verdict]
    if asked.silent:
        return FileState.TACIT_CONSENT
    return FileState.IN_REVIEW if asked.acknowledgement else FileState.RECEIVED


_AFTER = {
    Act.CONSENT.value: FileState.CONSENT,
    Act.CONSENT_WITH_CONDITIONS.value: FileState.CONSENT_WITH_CONDITIONS,
    Act.OBJECTION.value: FileState.OBJECTION,
    Act.NOT_CONSENT.value: FileState.NOT_CONSENT,
}


def _read(
    notification: Notification, letter: Letter, act: Act, on: date
) -> tuple[ConcernedAuthority, Annex | None]:
    """Who wrote, and the document; refused without it, or when it is dated before the question."""
    asked = mind_the_paper(notification, letter.authority, act)
    return asked, _evidence(notification, letter, _earliest(notification, asked), on)


def _evidence(notification: Notification, letter: Letter, earliest: date, on: date) -> Annex | None:
    evidence = notification.attached(letter.document) if letter.document else None
    wrong = []
    if evidence is None:
        detail = f"no document is attached under {letter.document}" if letter.document else "no document"
        wrong.append(finding("EVIDENCE_MISSING", detail, "/document"))
    if not earliest <= letter.happened_on <= on:
        detail = f"{letter.happened_on} is before {earliest} or after {on}, the day of recording"
        wrong.append(finding("DATES_IMPOSSIBLE", detail, "/happened_on"))
    refuse_if_any(wrong)
    return evidence


def _earliest(notification: Notification, asked: ConcernedAuthority) -> date:
    """An answer comes after the question, a newer decision not before an older one."""
    sent = notification.transmitted_on or notification.lodged_on
    return max(sent, asked.decision.decided_on) if asked.decision else sent


def _duty(notification: Notification, asked: ConcernedAuthority, duty: str) -> Governing:
    return duties.of_authority(notification.filed, duty, asked.state, asked.role, notification.lodged_on)
