"""What each message says, in the field's words: one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pic_schemas import messages as said
from pic_schemas.catalogue import message_type
from pic_schemas.messages import Message
from single_window.domain.projections.classification import seen


def sentence(message: Message) -> str:
    """What the message says, in the field's words."""
    said_so = SENTENCES.get(type(message))
    return said_so(message) if said_so else message_type(message.type).summary


def tonnes(kilograms: int) -> str:
    return f"{kilograms / 1000:,.3f}".rstrip("0").rstrip(".") + " t"


def _decision(m: Any) -> str:
    verdict = {
        "consent": "consents",
        "consent-with-conditions": "consents with conditions",
        "objection": "objects",
        "not-consent": "does not consent",
    }[m.verdict]
    period = f", valid {m.valid_from} to {m.valid_to}" if m.valid_from and m.valid_to else ""
    return f"{m.authority} ({m.role}) {verdict}{period}"


def _silence(m: Any) -> str:
    period = f"{m.clock_start} to {m.clock_end.date()}"
    valid = f", valid until {m.valid_to}" if m.valid_to else ""
    return f"{m.authority} ({m.role}) said nothing from {period}: its law takes that for consent{valid}"


def _taken_back(m: Any, verb: str) -> str:
    why = ": ".join(part for part in (m.ground, m.text) if part)
    under_way = {"continue": "may continue", "hold": "are held", "return": "are returned"}[m.in_transit]
    said_on = m.withdrawn_on if isinstance(m, said.ConsentWithdrawn) else m.suspended_on
    since = f" from {m.effective_on}" if m.effective_on > said_on else ""
    return f"{m.authority} ({m.role}) {verb} its consent{since} ({why}); loads under way {under_way}"


def _acknowledged(m: Any) -> str:
    due = f"; decision due {m.decision_due_at.date()}" if m.decision_due_at else "; no decision date is set"
    return f"{m.authority} ({m.role}) acknowledges receipt{due}"


def _asked(m: Any) -> str:
    due = f"; answer due {m.answer_due_at.date()}" if m.answer_due_at else ""
    return f"{m.authority} ({m.role}) asks for information (request {m.request}){due}"


def _load_of(m: Any) -> str:
    if m.shipment:
        return f"shipment {m.shipment}"
    return "a load without shipment number" if m.number else "a load without notification"


def _transmitted(m: Any) -> str:
    asked = ", ".join(f"{one.authority} ({one.role})" for one in m.authorities)
    return f"Notification {m.number} transmitted to {asked}"


def _received(m: Any) -> str:
    outcome = {"accepted": "accepted", "partly-rejected": "partly rejected", "rejected": "rejected"}[
        m.outcome
    ]
    reason = f": {m.reason}" if m.reason else ""
    return f"{m.facility} received {tonnes(m.quantity_kg)} of shipment {m.shipment}, {outcome}{reason}"


def _seals(m: Any) -> str:
    found = {None: "", True: ", seals as before", False: ", SEALS DIFFER from those stated before"}
    return found[m.seals_as_before]


def _missed(m: Any) -> str:
    what = {"alert": "Compliance alert", "violation": "Violation"}[m.weight]
    done = f"done on {m.done_on}" if m.done_on else "not done"
    duty = m.duty.replace("_", " ")
    return f"{what} by {m.authority}: {duty} of shipment {m.shipment} was due {m.due_on}, {done}"


def _illegal_traffic(m: Any) -> str:
    due = f"; {m.duty_of} has to see to it by {m.due_on}" if m.due_on else ""
    letters = ", ".join(m.art9_letters)
    return f"{m.office} reported illegal traffic, Article 9(1) {letters}, {m.waste_code}{due}: {m.facts}"


def _failed(m: Any) -> str:
    what = (
        f"illegal traffic, Article 9(1) {', '.join(m.art9_letters)}"
        if m.art9_letters
        else "cannot be completed"
    )
    due = f"; {m.duty_of} has to see to it by {m.due_on}" if m.due_on else ""
    return f"Shipment {m.shipment}: {what}{due}: {m.facts}"


SENTENCES: Mapping[type[Message], Callable[[Any], str]] = {
    said.NotificationDrafted: lambda m: f"{m.exporter} opened a draft",
    said.NotificationSubmitted: lambda m: f"Notification {m.number} submitted: {m.document.block_12.name}",
    said.GuaranteeLodged: lambda m: f"Financial guarantee lodged: {m.kind} of {m.amount} {m.currency}",
    said.GuaranteeApproved: lambda m: f"{m.approved_by} approved the financial guarantee",
    said.GuaranteeReleased: lambda m: "The financial guarantee is released",
    said.NotificationCarriedOut: lambda m: f"{m.authority} found the notification properly carried out",
    said.NotificationTransmitted: _transmitted,
    said.NotificationAcknowledged: _acknowledged,
    said.ContractConfirmed: lambda m: f"{m.authority} confirmed contract {m.contract_reference}",
    said.DecisionTaken: _decision,
    said.SilenceRecorded: _silence,
    said.ConsentWithdrawn: lambda m: _taken_back(m, "withdraws"),
    said.ConsentSuspended: lambda m: _taken_back(m, "suspends"),
    said.ConsentReinstated: lambda m: f"{m.authority} ({m.role}) lifts that: its consent stands as before",
    said.NotificationInterrupted: lambda m: (
        f"The consent of {m.authority} ({m.role}) is {m.interruption} from today, {m.effective_on}: "
        "no load starts any more"
    ),
    said.AuthorisationSuspended: lambda m: (
        f"Permit {m.authorisation_no} is suspended by law: {m.because_of} withdrew its consent"
    ),
    said.CaseLinked: lambda m: (
        f"{m.importer} filed its own notice {m.reference} of {m.number}, version {m.notice_version}"
    ),
    said.NoticesCompared: lambda m: (
        f"{m.authority} compared both notices ({m.policy}): "
        + ("they agree" if m.agree else f"{len(m.differences)} entries differ, no consent until they agree")
    ),
    said.ClassificationStated: lambda m: (
        f"{m.authority} ({m.part}) sees {seen(m)} where {m.stated_code or 'no waste'} is stated: "
        f"treated as {m.treated_as}"
    ),
    said.AttachmentAdded: lambda m: (
        f"A document joined notification {m.number}: {m.attachment.kind}, block {m.attachment.block}"
    ),
    said.InformationRequested: _asked,
    said.InformationProvided: lambda m: (
        f"Request {m.request} of {m.authority} answered"
        + (f", with {len(m.attachments)} document(s)" if m.attachments else "")
    ),
    said.NotificationInvalidated: lambda m: f"Notification {m.number} declared invalid: {m.reason}",
    said.NotificationWithdrawn: lambda m: f"Notification {m.number} withdrawn: {m.reason}",
    said.ChangeRequested: lambda m: (
        f"{'Correction' if m.kind == 'correction' else 'Essential change'} {m.change} asked for: {m.reason}"
    ),
    said.ChangeAnswered: lambda m: (
        f"{m.authority} ({m.role}) {'agrees to' if m.agrees else 'refuses'} change {m.change}"
    ),
    said.ChangeRefused: lambda m: (
        f"Change {m.change} is refused by {m.authority}: the notification stands as it was"
    ),
    said.NotificationChanged: lambda m: (
        f"Version {m.notification_version} of notification {m.number} stands: "
        f"agreed by {', '.join(m.agreed_by)}"
    ),
    said.NotificationAuthorised: lambda m: (
        f"Authorised ({m.how}, {m.authorisation_no}): {tonnes(m.quantity_kg)} in {m.shipments} shipment(s), "
        f"{m.valid_from} to {m.valid_to}"
    ),
    said.NotificationObjected: lambda m: f"The notification stands objected by {m.authority}",
    said.NotificationExpiring: lambda m: (
        f"Notification {m.number} ends on {m.valid_to}: {m.working_days_left} working days are left"
    ),
    said.NotificationExpired: lambda m: f"Notification {m.number} ended with {m.valid_to}",
    said.NotificationExhausted: lambda m: (
        f"Notification {m.number} is used up ({m.used_up}): "
        f"{tonnes(m.quantity_kg)} in {m.shipments} shipment(s)"
    ),
    said.NotificationProhibited: lambda m: (
        f"Notification {m.number} is under a prohibition"
        + (f" that {m.told_by} told of" if m.told_by else "")
        + f": {'; '.join(one.detail for one in m.reasons)}"
    ),
    said.ProhibitionLifted: lambda m: f"The prohibition of notification {m.number} is lifted: {m.detail}",
    said.NotificationClosed: lambda m: f"Notification closed: {m.reason}",
    said.MovementPrenotified: lambda m: (
        f"Shipment {m.shipment} of {m.of} announced: {tonnes(m.quantity_kg)}, starting {m.start_date}"
    ),
    said.MovementRescheduled: lambda m: (
        f"Shipment {m.shipment} starts on {m.start_date} instead of {m.from_date}: {m.reason}"
    ),
    said.MovementUpdated: lambda m: (
        f"Shipment {m.shipment} states another {', '.join(m.changed).replace('_', ' ')} before it starts"
    ),
    said.ReceiptCorrected: lambda m: (
        f"{m.facility} answers for {tonnes(m.quantity_kg)} received of shipment {m.shipment}: {m.reason}"
    ),
    said.CancellationRequested: lambda m: f"Cancellation of shipment {m.shipment} asked for: {m.reason}",
    said.CancellationGranted: lambda m: f"Shipment {m.shipment} is cancelled: {m.reason}",
    said.CancellationRefused: lambda m: f"Shipment {m.shipment} is not cancelled: {m.reason}",
    said.MovementDeparted: lambda m: (
        f"{m.carrier} took over shipment {m.shipment} at {m.place}: {tonnes(m.actual_quantity_kg)}"
    ),
    said.DeclarationLodged: lambda m: (
        f"Declared for {m.direction} at {m.office}: {tonnes(m.net_kg)}, HS {m.hs}, {_load_of(m)}"
    ),
    said.DeclarationAmended: lambda m: (
        f"Declaration at {m.office} amended ({', '.join(m.changed)}): {m.reason}"
    ),
    said.DeclarationWithdrawn: lambda m: f"Declaration at {m.office} withdrawn: {m.reason}",
    said.QuantityOverridden: lambda m: (
        f"{m.officer} at {m.office} answers for {tonnes(m.net_kg)} of shipment {m.shipment}: {m.reason}"
    ),
    said.CustomsReleased: lambda m: f"{m.office} released {_load_of(m)} for {m.direction}",
    said.CustomsHeld: lambda m: (
        f"{m.office} holds {_load_of(m)}: {', '.join(m.reasons) or 'no reason given'}"
    ),
    said.CustomsRefused: lambda m: (
        f"{m.office} refused {_load_of(m)}: {', '.join(m.reasons) or 'no reason given'}"
    ),
    said.CustomsExited: lambda m: f"{_load_of(m).capitalize()} left through {m.office} on {m.exited_on}",
    said.CustomsEntered: lambda m: f"{_load_of(m).capitalize()} entered through {m.office} on {m.entered_on}",
    said.TransitEntered: lambda m: (
        f"{_load_of(m).capitalize()} was stamped into transit at {m.office} on {m.entered_on}, "
        f"to leave by {m.due_on}"
    ),
    said.TransitExited: lambda m: (
        f"{_load_of(m).capitalize()} was stamped out of transit at {m.office} on {m.exited_on}"
    ),
    said.TransitDischarged: lambda m: (
        f"{m.office} discharged the transit of {_load_of(m)} on {m.discharged_on}"
    ),
    said.TransitOverdue: lambda m: f"Overdue in transit since {m.due_on}: {_load_of(m)}. {m.remark}",
    said.ExitOverdue: lambda m: f"Exit overdue since {m.due_on}: {_load_of(m)}. {m.remark}",
    said.CustomsSelected: lambda m: (
        f"{m.office} selected {_load_of(m)} for {m.selection.channel}: {m.selection.because}"
    ),
    said.CustomsAudited: lambda m: (
        f"{m.office} audited {_load_of(m)} on {m.audited_on} ({m.officer}), "
        f"{'irregular' if m.irregular else 'in order'}: {m.findings}"
    ),
    said.InspectionOrdered: lambda m: f"{m.office} ordered an inspection ({m.kind}): {m.reason}",
    said.InspectionRecorded: lambda m: f"{m.office} inspected on {m.inspected_on}: {m.findings}",
    said.CustomsDetained: lambda m: (
        f"{m.office} detained {tonnes(m.net_kg)} at {m.place} on {m.detained_on}: {m.reason}"
    ),
    said.CustomsSeized: lambda m: (
        f"{m.office} seized {tonnes(m.net_kg)} on {m.seized_on} ({m.legal_basis}): {m.disposal}"
    ),
    said.DetentionEnded: lambda m: (
        f"{m.authority} decided on {_load_of(m)} kept at {m.office}: {m.measure}. {m.reason}"
    ),
    said.IllegalTrafficReported: _illegal_traffic,
    said.RemedyOpened: _failed,
    said.RemedyOrdered: lambda m: (
        f"Ordered for {_load_of(m)}: {m.measure}. {m.reason}"
        + (f"; to be finished by {m.finish_by}" if m.finish_by else "")
    ),
    said.RemedyOpposed: lambda m: f"No agreement with {m.measure} for {_load_of(m)}: {m.reason}",
    said.ReturnDeparted: lambda m: f"{_load_of(m).capitalize()} started on its way back on {m.departed_on}",
    said.RemedyEscalated: lambda m: (
        f"Overdue since {m.due_on}: {_load_of(m)}"
        if m.due_on
        else f"Still open, the States cooperate ({m.times}): {_load_of(m)}"
    ),
    said.RemedyCompleted: lambda m: (
        f"{_load_of(m).capitalize()} came to its end ({m.measure}) at {m.place}: {tonnes(m.net_kg)}"
    ),
    said.MovementHandedOver: lambda m: (
        f"{m.to_carrier} took shipment {m.shipment} over from {m.from_carrier} at {m.place}{_seals(m)}"
    ),
    said.MovementDelivered: lambda m: (
        f"{m.carrier} delivered shipment {m.shipment} to {m.facility} at {m.place}{_seals(m)}"
    ),
    said.DutyMissed: _missed,
    said.MovementReceived: _received,
    said.MovementOverdue: lambda m: (
        f"{m.authority} misses the {m.missing} of shipment {m.shipment} from {m.facility}, due {m.due_on}"
    ),
    said.MovementCompleted: lambda m: (
        f"{m.facility} certified {m.operation} of shipment {m.shipment} completed on {m.completed_on}"
    ),
    said.WorldOpened: lambda m: f"The world opened ({m.mode})",
    said.ClockMoved: lambda m: f"The clock moved to {m.now:%Y-%m-%d %H:%M} UTC",
    said.WorldDeleted: lambda m: "The world was deleted",
}
