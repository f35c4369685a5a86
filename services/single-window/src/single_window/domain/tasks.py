"""The worklist: what waits for a seat, derived from the case files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pic_schemas import messages as said
from pic_schemas.address import Address, Role
from single_window.domain.case import AuthorityEntry, CaseFile
from single_window.domain.customs_tasks import waits_for_customs
from single_window.domain.duty import Duty, end_of
from single_window.domain.overdue_tasks import missing_for, overdue_since
from single_window.domain.remedy_tasks import remedies_for

DECIDING = {"TRANSMITTED", "INFO_REQUESTED", "UNDER_DECISION", "CONSENTED", "CHANGE_PENDING", "OBJECTED"}
OVER = {"OBJECTED", "INVALID", "WITHDRAWN", "CONSENT_WITHDRAWN", "CLOSED"}


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for one seat. `days_left` is negative when it is overdue."""

    id: str
    kind: str
    sentence: str
    case: str
    number: str | None
    seat: str
    shipment: int | None
    due_at: datetime | None
    days_left: int | None
    overdue: bool
    article: str


Rule = Callable[[CaseFile, Address], Iterator[Duty]]


def tasks_of(case: CaseFile, seat: Address, now: datetime) -> list[Task]:
    """What waits for this seat in this case at the world's time."""
    rule = RULES.get(seat.role)
    return [_task(case, seat, duty, now) for duty in rule(case, seat)] if rule else []


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """The most urgent first; what has no date comes last, in the order of the procedure."""
    never = datetime.max.replace(tzinfo=UTC)
    return sorted(tasks, key=lambda task: task.due_at or never)


def _task(case: CaseFile, seat: Address, duty: Duty, now: datetime) -> Task:
    due = duty.due_at
    kind = duty.message.type.removeprefix("pic.").rsplit(".", 1)[0]
    return Task(
        id=f"{case.case}:{kind}:{duty.subject or seat.agency}",
        kind=kind,
        sentence=duty.sentence,
        case=case.case,
        number=case.number,
        seat=str(seat),
        shipment=duty.shipment,
        due_at=due,
        days_left=(due.date() - now.date()).days if due else None,
        overdue=due is not None and due < now,
        article=duty.article or duty.message.basis,
    )


def _exporter(case: CaseFile, me: Address) -> Iterator[Duty]:
    if case.exporter != me.agency:
        return
    if case.state == "DRAFT":
        yield Duty(said.NotificationSubmitted, "Complete the draft and submit the notification")
    yield from _questions(case)
    if case.number and case.guarantee_wanted and case.guarantee is None and case.state not in OVER:
        yield Duty(said.GuaranteeLodged, "Lodge the financial guarantee")
    live = len(case.live_movements)
    if case.authorisation and live < case.authorisation.shipments and case.state == "CONSENTED":
        sentence = f"Announce shipment {live + 1} of {case.authorisation.shipments}"
        yield Duty(said.MovementPrenotified, sentence)
        yield from _last_days(case)
    if case.state == "CONSENTED":
        yield from _taken_back_soon(case)
    if case.exporter_confirms:
        yield from _at_its_end(case, ("DEPARTED", "EXITED", "ENTERED", "ARRIVED"))


def _last_days(case: CaseFile) -> Iterator[Duty]:
    """Warned of the end, and no newer consent has moved it."""
    if case.expiring_on is not None and case.expiring_on == case.last_day:
        sentence = f"Let the last load start by {case.expiring_on}: the consents end with that day"
        yield Duty(said.NotificationExpiring, sentence, due_at=end_of(case.expiring_on))


def _taken_back_soon(case: CaseFile) -> Iterator[Duty]:
    """A consent that stands still, and from a day on no longer."""
    for entry in case.authorities.values():
        if (end := entry.announced) is not None:
            sentence = (
                f"Let the last load start before {end.effective_on}: "
                f"{entry.authority} has its consent {end.verdict} from that day"
            )
            last = end_of(end.effective_on - timedelta(days=1))
            yield Duty(said.NotificationInterrupted, sentence, entry.authority, due_at=last)


def _questions(case: CaseFile) -> Iterator[Duty]:
    """Every request that waits for the exporter, while an answer can still matter."""
    for entry in case.requests:
        if entry.answered_on is None and case.state not in OVER - {"OBJECTED"}:
            yield Duty(
                said.InformationProvided,
                f"Answer request {entry.request} of {entry.authority}: {'; '.join(entry.questions)}",
                f"{entry.authority}/{entry.request}",
                due_at=entry.due_at,
                article=entry.article,
            )


def _authority(case: CaseFile, me: Address) -> Iterator[Duty]:
    if me.state == case.export_state:
        yield from _export_desk(case)
    yield from remedies_for(case, me)
    yield from missing_for(case)
    yield from _kept_loads(case, me)
    if (entry := case.authorities.get(me.agency)) is not None and case.state in DECIDING:
        yield from _asked(case, entry)
    if (change := case.open_change) is not None and me.agency not in change.answers:
        concerned = entry is not None and entry.voting and change.kind == "essential"
        if me.state == case.export_state or concerned:
            kind = "correction" if change.kind == "correction" else "essential change"
            sentence = f"Answer the {kind} of notification {case.number}: {'; '.join(change.places)}"
            yield Duty(said.ChangeAnswered, sentence, article=change.article)


def _kept_loads(case: CaseFile, me: Address) -> Iterator[Duty]:
    """What customs detained waits for a decision in writing, unless a failed movement decides about it."""
    for entry in case.declarations.values():
        waits = entry.detained_on is not None and not entry.kept and not case.remedies
        if waits and me.state == entry.office[:2]:
            sentence = f"Decide on the load detained at {entry.detained_at} since {entry.detained_on}"
            yield Duty(said.DetentionEnded, sentence, entry.declaration_id, entry.shipment)


def _export_desk(case: CaseFile) -> Iterator[Duty]:
    if case.state in {"INVALID", "WITHDRAWN"}:
        yield Duty(said.NotificationClosed, f"Close notification {case.number}")
    if case.state == "SUBMITTED":
        yield Duty(said.NotificationCarriedOut, f"Check notification {case.number}")
    if case.state == "CARRIED_OUT":
        yield Duty(said.NotificationTransmitted, f"Transmit notification {case.number}")
    if case.guarantee and not case.guarantee.approved_on:
        yield Duty(said.GuaranteeApproved, "Approve the financial guarantee")
    if case.state == "CONSENTED" and case.authorisation is None:
        yield Duty(said.NotificationAuthorised, "Issue the authorisation: every consent is in")
    unused = case.state == "EXPIRED" and not case.live_movements
    if case.state != "CLOSED" and (case.all_completed or unused):
        yield from _ending(case)


def _ending(case: CaseFile) -> Iterator[Duty]:
    if _guarantee_stands(case):
        yield Duty(said.GuaranteeReleased, "Release the financial guarantee: the certificates are in")
    elif case.state == "EXPIRED" or _used_up(case):
        yield Duty(said.NotificationClosed, f"Close notification {case.number}")


def _guarantee_stands(case: CaseFile) -> bool:
    return bool(case.guarantee and case.guarantee.approved_on and not case.guarantee.released_on)


def _used_up(case: CaseFile) -> bool:
    return bool(case.authorisation and len(case.live_movements) >= case.authorisation.shipments)


def _asked(case: CaseFile, entry: AuthorityEntry) -> Iterator[Duty]:
    waits = any(r.authority == entry.authority and r.answered_on is None for r in case.requests)
    if entry.acknowledged_on is None and entry.verdict is None and not waits:
        yield Duty(said.NotificationAcknowledged, f"Acknowledge notification {case.number}")
    elif entry.acknowledged_on and entry.verdict is None:
        yield Duty(
            said.DecisionTaken,
            f"Decide on notification {case.number} as {entry.role} authority",
            due_at=entry.decision_due_at,
            article=entry.due_article,
        )
    if entry.role == "import" and case.contract_wanted and case.contract_confirmed_on is None:
        yield Duty(said.ContractConfirmed, "Confirm the contract between exporter and facility")


def _carrier(case: CaseFile, me: Address) -> Iterator[Duty]:
    for movement in case.movements.values():
        if movement.carrier == me.agency and movement.state == "EXPORT_CLEARED":
            sentence = f"Take over shipment {movement.shipment} and confirm departure"
            yield Duty(said.MovementDeparted, sentence, movement.movement_number, movement.shipment)


def _importer(case: CaseFile, me: Address) -> Iterator[Duty]:
    notices = case.notices
    if notices is not None and notices.importer == me.agency and notices.agree is False:
        fields = ", ".join(one.field for one in notices.differences)
        yield Duty(
            said.CaseLinked,
            f"Agree with the exporter and file notice {notices.reference} anew: {fields} differ",
            article=notices.article,
        )


def _facility(case: CaseFile, me: Address) -> Iterator[Duty]:
    yield from _importer(case, me)
    if case.consignment is None or case.consignment.facility != me.agency or case.exporter_confirms:
        return
    yield from _at_its_end(case, ("ENTERED", "ARRIVED"))


def _at_its_end(case: CaseFile, on_the_way: tuple[str, ...]) -> Iterator[Duty]:
    """Receipt and certificate of every load, for whoever has to say them."""
    for movement in case.movements.values():
        subject, shipment = movement.movement_number, movement.shipment
        since = overdue_since(movement)
        if movement.question is not None:
            yield Duty(said.ReceiptCorrected, f"Confirm or correct: {movement.question}", subject, shipment)
        if movement.state in on_the_way:
            sentence = f"Confirm receipt of shipment {shipment}"
            yield Duty(said.MovementReceived, sentence, subject, shipment, since)
        elif movement.state in {"RECEIVED", "PARTIALLY_REJECTED"}:
            expected = end_of(movement.expected_completion) if movement.expected_completion else None
            sentence = f"Certify completion of shipment {shipment}"
            yield Duty(said.MovementCompleted, sentence, subject, shipment, since or expected)


RULES: Mapping[Role, Rule] = {
    Role.EXPORTER: _exporter,
    Role.COMPETENT_AUTHORITY: _authority,
    Role.CUSTOMS: waits_for_customs,
    Role.CARRIER: _carrier,
    Role.FACILITY: _facility,
}
