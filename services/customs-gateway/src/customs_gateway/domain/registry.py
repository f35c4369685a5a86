"""What customs know of a notification: the consents, the authorisation, the guarantee and the movements.

Built from messages alone. They may come in any order: of each authority the decision with the highest version
stands, whatever was heard first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from customs_gateway.domain.guarantee import Guarantee
from customs_gateway.domain.ledger import Claim, QuantityLedger
from customs_gateway.domain.movement import RegisteredMovement
from customs_gateway.domain.standing import ACCOUNTED, Standing
from customs_gateway.domain.verdict import WITHDRAWN, Verdict
from pic_law.views import View
from pic_schemas.documents.notification import NotificationDocument
from pic_schemas.messages import (
    AuthorityConcerned,
    ClassificationStated,
    ConsentReinstated,
    ConsentSuspended,
    ConsentWithdrawn,
    CustomsDecision,
    DecisionTaken,
    DeclarationAmended,
    DeclarationLodged,
    DeclarationWithdrawn,
    GuaranteeApproved,
    GuaranteeLodged,
    NotificationAuthorised,
    NotificationChanged,
    NotificationClosed,
    NotificationExpired,
    NotificationObjected,
    NotificationProhibited,
    NotificationTransmitted,
    NotificationWithdrawn,
    RestsOn,
    SilenceRecorded,
)


@dataclass(slots=True)
class RegistryEntry:
    """One notification. It can be cited once it was transmitted; what comes earlier is only kept."""

    world: str
    case: str
    lodged_on: date | None = None
    number: str | None = None
    document: NotificationDocument | None = None
    authorities: tuple[AuthorityConcerned, ...] = ()
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    authorisation: NotificationAuthorised | None = None
    guarantees: dict[str, Guarantee] = field(default_factory=dict)
    movements: dict[int, RegisteredMovement] = field(default_factory=dict)
    ledger: QuantityLedger = field(default_factory=QuantityLedger)
    elsewhere: dict[str, Claim] = field(default_factory=dict)
    closed_on: date | None = None
    ended_with: date | None = None
    document_version: int = 0
    prohibition: NotificationProhibited | None = None
    views: dict[str, ClassificationStated] = field(default_factory=dict)
    """How authorities see the load; kept for a load without notification as well."""
    open_here: list[str] = field(default_factory=list)
    """Declarations of this gateway's offices that a change of this entry may still concern."""

    def keep(self, declaration: str, *, is_open: bool) -> None:
        """Which declarations of this gateway are told when something changes: those it may still change."""
        self.open_here = [one for one in self.open_here if one != declaration]
        if is_open:
            self.open_here.append(declaration)

    def transmitted(self, message: NotificationTransmitted) -> None:
        self.number = message.number
        if message.notification_version > self.document_version:
            self.document, self.document_version = message.document, message.notification_version
        self.authorities = message.authorities
        self.lodged_on = self.lodged_on or message.carried_out_on
        self._recount()

    def changed(self, message: NotificationChanged) -> None:
        """Route, offices and parties are those of the newest version, whatever was heard first."""
        if message.notification_version > self.document_version:
            self.document, self.document_version = message.document, message.notification_version
            self._recount()

    def seen_by(self, message: ClassificationStated) -> None:
        """An authority's latest view, in whatever order they are heard."""
        known = self.views.get(message.authority)
        if known is None or known.version < message.version:
            self.views[message.authority] = message

    @property
    def seen_otherwise(self) -> tuple[View, ...]:
        """The views as the law weighs them."""
        said = sorted(self.views.items())
        return tuple(View(one.state, one.code, one.operation, one.waste) for _, one in said)

    def withdrawn(self, message: NotificationWithdrawn) -> None:
        self.closed_on = message.withdrawn_on

    def decided(self, message: DecisionTaken) -> None:
        self._keep_latest(message.authority, Verdict.of(message))

    def silent(self, message: SilenceRecorded) -> None:
        """The State of export recorded that an authority's clock ran out, which its law takes for consent."""
        self._keep_latest(message.authority, Verdict.silent(message))

    def taken_back(self, message: ConsentWithdrawn | ConsentSuspended) -> None:
        """A newer word of the authority than its consent."""
        known = self.verdicts.get(message.authority, Verdict(0, "consent"))
        if known.version < message.version:
            self._keep_latest(message.authority, known.taken_back(message))

    def reinstated(self, message: ConsentReinstated) -> None:
        known = self.verdicts.get(message.authority, Verdict(0, "consent"))
        if known.version < message.version:
            self._keep_latest(message.authority, known.lifted(message.version))

    def objected(self, message: NotificationObjected) -> None:
        """The State of export tells of an objection whose decision may not have been heard yet."""
        self._keep_latest(message.authority, Verdict(message.decision_version, "objection"))

    def authorised(self, message: NotificationAuthorised) -> None:
        self.authorisation = message
        self._recount()

    def closed(self, message: NotificationClosed) -> None:
        self.closed_on = message.closed_on

    def expired(self, message: NotificationExpired) -> None:
        """Said by the State of export; consents that last longer open the window again, as they do there."""
        self.ended_with = message.valid_to

    def guarantee_lodged(self, message: GuaranteeLodged) -> None:
        self.guarantee(message.guarantee_id).valid_to = message.valid_to

    def guarantee_approved(self, message: GuaranteeApproved) -> None:
        self.guarantee(message.guarantee_id).approved_on = message.approved_on

    def guarantee(self, guarantee_id: str) -> Guarantee:
        return self.guarantees.setdefault(guarantee_id, Guarantee(guarantee_id))

    def movement(self, shipment: int, movement_number: str) -> RegisteredMovement:
        return self.movements.setdefault(shipment, RegisteredMovement(shipment, movement_number))

    def received(self, movement: RegisteredMovement, on: date, kg: int, *, accepted: bool) -> None:
        """The received weight is authoritative; a rejected load gives no quantity back by itself."""
        movement.received_on, movement.received_kg = on, kg
        if accepted:
            self.ledger.settle(movement.shipment, kg)

    def cancel(self, movement: RegisteredMovement, on: date) -> None:
        """The number stays used and counts no more; what was drawn for it is free again."""
        movement.cancelled_on, movement.released_as = on, None
        self.ledger.strike(movement.shipment)

    def release_undone(self, shipment: int, declaration: str) -> None:
        """A release for export no longer stands."""
        movement = self.movements.get(shipment)
        if movement is not None and movement.released_as == declaration:
            movement.released_as = None

    def place_of(self, shipment: int) -> int:
        """Which of the shipments that count it is: cancelled numbers before it do not."""
        cancelled = (m for m in self.movements.values() if m.cancelled_on is not None)
        return shipment - sum(1 for m in cancelled if m.shipment < shipment)

    def lodged_elsewhere(self, message: DeclarationLodged) -> None:
        """Another gateway's office accepted a declaration; its decision will say for which shipment."""
        claim = Claim(message.direction, message.office[:2], message.net_kg)
        self.elsewhere[message.declaration_id] = claim

    def amended_elsewhere(self, message: DeclarationAmended) -> None:
        """What another gateway's office accepted was changed; its next decision settles the account."""
        self.lodged_elsewhere(message)
        for shipment in list(self.ledger.lines):
            self.ledger.suspend(shipment, message.declaration_id)

    def withdrawn_elsewhere(self, message: DeclarationWithdrawn) -> None:
        """A declaration of another gateway was taken back."""
        self.elsewhere.pop(message.declaration_id, None)
        if message.shipment is not None:
            self.ledger.give_back(message.shipment, message.declaration_id)

    def decided_elsewhere(self, message: CustomsDecision, *, released: bool, refused: bool) -> None:
        """Another gateway's decision stands: it is accounted for here, room or not."""
        claim = self.elsewhere.get(message.declaration_id)
        if claim is None or message.shipment is None:
            return
        if refused:
            self.ledger.give_back(message.shipment, message.declaration_id)
            return
        self.ledger.record(message.shipment, message.declaration_id, claim)
        if released:
            self.ledger.consume(message.shipment, message.declaration_id)

    @property
    def states(self) -> tuple[str, ...]:
        return self.document.states.all if self.document else ()

    @property
    def voting(self) -> tuple[AuthorityConcerned, ...]:
        return tuple(authority for authority in self.authorities if authority.voting)

    def verdicts_on(self, day: date) -> dict[str, Verdict]:
        """What each authority's word comes to on a day, by its code."""
        return {authority: verdict.as_of(day) for authority, verdict in self.verdicts.items()}

    def standing_on(self, day: date) -> Standing:
        """Where it stands for a load of that day; a consent may be taken back from a later one."""
        verdicts = self.verdicts_on(day)
        taken_back = [verdict.verdict for verdict in verdicts.values() if verdict.interrupted]
        found = [verdicts.get(authority.authority) for authority in self.voting]
        if self.closed_on is not None:
            return Standing.CLOSED
        if WITHDRAWN in taken_back:
            return Standing.WITHDRAWN
        if self.prohibition is not None:
            return Standing.PROHIBITED
        if any(
            verdict is not None and not verdict.consents and not verdict.interrupted
            for verdict in verdicts.values()
        ):
            return Standing.OBJECTED
        if taken_back:
            return Standing.SUSPENDED
        if not found or None in found:
            return Standing.UNDER_DECISION
        if self.authorisation is None:
            return Standing.CONSENTED
        return Standing.EXPIRED if self._is_over else Standing.AUTHORISED

    @property
    def _is_over(self) -> bool:
        return self.ended_with is not None and self.window is not None and self.window[1] <= self.ended_with

    def in_transit_on(self, day: date) -> tuple[str, ...]:
        """What the authorities that took a consent back said of loads under way, each once."""
        said = {v.in_transit for v in self.verdicts_on(day).values() if v.interrupted and v.in_transit}
        return tuple(sorted(said))

    @property
    def unread_decisions(self) -> tuple[RestsOn, ...]:
        """Decisions that the authorisation names and that were not heard here yet."""
        named = self.authorisation.rests_on if self.authorisation else ()
        known = {authority: verdict.version for authority, verdict in self.verdicts.items()}
        return tuple(one for one in named if known.get(one.authority, 0) < one.decision_version)

    @property
    def rests_on(self) -> tuple[RestsOn, ...]:
        """The decision versions that stand, for whoever asks what a customs decision was based on."""
        standing = sorted((a, v) for a, v in self.verdicts.items() if v.version)
        return tuple(RestsOn(authority=a, decision_version=v.version) for a, v in standing)

    @property
    def window(self) -> tuple[date, date] | None:
        """The days on which a load may cross: the authorisation, narrowed by every consent."""
        if self.authorisation is None:
            return None
        verdicts = self.verdicts.values()
        starts = [self.authorisation.valid_from, *(v.valid_from for v in verdicts if v.valid_from)]
        ends = [self.authorisation.valid_to, *(v.valid_to for v in verdicts if v.valid_to)]
        return max(starts), min(ends)

    @property
    def shipments(self) -> int:
        """How many shipments may take place."""
        limits = [v.shipments for v in self.verdicts.values() if v.shipments]
        limits += [self.authorisation.shipments] if self.authorisation else []
        limits += [self.document.shipments] if self.document else []
        return min(limits, default=0)

    def _keep_latest(self, authority: str, verdict: Verdict) -> None:
        known = self.verdicts.get(authority)
        if known is None or known.version < verdict.version or self._fills(known, verdict):
            self.verdicts[authority] = verdict
        self._recount()

    @staticmethod
    def _fills(known: Verdict, verdict: Verdict) -> bool:
        return known.version == verdict.version and known.decided_on is None

    def _recount(self) -> None:
        limits = [v.quantity_kg for v in self.verdicts.values() if v.quantity_kg is not None]
        limits += [self.authorisation.quantity_kg] if self.authorisation else []
        self.ledger.authorised_kg = min(limits, default=0) if self.has_account else 0

    @property
    def has_account(self) -> bool:
        """Whether something was authorised; a consent to nought kilograms is an account of nought.

        What was authorised is still accounted for after its end or a withdrawal, while loads under way come
        in: CH03 and CH05 stop a new one, not an account that says nothing was ever consented. So the day on
        which a consent is gone does not matter here.
        """
        return self.authorisation is not None and self.standing_on(date.min) in ACCOUNTED
