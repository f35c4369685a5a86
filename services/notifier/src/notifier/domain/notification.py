"""The life of a notification in the State of export, from the draft to the closed file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from notifier.domain import duties
from notifier.domain.attachments import Attachment, with_annexes
from notifier.domain.authorities import ConcernedAuthority, all_consent, asked_by
from notifier.domain.change import Change
from notifier.domain.guarantee import Guarantee
from notifier.domain.inquiry import Inquiry
from notifier.domain.life import DRAFT, STEPS, UNDER_DECISION, State, forbidden
from notifier.domain.limits import Limits, limits
from notifier.domain.movement import Movement
from notifier.domain.refusals import refused
from notifier.domain.stopped import Prohibition
from notifier.domain.submission import complete, mind_the_exporter, numbered, without_particulars
from pic_schemas.address import Address, Role
from pic_schemas.documents import DraftNotification, NotificationDocument
from pic_schemas.documents.declaration import Annex
from pic_schemas.messages import (
    AttachmentAdded,
    ClassificationStated,
    ContractConfirmed,
    GuaranteeLodged,
    Message,
    NotificationAuthorised,
    NotificationCarriedOut,
    NotificationDrafted,
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
    inquiries: list[Inquiry] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    notices_agree: bool = False
    """Whether the authority of import found the importer's own notice to agree with this one."""
    contract: ContractConfirmed | None = None
    guarantee: Guarantee | None = None
    guarantees_lodged: int = 0
    authorisation: NotificationAuthorised | None = None
    authorisations_issued: int = 0
    movements: list[Movement] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    expired_on: date | None = None
    """The last day of the window that ran out, whatever has come since."""
    closed_on: date | None = None
    prohibition: Prohibition | None = None
    views: dict[str, ClassificationStated] = field(default_factory=dict)
    """How authorities see the load where that differs from the form."""

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
        self.step("submit")
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
        self.step("carry out")
        self.carried_out_on = on
        authority = self.export_authority.agency
        return [NotificationCarriedOut(number=self.filed_number, carried_out_on=on, authority=authority)]

    def transmit(self, on: date) -> list[Message]:
        self.step("transmit")
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
        self.mind_the_certificates()
        return [self._guarantee().release(on)]

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
        """The authority that takes the notification: of the State whose company notifies."""
        route = self.filed.block_15
        here = route.export if self.exporter.state == route.export.country else route.import_
        return Address(here.country, Role.COMPETENT_AUTHORITY, here.authority)

    @property
    def limits(self) -> Limits:
        return limits(self.filed, self.authorities)

    @property
    def live(self) -> list[Movement]:
        """The shipments that count: every one but the cancelled."""
        return [m for m in self.movements if m.live]

    @property
    def remaining_kg(self) -> int:
        """What is left of the smallest ceiling after every shipment announced so far."""
        return self.limits.quantity_kg - sum(m.counted_kg for m in self.movements)

    @property
    def used_up(self) -> bool:
        """Nothing more may be announced, and every load that was has come to its end on the way."""
        if not self.live or not all(m.arrived for m in self.live):
            return False
        return len(self.live) >= self.limits.shipments or self.remaining_kg <= 0

    @property
    def contract_missing(self) -> bool:
        """Basel Convention Article 6(3)(b), where no agreement stands in its place."""
        return self.contract is None and duties.contract_wanted(self.filed, self.lodged_on)

    @property
    def permit(self) -> duties.Permit:
        """Whether the State of export writes one, or the consents alone let a movement start."""
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

    @property
    def open_change(self) -> Change | None:
        """The one that waits for answers; there is never a second."""
        return next((each for each in self.changes if each.outcome == "open"), None)

    def asked(self, code: str) -> ConcernedAuthority | None:
        return next((each for each in self.authorities if each.authority == code), None)

    def _guarantee(self) -> Guarantee:
        if self.guarantee is None:
            raise refused("GUARANTEE_MISSING", "no guarantee was lodged")
        return self.guarantee

    def mind_the_certificates(self) -> None:
        if open_ones := [str(m.shipment) for m in self.live if not m.completed]:
            detail = f"no certificate of completion yet: shipment {', '.join(open_ones)}"
            raise refused("STATE_FORBIDS", detail, needs="the certificate of the facility")

    def allow(self, act: str) -> None:
        """Raises Refused when this is not the moment for the act; the table says when it is."""
        if self.state not in STEPS[act].before:
            raise forbidden(act, self.state)

    def step(self, act: str) -> None:
        """What the table says follows from the act. Raises Refused when it is not the moment for it."""
        self.allow(act)
        self.state = STEPS[act].after or self.state
