"""One shipment: its movement document and how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from notifier.domain.refusals import refused
from pic_schemas.documents import MovementDocument
from pic_schemas.messages import (
    CancellationGranted,
    CancellationRefused,
    CancellationRequested,
    MovementCompleted,
    MovementDelivered,
    MovementDeparted,
    MovementHandedOver,
    MovementOverdue,
    MovementPrenotified,
    MovementReceived,
    RemedyCompleted,
)
from pic_schemas.messages.overdue import Missing
from pic_schemas.on_demand import OnDemand


class Stage(StrEnum):
    """How far a shipment has come."""

    PRENOTIFIED = "PRENOTIFIED"
    CANCELLATION_REQUESTED = "CANCELLATION_REQUESTED"
    CANCELLED = "CANCELLED"
    HELD = "HELD"
    EXPORT_CLEARED = "EXPORT_CLEARED"
    DEPARTED = "DEPARTED"
    EXITED = "EXITED"
    ENTERED = "ENTERED"
    RECEIVED = "RECEIVED"
    PARTIALLY_REJECTED = "PARTIALLY_REJECTED"
    REJECTED = "REJECTED"
    INTERIM_COMPLETED = "INTERIM_COMPLETED"
    COMPLETED = "COMPLETED"
    TAKE_BACK_PENDING = "TAKE_BACK_PENDING"
    RETURNING = "RETURNING"
    REMEDIED = "REMEDIED"


@dataclass
class Movement:
    """A shipment keeps every fact that is heard, in whatever order they arrive; the furthest one counts."""

    number: str
    shipment: int
    document: OnDemand[MovementDocument]
    prenotified_on: date
    starts_on: date | None = None
    """The day of block 6 beside the document, for whoever counts loads; None in rows of before."""
    stated_kg: int | None = None
    """The quantity of block 5 beside the document, likewise."""
    announced_start: date | None = None
    """The day that was announced first, once the shipment was moved to another."""
    held_by: str | None = None
    released_by: str | None = None
    departure: MovementDeparted | None = None
    hand_overs: list[MovementHandedOver] = field(default_factory=list)
    delivery: MovementDelivered | None = None
    exited_on: date | None = None
    entered_on: date | None = None
    receipt: MovementReceived | None = None
    certificate: MovementCompleted | None = None
    cancellation: CancellationRequested | None = None
    cancellation_refused: CancellationRefused | None = None
    cancelled_on: date | None = None
    failed_on: date | None = None
    returning_on: date | None = None
    remedy: RemedyCompleted | None = None
    waits_until: date | None = None
    """The day on which what the facility owes counts as missing."""
    alert: MovementOverdue | None = None
    """The alert that stands; it ends when what was missing comes."""

    @property
    def stage(self) -> Stage:
        return next(stage for stage, reached in JOURNEY if reached(self))

    @classmethod
    def announced(cls, number: str, shipment: int, document: MovementDocument, on: date) -> Movement:
        """A shipment by its movement document."""
        movement = cls(number, shipment, OnDemand(document), on)
        movement.state(document)
        return movement

    def state(self, document: MovementDocument) -> None:
        """The movement document as it stands from now on."""
        self.document = OnDemand(document)
        self.starts_on, self.stated_kg = document.block_6.start_date, document.quantity_kg

    @property
    def form(self) -> MovementDocument:
        """The movement document; reading it costs, so whoever goes through all loads asks for less."""
        return self.document.model

    @property
    def start_date(self) -> date:
        return self.starts_on or self.form.block_6.start_date

    @property
    def quantity_kg(self) -> int:
        """What was announced."""
        return self.form.quantity_kg if self.stated_kg is None else self.stated_kg

    @property
    def first_start(self) -> date:
        """The day that was announced first."""
        return self.announced_start or self.start_date

    @property
    def counted_kg(self) -> int:
        """What it takes from the notified quantity: what was received, until then what was announced."""
        if not self.live:
            return 0
        sent = self.departure.actual_quantity_kg if self.departure else self.quantity_kg
        credited = self.remedy.credited_kg if self.remedy else 0
        if self.receipt is None or self.receipt.outcome != "accepted":
            return sent - credited  # what was rejected gives no quantity back unless an authority grants it
        return self.receipt.quantity_kg

    @property
    def live(self) -> bool:
        """A cancelled number stays used and does not count: Regulation (EU) 2025/1290 Art. 15(9), 17(8)."""
        return self.cancelled_on is None

    @property
    def arrived(self) -> bool:
        """Taken over at a facility, or what failed of it has come to its end."""
        if self.remedy is not None:
            return True
        return self.receipt is not None and self.receipt.outcome != "rejected" and self.failed_on is None

    @property
    def cancellation_pending(self) -> bool:
        return self.cancellation is not None and self.cancellation_refused is None and self.live

    @property
    def completed(self) -> bool:
        """Its certificate is in, and what failed of it has come to its end."""
        certified = self.certificate is not None and not self.certificate.interim
        rejected = self.receipt is not None and self.receipt.outcome == "rejected"
        if self.failed_on is None and not rejected:
            return certified
        partly = self.receipt is not None and self.receipt.outcome == "partly-rejected"
        return self.remedy is not None and (certified or not partly)

    @property
    def missing(self) -> Missing | None:
        """What the facility owes next; nothing of a load that failed, which its remedy follows."""
        if self.failed_on is not None or not self.live:
            return None
        if self.receipt is None:
            return "receipt"
        certified = self.certificate is not None and not self.certificate.interim
        return None if certified or self.receipt.outcome == "rejected" else "certificate"

    def mind_the_departure(self, carrier: str) -> None:
        """The first carrier takes the load over; not before customs of export released it."""
        first = self.form.block_8.first.registration_no
        if carrier != first:
            raise refused("SEAT_FORBIDS", f"the first carrier of shipment {self.shipment} is {first}")
        if self.released_by is None:
            raise refused("NOT_RELEASED", f"shipment {self.shipment} has no release for export yet")
        if self.departure is not None:
            raise refused("STATE_FORBIDS", f"shipment {self.shipment} departed already")
        if self.cancellation_pending:
            detail = f"the cancellation of shipment {self.shipment} was asked for"
            raise refused("STATE_FORBIDS", detail, needs="the answer of customs of export")

    def mind_the_cancellation(self) -> None:
        """What has started, or was cancelled or asked to be, is not cancelled."""
        if self.departure is not None or self.stage not in CANCELLABLE:
            detail = f"shipment {self.shipment} stands at {self.stage.value}"
            raise refused("STATE_FORBIDS", detail, needs="nothing: a shipment is cancelled before it starts")

    def request_cancellation(self, reason: str, on: date) -> CancellationRequested:
        """Customs of export answer: whether the load was cleared meanwhile only they know."""
        self.mind_the_cancellation()
        self.cancellation_refused = None
        self.cancellation = CancellationRequested(
            number=self.form.block_1,
            movement_number=self.number,
            shipment=self.shipment,
            reason=reason,
            requested_on=on,
        )
        return self.cancellation

    def hear_answer(self, answer: CancellationGranted | CancellationRefused) -> None:
        if isinstance(answer, CancellationGranted):
            self.cancelled_on = answer.answered_on
        else:
            self.cancellation_refused = answer

    def depart(self, carrier: str, on: date, place: str, kg: int) -> MovementDeparted:
        self.mind_the_departure(carrier)
        self.departure = MovementDeparted(
            number=self.form.block_1,
            movement_number=self.number,
            shipment=self.shipment,
            carrier=carrier,
            departed_on=on,
            place=place,
            actual_quantity_kg=kg,
        )
        return self.departure

    def hear_release(self, office: str) -> None:
        self.released_by, self.held_by = office, None

    def hear_hold(self, office: str) -> None:
        """A second declaration for a load that was released does not call it back."""
        if self.released_by is None:
            self.held_by = office

    def prenotice(self) -> MovementPrenotified:
        return MovementPrenotified(
            number=self.form.block_1,
            movement_number=self.number,
            shipment=self.shipment,
            of=self.form.block_2.total,
            document=self.form,
            start_date=self.start_date,
            quantity_kg=self.quantity_kg,
        )


def _outcome(*outcomes: str) -> Callable[[Movement], bool]:
    return lambda m: m.receipt is not None and m.receipt.outcome in outcomes


# From the end of the journey to its start: the first line that is true is the stage.
# fmt: off
JOURNEY: tuple[tuple[Stage, Callable[[Movement], bool]], ...] = (
    (Stage.CANCELLED,          lambda m: not m.live),
    (Stage.REMEDIED,           lambda m: m.remedy is not None),
    (Stage.RETURNING,          lambda m: m.returning_on is not None),
    (Stage.TAKE_BACK_PENDING,  lambda m: m.failed_on is not None),
    (Stage.COMPLETED,          lambda m: m.certificate is not None and not m.certificate.interim),
    (Stage.INTERIM_COMPLETED,  lambda m: m.certificate is not None),
    (Stage.REJECTED,           _outcome("rejected")),
    (Stage.PARTIALLY_REJECTED, _outcome("partly-rejected")),
    (Stage.RECEIVED,           _outcome("accepted")),
    (Stage.CANCELLATION_REQUESTED, lambda m: m.cancellation_pending and m.exited_on is None),
    (Stage.HELD,               lambda m: m.held_by is not None),
    (Stage.ENTERED,            lambda m: m.entered_on is not None),
    (Stage.EXITED,             lambda m: m.exited_on is not None),
    (Stage.DEPARTED,           lambda m: m.departure is not None),
    (Stage.EXPORT_CLEARED,     lambda m: m.released_by is not None),
    (Stage.PRENOTIFIED,        lambda m: True),
)
# fmt: on
CANCELLABLE = frozenset({Stage.PRENOTIFIED, Stage.HELD, Stage.EXPORT_CLEARED})
