"""What a facility knows and says of the shipments of one notification."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from consent.domain import duties
from consent.domain.shipment import Delivery, LaterOperation, Outcome, Shipment
from consent.domain.states import ShipmentState, Step, heard_on_the_way, next_at_gate
from pic_law.clocks import Due
from pic_law.governing import Governing
from pic_law.planning import question_band
from pic_law.rules import rule
from pic_schemas.address import Address, Role
from pic_schemas.documents.notification import NotificationDocument
from pic_schemas.documents.operation import INTERIM
from pic_schemas.messages import (
    MovementCompleted,
    MovementPrenotified,
    MovementReceived,
    NotificationTransmitted,
    ReceiptCorrected,
)
from pic_schemas.refusal import Finding, Refused

RECEIPTS: dict[Outcome, Step] = {
    "accepted": Step.RECEIVE,
    "partly-rejected": Step.RECEIVE_IN_PART,
    "rejected": Step.REJECT,
}


@dataclass(slots=True)
class FacilityFile:
    """One notification at the facility: what it is to receive, and each shipment that was announced to it."""

    world: str
    case: str
    country: str
    facility: str
    importer: str
    number: str
    document: NotificationDocument
    lodged_on: date
    shipments: list[Shipment] = field(default_factory=list)

    @classmethod
    def open(cls, world: str, case: str, transmitted: NotificationTransmitted) -> FacilityFile:
        """The file begins when the notification reaches the State of import."""
        document = transmitted.document
        return cls(
            world=world,
            case=case,
            country=document.facility.country,
            facility=document.facility.registration_no,
            importer=document.importer.registration_no,
            number=transmitted.number,
            document=document,
            lodged_on=transmitted.submitted_on or transmitted.carried_out_on,
        )

    @property
    def address(self) -> Address:
        return Address(self.country, Role.FACILITY, self.facility)

    def concerns(self, company: str) -> bool:
        """The facility of block 10, or the importer of block 2."""
        return company in (self.facility, self.importer)

    def find(self, shipment: int) -> Shipment | None:
        return next((known for known in self.shipments if known.shipment == shipment), None)

    def duty(self, name: str) -> Governing:
        """What the law on this facility says of a duty."""
        return duties.governing_duty(
            name, state=self.country, side="facility", document=self.document, lodged_on=self.lodged_on
        )

    def receipt_due(self, shipment: Shipment) -> Due | None:
        """By when receipt is confirmed; counted from the entry as long as the load is not at the gate."""
        on = shipment.receipt.received_on if shipment.receipt else shipment.entered_on
        return duties.due_from(self.duty("receipt_confirm"), on, self.country) if on else None

    def certificate_due(self, shipment: Shipment) -> Due | None:
        """By when the certificate of completion is issued; a rejected load has none."""
        receipt, certificate = shipment.receipt, shipment.certificate
        if receipt is None or shipment.state is ShipmentState.REJECTED:
            return None
        completion = certificate.completed_on if certificate else receipt.expected_completion
        found = self.duty("completion_certificate")
        return duties.earliest_limit(found, completion, receipt.received_on, self.country)

    def announce(self, message: MovementPrenotified) -> None:
        """A shipment was prenotified; the number is never used twice."""
        if self.find(message.shipment) is None:
            self.shipments.append(
                Shipment(message.movement_number, message.shipment, message.start_date, message.quantity_kg)
            )

    def cancel(self, shipment: Shipment) -> None:
        """It never starts, and its number is never used again."""
        shipment.state = heard_on_the_way(shipment.state, Step.CANCEL)

    def depart(self, shipment: Shipment, on: date) -> None:
        shipment.departed_on = on
        shipment.state = heard_on_the_way(shipment.state, Step.DEPART)

    def leave(self, shipment: Shipment, on: date) -> None:
        shipment.exited_on = on
        shipment.state = heard_on_the_way(shipment.state, Step.EXIT)

    def enter(self, shipment: Shipment, on: date) -> None:
        """Customs let the load in: from now on the facility may receive it."""
        shipment.entered_on = on
        shipment.state = heard_on_the_way(shipment.state, Step.ENTER)

    def deliver(self, shipment: Shipment, on: date) -> None:
        """The carrier brought it; what is done at the gate is counted from then."""
        shipment.delivered_on = shipment.delivered_on or on

    def receive(self, shipment: Shipment, delivery: Delivery, today: date) -> MovementReceived:
        """Block 18: accepted, accepted in part, or rejected. Basel Convention, Article 6(9)."""
        state = self.mind_the_receipt(shipment, delivery.outcome)
        _refuse_if_any(_check_delivery(shipment, delivery, today))
        receipt = MovementReceived(
            number=self.number,
            movement_number=shipment.movement_number,
            shipment=shipment.shipment,
            facility=self.facility,
            received_on=delivery.received_on,
            quantity_kg=delivery.kg,
            outcome=delivery.outcome,
            reason=delivery.reason,
            expected_completion=delivery.expected_completion,
            operation=self.document.operation[0],
            question=_question(shipment, delivery),
        )
        shipment.state, shipment.receipt = state, receipt
        return receipt

    def mind_the_correction(self, shipment: Shipment) -> MovementReceived:
        """Only the quantity of an accepted load, and only until its certificate. Raises Refused."""
        receipt = shipment.receipt
        if receipt is None:
            raise rule("RECEIPT_MISSING").refused("", f"shipment {shipment.shipment} was not received")
        if shipment.state is not ShipmentState.RECEIVED:
            detail = f"shipment {shipment.shipment} stands at {shipment.state.value}"
            raise rule("STATE_FORBIDS").refused("", detail)
        return receipt

    def correct(self, shipment: Shipment, kg: int, reason: str, today: date) -> ReceiptCorrected:
        """The quantity is confirmed or corrected; of a receipt nothing else is amended."""
        receipt = self.mind_the_correction(shipment)
        if kg == 0:
            raise rule("QUANTITY_POSITIVE").refused("/quantity", "an accepted load weighs something")
        shipment.receipt = receipt.model_copy(update={"quantity_kg": kg, "question": None})
        return ReceiptCorrected(
            number=self.number,
            movement_number=shipment.movement_number,
            shipment=shipment.shipment,
            facility=self.facility,
            previous_kg=receipt.quantity_kg,
            quantity_kg=kg,
            reason=reason,
            corrected_on=today,
        )

    def mind_the_caller(self, company: str) -> None:
        """The facility signs for what it receives, nobody for it."""
        if company != self.facility:
            detail = f"the facility of block 10 is {self.facility}; the importer does not sign for it"
            raise rule("FACILITY_IS_CALLER").refused("", detail)

    def mind_the_receipt(self, shipment: Shipment, outcome: Outcome) -> ShipmentState:
        """Where this outcome leads. Raises Refused when the load is not at the gate."""
        return next_at_gate(shipment.state, RECEIPTS[outcome])

    def mind_the_certificate(self, shipment: Shipment) -> tuple[ShipmentState, MovementReceived]:
        """Where the certificate leads, and the receipt behind it. Raises Refused when there is none."""
        receipt, interim = shipment.receipt, self.document.block_11.interim
        if receipt is None:
            detail = f"shipment {shipment.shipment} was not received: it stands at {shipment.state.value}"
            raise rule("RECEIPT_BEFORE_COMPLETION").refused("", detail)
        return next_at_gate(shipment.state, Step.COMPLETE_INTERIM if interim else Step.COMPLETE), receipt

    def certify(
        self, shipment: Shipment, completed_on: date, kg: int | None, today: date
    ) -> MovementCompleted:
        """Block 19: the operation is completed. Basel Convention, Article 6(9)."""
        state, receipt = self.mind_the_certificate(shipment)
        _refuse_if_any(_check_certificate(receipt, completed_on, kg, today))
        certificate = MovementCompleted(
            number=self.number,
            movement_number=shipment.movement_number,
            shipment=shipment.shipment,
            facility=self.facility,
            operation=receipt.operation,
            completed_on=completed_on,
            interim=state is ShipmentState.INTERIM_COMPLETED,
            quantity_kg=receipt.quantity_kg if kg is None else kg,
        )
        shipment.state, shipment.certificate = state, certificate
        return certificate

    def certify_later(self, shipment: Shipment, done: LaterOperation, today: date) -> MovementCompleted:
        """The interim facility passes on the next one's certificate; the last one completes it."""
        interim = done.operation in INTERIM
        state = next_at_gate(shipment.state, Step.CONTINUE if interim else Step.COMPLETE_LATER)
        before = shipment.certificate
        if before is None or shipment.receipt is None:
            raise rule("RECEIPT_BEFORE_COMPLETION").refused("", "no certificate of an interim operation yet")
        _refuse_if_any(_check_later(self.document, before, done, today))
        certificate = MovementCompleted(
            number=self.number,
            movement_number=shipment.movement_number,
            shipment=shipment.shipment,
            facility=done.facility,
            operation=done.operation,
            completed_on=done.completed_on,
            interim=interim,
            quantity_kg=before.quantity_kg if done.kg is None else done.kg,
        )
        shipment.chain.append(before)
        shipment.state, shipment.certificate = state, certificate
        return certificate


def _question(shipment: Shipment, delivery: Delivery) -> str | None:
    """A quantity far from the announced one is asked about; it is taken all the same."""
    band = question_band(shipment.announced_kg)
    if delivery.outcome != "accepted" or band is None or band.holds(delivery.kg):
        return None
    return (
        f"{delivery.kg} kg received of {shipment.announced_kg} kg announced, "
        f"outside {band.least_kg} to {band.most_kg} kg ({band.rule}, {band.source})"
    )


def _check_later(
    document: NotificationDocument, before: MovementCompleted, done: LaterOperation, today: date
) -> list[Finding]:
    findings = []
    notified = {one.registration_no for one in document.block_10.subsequent}
    if done.facility not in notified:
        detail = f"{done.facility} is none of the later facilities of block 10: {', '.join(sorted(notified))}"
        findings.append(rule("DOCUMENT_MISMATCH").finding("/facility", detail))
    if not before.completed_on <= done.completed_on <= today:
        detail = f"{done.completed_on} is not between {before.completed_on} and today, {today}"
        findings.append(rule("DATES_IMPOSSIBLE").finding("/completed_on", detail))
    if done.kg is not None and done.kg > before.quantity_kg:
        detail = f"{done.kg} kg completed of {before.quantity_kg} kg passed on"
        findings.append(rule("QUANTITY_EXCEEDED").finding("/quantity", detail))
    return findings


def _check_delivery(shipment: Shipment, delivery: Delivery, today: date) -> list[Finding]:
    findings = []
    on, entered = delivery.received_on, shipment.entered_on
    if on > today or (entered is not None and on < entered):
        detail = f"received on {on}: after {today} or before the load entered on {entered}"
        findings.append(rule("DATES_IMPOSSIBLE").finding("/received_on", detail))
    if delivery.expected_completion is not None and delivery.expected_completion < on:
        detail = f"completion is expected on {delivery.expected_completion}, before the receipt on {on}"
        findings.append(rule("DATES_IMPOSSIBLE").finding("/expected_completion", detail))
    if delivery.outcome != "rejected" and delivery.kg == 0:
        findings.append(rule("QUANTITY_POSITIVE").finding("/quantity", "an accepted load weighs something"))
    if delivery.outcome != "accepted" and not delivery.reason:
        findings.append(rule("BLOCK_INVALID").finding("/reason", "a rejection says why (block 18)"))
    return findings


def _check_certificate(
    receipt: MovementReceived, completed_on: date, kg: int | None, today: date
) -> list[Finding]:
    findings = []
    if completed_on > today or completed_on < receipt.received_on:
        detail = f"completed on {completed_on}: after {today} or before the receipt on {receipt.received_on}"
        findings.append(rule("DATES_IMPOSSIBLE").finding("/completed_on", detail))
    if kg is not None and kg > receipt.quantity_kg:
        detail = f"{kg} kg completed of {receipt.quantity_kg} kg received"
        findings.append(rule("QUANTITY_EXCEEDED").finding("/quantity", detail))
    return findings


def _refuse_if_any(findings: list[Finding]) -> None:
    if findings:
        raise Refused.invalid(*findings)
