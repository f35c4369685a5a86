"""The life of a notification, as far as it can be told from outside."""

from __future__ import annotations

from collections.abc import Mapping

from pic_law.governing import governing
from pic_law.notified import exporter_confirms, guarantee_of
from pic_schemas.address import Address
from pic_schemas.documents.notification import NotificationDocument
from pic_schemas.envelope import Event
from pic_schemas.messages import (
    ContractConfirmed,
    DecisionTaken,
    Message,
    NotificationAuthorised,
    NotificationCarriedOut,
    NotificationClosed,
    NotificationDrafted,
    NotificationExhausted,
    NotificationExpired,
    NotificationExpiring,
    NotificationInvalidated,
    NotificationObjected,
    NotificationProhibited,
    NotificationSubmitted,
    NotificationTransmitted,
    NotificationWithdrawn,
    ProhibitionLifted,
    ReceiptCorrected,
    RemedyCompleted,
)
from single_window.domain.case import CONSENTS, AuthorityEntry, CaseFile, Consignment, ProhibitionEntry
from single_window.domain.projections.register import projects

# What leads where. A state that is reached is left only by a message of this table.
REACHES: Mapping[type[Message], str] = {
    NotificationDrafted: "DRAFT",
    NotificationSubmitted: "SUBMITTED",
    NotificationCarriedOut: "CARRIED_OUT",
    NotificationTransmitted: "TRANSMITTED",
    NotificationAuthorised: "CONSENTED",
    NotificationObjected: "OBJECTED",
    NotificationInvalidated: "INVALID",
    NotificationWithdrawn: "WITHDRAWN",
    NotificationExpired: "EXPIRED",
    NotificationExhausted: "EXHAUSTED",
    NotificationProhibited: "UNDER_PROHIBITION",
    NotificationClosed: "CLOSED",
}
ASKED = {
    "TRANSMITTED",
    "INFO_REQUESTED",
    "UNDER_DECISION",
    "CONSENTED",
    "CHANGE_PENDING",
    "OBJECTED",
    "SUSPENDED",
    "CONSENT_WITHDRAWN",
    "EXPIRED",
    "EXHAUSTED",
    "UNDER_PROHIBITION",
}


@projects(NotificationProhibited)
def prohibit(case: CaseFile, event: Event, message: NotificationProhibited) -> None:
    """Heard before the state is reached: it keeps where the notification stood."""
    reasons = [f"{one.rule}: {one.detail} ({one.article}, {one.source})" for one in message.reasons]
    case.prohibition = ProhibitionEntry(message.prohibited_on, message.cause, reasons, case.state)


@projects(ProhibitionLifted)
def lift_prohibition(case: CaseFile, event: Event, message: ProhibitionLifted) -> None:
    if case.prohibition is None:
        return
    stood, case.prohibition = case.prohibition.stood_at, None
    case.state = stood
    answered(case)


@projects(NotificationExhausted)
def exhaust(case: CaseFile, event: Event, message: NotificationExhausted) -> None:
    case.exhausted = True


@projects(NotificationAuthorised)
def open_again(case: CaseFile, event: Event, message: NotificationAuthorised) -> None:
    case.exhausted = False


@projects(RemedyCompleted)
def credit(case: CaseFile, event: Event, message: RemedyCompleted) -> None:
    """A quantity that is given back may be shipped after all."""
    if message.credited_kg:
        count_again(case, event, message)


@projects(DecisionTaken, ReceiptCorrected)
def count_again(case: CaseFile, event: Event, message: Message) -> None:
    """Another limit or another weight: it is open until the authority of export says that it is used up."""
    if case.exhausted:
        case.exhausted = False
        answered(case)


@projects(*REACHES)
def reach(case: CaseFile, event: Event, message: Message) -> None:
    case.state = REACHES[type(message)]


@projects(NotificationDrafted)
def draft(case: CaseFile, event: Event, message: NotificationDrafted) -> None:
    case.exporter = message.exporter
    case.export_state = Address.parse(event.sender).state


@projects(NotificationSubmitted)
def submit(case: CaseFile, event: Event, message: NotificationSubmitted) -> None:
    case.number = message.number
    case.profile = message.profile
    on = event.time.date()
    case.guarantee_wanted = guarantee_of(message.document, on).wanted
    case.exporter_confirms = exporter_confirms(message.document, on)
    describe(case, message.document)


@projects(NotificationTransmitted)
def transmit(case: CaseFile, event: Event, message: NotificationTransmitted) -> None:
    case.number = message.number
    describe(case, message.document)
    case.contract_wanted = _contract_wanted(message)
    for asked in message.authorities:
        entry = AuthorityEntry(asked.authority, asked.state, asked.role, asked.voting)
        case.authorities.setdefault(asked.authority, entry)


def answered(case: CaseFile) -> None:
    """What the answers so far amount to. An objection stands until its own authority replaces it."""
    if case.state in ASKED:
        case.state = _standing(case)
    if case.state in {"OBJECTED", "CONSENT_WITHDRAWN"}:
        case.authorisation = None
        _overtake(case)


def _standing(case: CaseFile) -> str:
    verdicts = {entry.verdict for entry in case.authorities.values() if entry.verdict}
    if "withdrawn" in verdicts:
        return "CONSENT_WITHDRAWN"
    if case.prohibition is not None:
        return "UNDER_PROHIBITION"
    if verdicts - {*CONSENTS, "suspended"}:
        return "OBJECTED"
    if "suspended" in verdicts:
        return "SUSPENDED"
    if case.agreed and (case.contract_confirmed_on or case.authorisation or not case.contract_wanted):
        pending = case.open_change
        if pending and pending.kind == "essential":
            return "CHANGE_PENDING"
        if _ran_out(case):
            return "EXPIRED"
        return "EXHAUSTED" if case.exhausted else "CONSENTED"
    if any(entry.acknowledged_on or entry.verdict for entry in case.authorities.values()):
        return "UNDER_DECISION"
    waiting = any(entry.role != "export" and entry.answered_on is None for entry in case.requests)
    return "INFO_REQUESTED" if waiting else "TRANSMITTED"


def _ran_out(case: CaseFile) -> bool:
    """A window that ended is over until the consents last longer."""
    last = case.last_day
    return case.expired_on is not None and (last is None or last <= case.expired_on)


@projects(NotificationExpiring)
def warn(case: CaseFile, event: Event, message: NotificationExpiring) -> None:
    case.expiring_on = message.valid_to


@projects(NotificationExpired)
def expire(case: CaseFile, event: Event, message: NotificationExpired) -> None:
    case.expired_on = message.valid_to
    if (pending := case.open_change) is not None:
        pending.outcome = "overtaken"


def _overtake(case: CaseFile) -> None:
    """Without consents there is nothing left that an essential change could change."""
    if (pending := case.open_change) is not None and pending.kind == "essential":
        pending.outcome = "overtaken"


@projects(ContractConfirmed)
def confirm_contract(case: CaseFile, event: Event, message: ContractConfirmed) -> None:
    case.contract_confirmed_on = message.confirmed_on
    answered(case)


def _contract_wanted(message: NotificationTransmitted) -> bool:
    """Basel Convention Article 6(3)(b), where no agreement stands in its place."""
    document = message.document
    found = governing(
        "contract_confirmation",
        state=document.states.import_,
        role="import",
        origin=document.states.export,
        destination=document.states.import_,
        waste_code=document.waste_code,
        recovery=document.recovery,
        lodged_on=message.submitted_on or message.carried_out_on,
        preconsented=document.block_3.preconsented,
    )
    return found.duty is not None and found.duty.value == "required"


def describe(case: CaseFile, document: NotificationDocument) -> None:
    """What is shipped, by whom and to whom, as the form that stands says it."""
    case.exporter = document.exporter.registration_no
    case.export_state = case.export_state or document.states.export
    case.consignment = Consignment(
        exporter=document.exporter.registration_no,
        exporter_name=document.exporter.name,
        importer_name=document.block_2.name,
        facility=document.facility.registration_no,
        facility_name=document.facility.name,
        waste=document.block_12.name,
        code=document.waste_code,
        operation=", ".join(document.operation),
        quantity_kg=document.quantity_kg,
        shipments=document.shipments,
        states=list(document.states.all),
        last_departure=document.block_6.last_departure,
    )
