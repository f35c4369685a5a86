"""The life of a notification in the State of export, from the draft to the closed file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from notifier.domain import duties
from notifier.domain.attachments import Attachment, with_annexes
from notifier.domain.authorisation import Wish, authorisation, window_of_permit
from notifier.domain.authorities import ConcernedAuthority, all_consent, asked_by, rests_on
from notifier.domain.guarantee import Guarantee
from notifier.domain.life import (
    CLOSED,
    CONSENTED,
    DRAFT,
    OBJECTED,
    REACHED_BY,
    STEPS,
    TRANSMITTED,
    UNDER_DECISION,
    State,
    forbidden,
)
from notifier.domain.limits import Limits, limits
from notifier.domain.movement import Movement
from notifier.domain.refusals import refused
from notifier.domain.submission import complete, mind_the_exporter, numbered, without_particulars
from pic_schemas.address import Address, Role
from pic_schemas.documents import DraftNotification, NotificationDocument
from pic_schemas.documents.declaration import Annex
from pic_schemas.messages import (
    AttachmentAdded,
    ContractConfirmed,
    DecisionTaken,
    GuaranteeLodged,
    Message,
    NotificationAcknowledged,
    NotificationAuthorised,
    NotificationCarriedOut,
    NotificationClosed,
    NotificationDrafted,
    NotificationObjected,
    NotificationSubmitted,
    NotificationTransmitted,
)


@dataclass
class Notification:
    """One notification: the form, who was asked, what they said, and the shipments under it."""

    world: str
    case: str
    exporter: Address
    draft: DraftNotification
    state: State = DRAFT
    number: str | None = None
    document: NotificationDocument | None = None
    document_version: int = 1
    submitted_on: date | None = None
    profile: str | None = None
    profile_reason: str | None = None
    carried_out_on: date | None = None
    transmitted_on: date | None = None
    authorities: list[ConcernedAuthority] = field(default_factory=list)
    contract: ContractConfirmed | None = None
    guarantee: Guarantee | None = None
    guarantees_lodged: int = 0
    authorisation: NotificationAuthorised | None = None
    authorisations_issued: int = 0
    movements: list[Movement] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    closed_on: date | None = None

    # The exporter fills in the form and hands it in.

    def open(self) -> list[Message]:
        mind_the_exporter(self.draft, self.exporter)
        self.draft = with_annexes(self.draft, self.attachments)
        return [NotificationDrafted(exporter=self.exporter.agency)]

    def revise(self, draft: DraftNotification) -> None:
        self.allow("revise")
        mind_the_exporter(draft, self.exporter)
        self.draft = with_annexes(draft, self.attachments)

    def attach(self, annex: Annex, by: Address, on: date) -> list[Message]:
        """The authorities hear of what joins a notification that was handed in."""
        self.allow("attach")
        if annex in (known.annex for known in self.attachments):
            return []
        self.attachments.append(Attachment(annex, on, by))
        if self.document is None:
            self.draft = with_annexes(self.draft, self.attachments)
            return []
        return [AttachmentAdded(number=self.filed_number, attachment=annex)]

    def attached(self, sha256: str) -> Annex | None:
        """What is attached under this digest."""
        return next((a.annex for a in self.attachments if a.annex.sha256 == sha256), None)

    def blank_copy(self) -> DraftNotification:
        """The same blocks for another notification: without number, dates, signatures and annexes."""
        return without_particulars(self.form)

    def submit(self, number: str, on: date) -> list[Message]:
        self.allow("submit")
        self.document = numbered(complete(self.draft, self.exporter, on), number)
        self.number, self.submitted_on = number, on
        self.profile, self.profile_reason = duties.profile_of_export(self.document, on)
        self._step("submit")
        return [
            NotificationSubmitted(
                number=number,
                document=self.document,
                profile=self.profile,
                profile_reason=self.profile_reason,
            )
        ]

    # The authority of export checks it and sends it to every authority concerned.

    def carry_out(self, on: date) -> list[Message]:
        self._step("carry out")
        self.carried_out_on = on
        authority = self.export_authority.agency
        return [NotificationCarriedOut(number=self.filed_number, carried_out_on=on, authority=authority)]

    def transmit(self, on: date) -> list[Message]:
        self._step("transmit")
        self.transmitted_on = on
        self.authorities = asked_by(self.filed, duties.voting_states(self.filed, on))
        return [
            NotificationTransmitted(
                number=self.filed_number,
                notification_version=self.document_version,
                carried_out_on=self.carried_out_on or on,
                transmitted_on=on,
                document=self.filed,
                authorities=tuple(each.named() for each in self.authorities),
                submitted_on=self.submitted_on,
                attachments=tuple(each.annex for each in self.attachments),
            )
        ]

    # Each authority answers for itself.

    def hear_acknowledgement(self, acknowledgement: NotificationAcknowledged) -> None:
        if authority := self._asked(acknowledgement.authority):
            authority.acknowledgement = acknowledgement
            self._settle()

    def hear_contract(self, contract: ContractConfirmed, on: date) -> list[Message]:
        authority = self._asked(contract.authority)
        if authority is None or authority.role != "import":
            return []
        self.contract = contract
        self._settle()
        return self._authorise_where_no_permit_is_wanted(on)

    def hear_decision(self, decision: DecisionTaken, on: date) -> list[Message]:
        authority = self._asked(decision.authority)
        if authority is None or not authority.hear_decision(decision):
            return []
        self._settle()
        if authority.objects:
            return [self._objected(decision)]
        return self._authorise_where_no_permit_is_wanted(on)

    def _settle(self) -> None:
        """A closed file stays closed; else the state follows from what the authorities say together."""
        if self.state is CLOSED:
            return
        if (standing := self._standing()) is not self.state:
            self._step(REACHED_BY[standing])
        if self.state is not CONSENTED:
            self.authorisation = None

    def _standing(self) -> State:
        if any(each.objects for each in self.authorities):
            return OBJECTED
        if all_consent(self.authorities) and not self.contract_missing:
            return CONSENTED
        return UNDER_DECISION if any(each.answered for each in self.authorities) else TRANSMITTED

    def _objected(self, decision: DecisionTaken) -> Message:
        return NotificationObjected(
            number=self.filed_number,
            authority=decision.authority,
            decision_version=decision.version,
            grounds=decision.grounds,
        )

    # The authority of export lets it start, or the law does.

    def authorise(self, on: date, wish: Wish) -> list[Message]:
        """The permit, where the law of the State of export wants one."""
        self.mind_the_contract()
        self.allow("authorise")
        if self.authorisation is not None:
            raise refused("STATE_FORBIDS", f"authorised already: {self.authorisation.authorisation_no}")
        window = window_of_permit(self.filed, self.authorities, wish, on)
        return [self._authorised(on, window, wish)]

    def _authorise_where_no_permit_is_wanted(self, on: date) -> list[Message]:
        if self.state is not CONSENTED or self._permit.wanted:
            return []
        if self.authorisation and self.authorisation.rests_on == rests_on(self.authorities):
            return []
        return [self._authorised(on, self.limits, Wish())]

    def _authorised(self, on: date, window: Limits, wish: Wish) -> Message:
        self.authorisations_issued += 1
        self.authorisation = authorisation(
            self.filed,
            self.authorities,
            self._permit,
            window,
            authorisation_no=wish.authorisation_no or f"{self.filed_number}/{self.authorisations_issued}",
            on=on,
            document_version=self.document_version,
            conditions=wish.conditions,
        )
        return self.authorisation

    # The guarantee stands behind every shipment until the last certificate is in.

    def next_guarantee_id(self) -> str:
        return f"{self.filed_number}-FG{self.guarantees_lodged + 1}"

    def mind_the_guarantee(self, on: date) -> None:
        """A guarantee that is in force is not replaced."""
        self.allow("lodge guarantee")
        if self.guarantee is not None and self.guarantee.in_force(on):
            raise refused(
                "STATE_FORBIDS", "a guarantee is approved already", needs="the end of that guarantee"
            )

    def lodge_guarantee(self, lodged: GuaranteeLodged, on: date) -> list[Message]:
        self.mind_the_guarantee(on)
        self.guarantee = Guarantee(lodged, on)
        self.guarantees_lodged += 1
        return [lodged]

    def approve_guarantee(self, on: date) -> list[Message]:
        self.allow("approve guarantee")
        return [self._guarantee().approve(on, self.export_authority.agency)]

    def release_guarantee(self, on: date) -> list[Message]:
        self.allow("release guarantee")
        self._mind_the_certificates()
        return [self._guarantee().release(on)]

    # The end.

    def close(self, on: date) -> list[Message]:
        self.allow("close")
        self._mind_the_certificates()
        if self.guarantee is not None and self.guarantee.state != "RELEASED":
            raise refused(
                "STATE_FORBIDS", "the guarantee is not released yet", needs="first: release guarantee"
            )
        reason = "objected" if self.state is OBJECTED else "completed"
        self._step("close")
        self.closed_on = on
        return [NotificationClosed(number=self.filed_number, closed_on=on, reason=reason)]

    # What the rest of the house asks.

    @property
    def form(self) -> DraftNotification:
        """The form as it stands: the draft, later the document as submitted."""
        if self.document is None:
            return self.draft
        return DraftNotification.model_construct(**dict(self.document))

    @property
    def filed(self) -> NotificationDocument:
        """The document as submitted."""
        if self.document is None:
            raise refused("STATE_FORBIDS", "the notification is still a draft", needs="first: submit")
        return self.document

    @property
    def filed_number(self) -> str:
        return self.filed.block_3.number or ""

    @property
    def export_authority(self) -> Address:
        export = self.filed.block_15.export
        return Address(export.country, Role.COMPETENT_AUTHORITY, export.authority)

    @property
    def limits(self) -> Limits:
        return limits(self.filed, self.authorities)

    @property
    def remaining_kg(self) -> int:
        """What is left of the smallest ceiling after every shipment announced so far."""
        return self.limits.quantity_kg - sum(m.counted_kg for m in self.movements)

    @property
    def contract_missing(self) -> bool:
        """Basel Convention Article 6(3)(b), where no agreement stands in its place."""
        return self.contract is None and duties.contract_wanted(self.filed, self.lodged_on)

    @property
    def _permit(self) -> duties.Permit:
        return duties.permit(self.filed, self.lodged_on)

    @property
    def lodged_on(self) -> date:
        if self.submitted_on is None:
            raise refused("STATE_FORBIDS", "the notification is still a draft", needs="first: submit")
        return self.submitted_on

    def mind_the_contract(self) -> None:
        """Consents alone do not let a movement start."""
        if self.state is UNDER_DECISION and all_consent(self.authorities):
            raise refused("CONTRACT_NOT_CONFIRMED", "the State of import has not confirmed the contract")

    def _asked(self, code: str) -> ConcernedAuthority | None:
        return next((each for each in self.authorities if each.authority == code), None)

    def _guarantee(self) -> Guarantee:
        if self.guarantee is None:
            raise refused("GUARANTEE_MISSING", "no guarantee was lodged")
        return self.guarantee

    def _mind_the_certificates(self) -> None:
        if open_ones := [str(m.shipment) for m in self.movements if not m.completed]:
            detail = f"no certificate of completion yet: shipment {', '.join(open_ones)}"
            raise refused("STATE_FORBIDS", detail, needs="the certificate of the facility")

    def allow(self, act: str) -> None:
        """Raises Refused when this is not the moment for the act; the table says when it is."""
        if self.state not in STEPS[act].before:
            raise forbidden(act, self.state)

    def _step(self, act: str) -> None:
        self.allow(act)
        self.state = STEPS[act].after or self.state
