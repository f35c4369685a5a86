"""The life of a notification in the State of export, from the draft to the closed file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from notifier.domain import duties
from notifier.domain.authorities import ConcernedAuthority, all_consent, asked_by, rests_on
from notifier.domain.guarantee import Guarantee
from notifier.domain.limits import Limits, limits
from notifier.domain.movement import Movement
from notifier.domain.refusals import finding, refuse_if_any, refused
from pic_schemas.address import Address, Role
from pic_schemas.documents import DraftNotification, NotificationDocument
from pic_schemas.messages import (
    Condition,
    ConsentNumber,
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
from pic_schemas.refusal import Finding


class State(StrEnum):
    """Where a notification stands in the State of export."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    CARRIED_OUT = "CARRIED_OUT"
    TRANSMITTED = "TRANSMITTED"
    UNDER_DECISION = "UNDER_DECISION"
    CONSENTED = "CONSENTED"
    OBJECTED = "OBJECTED"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class Step:
    """One act: the states in which it may happen, the state that follows, and what forbids it elsewhere."""

    act: str
    before: tuple[State, ...]
    after: State
    basis: str
    rule: str = "STATE_FORBIDS"


@dataclass(frozen=True, slots=True)
class Act:
    """One act that leaves the notification in its state."""

    act: str
    during: tuple[State, ...]
    basis: str
    rule: str = "STATE_FORBIDS"


DRAFT, SUBMITTED, CARRIED_OUT, TRANSMITTED = (
    State.DRAFT,
    State.SUBMITTED,
    State.CARRIED_OUT,
    State.TRANSMITTED,
)
UNDER_DECISION, CONSENTED = State.UNDER_DECISION, State.CONSENTED
OBJECTED, CLOSED = State.OBJECTED, State.CLOSED
ALIVE = (SUBMITTED, CARRIED_OUT, TRANSMITTED, UNDER_DECISION, CONSENTED)
ASKED = (TRANSMITTED, UNDER_DECISION, CONSENTED, OBJECTED)

# fmt: off
LIFE: tuple[Step, ...] = (
    Step("submit",          (DRAFT,),             SUBMITTED,      "Basel Convention Article 6(1)"),
    Step("carry out",       (SUBMITTED,),         CARRIED_OUT,    "Regulation (EC) 1013/2006 Article 7(1)"),
    Step("transmit",        (CARRIED_OUT,),       TRANSMITTED,    "Basel Convention Article 6(1)",
         "NOT_CARRIED_OUT"),
    Step("await decisions", ASKED,                UNDER_DECISION, "Basel Convention Article 6(2), (4)"),
    Step("consent",         ASKED,                CONSENTED,      "Basel Convention Article 6(3)"),
    Step("object",          ASKED,                OBJECTED,       "Basel Convention Article 6(2), (4)"),
    Step("close",           (CONSENTED, OBJECTED), CLOSED,        "Regulation (EC) 1013/2006 Article 16(e)"),
)
ACTS: tuple[Act, ...] = (
    Act("revise",            (DRAFT,),              "Basel Convention Annex V A"),
    Act("lodge guarantee",   ALIVE,                 "Regulation (EC) 1013/2006 Article 6(3)"),
    Act("approve guarantee", ALIVE,                 "Regulation (EC) 1013/2006 Article 6(4)"),
    Act("authorise",         (CONSENTED,),          "Basel Convention Article 6(3)", "CONSENT_MISSING"),
    Act("prenotify",         (CONSENTED,),          "Basel Convention Article 6(3)(a)", "CONSENT_MISSING"),
    Act("release guarantee", (*ALIVE, OBJECTED),    "Regulation (EC) 1013/2006 Article 6(5)"),
)
# fmt: on
STEPS = {step.act: step for step in LIFE}
ACTS_BY_NAME = {act.act: act for act in ACTS}
REACHED_BY = {step.after: step.act for step in LIFE}


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
    closed_on: date | None = None

    # The exporter fills in the form and hands it in.

    def open(self) -> list[Message]:
        _mind_the_exporter(self.draft, self.exporter)
        return [NotificationDrafted(exporter=self.exporter.agency)]

    def revise(self, draft: DraftNotification) -> None:
        self.allow("revise")
        _mind_the_exporter(draft, self.exporter)
        self.draft = draft

    def submit(self, number: str, on: date) -> list[Message]:
        self.allow("submit")
        document = self.draft.complete()
        refuse_if_any([*_own_findings(document, self.exporter, on), *duties.findings(document, on)])
        numbered = document.block_3.model_copy(update={"number": number})
        self.document = document.model_copy(update={"block_3": numbered})
        self.number, self.submitted_on = number, on
        self.profile, self.profile_reason = duties.profile_of_export(document, on)
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
        if self.state is not CLOSED and (standing := self._standing()) is not self.state:
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

    def _authorise_where_no_permit_is_wanted(self, on: date) -> list[Message]:
        if self.state is not CONSENTED or self._permit.wanted:
            return []
        if self.authorisation and self.authorisation.rests_on == rests_on(self.authorities):
            return []
        return [self._authorised(on, self.limits, self._next_authorisation_no(), ())]

    def authorise(
        self,
        on: date,
        *,
        authorisation_no: str | None = None,
        valid_from: date | None = None,
        valid_to: date | None = None,
        conditions: tuple[Condition, ...] = (),
    ) -> list[Message]:
        """The permit, inside every consent and no longer than the law lets it run."""
        self.mind_the_contract()
        self.allow("authorise")
        if not self._permit.wanted or self.authorisation is not None:
            raise refused("STATE_FORBIDS", "this movement is authorised already")
        widest = self.limits
        latest = duties.latest_end_of_permit(self.filed, on, widest.valid_to)
        window = Limits(
            valid_from=valid_from or max(on, widest.valid_from),
            valid_to=valid_to or latest,
            quantity_kg=widest.quantity_kg,
            shipments=widest.shipments,
        )
        if not widest.valid_from <= window.valid_from <= window.valid_to <= latest:
            detail = f"a permit runs inside {widest.valid_from} to {latest}"
            raise refused("CONSENT_WINDOW", detail, "/valid_to")
        number = authorisation_no or self._next_authorisation_no()
        return [self._authorised(on, window, number, conditions)]

    def _authorised(
        self, on: date, window: Limits, authorisation_no: str, conditions: tuple[Condition, ...]
    ) -> Message:
        of_consents = [c for each in self.authorities if each.decision for c in each.decision.conditions]
        self.authorisations_issued += 1
        self.authorisation = NotificationAuthorised(
            number=self.filed_number,
            authorisation_no=authorisation_no,
            how="permit" if self._permit.wanted else "automatic",
            issued_on=on,
            valid_from=window.valid_from,
            valid_to=window.valid_to,
            quantity_kg=window.quantity_kg,
            shipments=window.shipments,
            rests_on=rests_on(self.authorities),
            conditions=(*of_consents, *conditions),
            consent_numbers=(ConsentNumber(waste_line=1, number=authorisation_no),),
            document_version=self.document_version,
            article=self._permit.article,
        )
        return self.authorisation

    # The guarantee stands behind every shipment until the last certificate is in.

    def next_guarantee_id(self) -> str:
        return f"{self.filed_number}-FG{self.guarantees_lodged + 1}"

    def lodge_guarantee(self, lodged: GuaranteeLodged, on: date) -> list[Message]:
        self.allow("lodge guarantee")
        if self.guarantee is not None and self.guarantee.in_force(on):
            raise refused("STATE_FORBIDS", "a guarantee is approved already")
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
            raise refused("STATE_FORBIDS", "the guarantee is not released yet")
        reason = "objected" if self.state is OBJECTED else "completed"
        self._step("close")
        self.closed_on = on
        return [NotificationClosed(number=self.filed_number, closed_on=on, reason=reason)]

    # What the rest of the house asks.

    @property
    def filed(self) -> NotificationDocument:
        """The document as submitted."""
        if self.document is None:
            raise refused("STATE_FORBIDS", "the notification is still a draft")
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
            raise refused("STATE_FORBIDS", "the notification is still a draft")
        return self.submitted_on

    def mind_the_contract(self) -> None:
        """Consents alone do not let a movement start."""
        if self.state is UNDER_DECISION and all_consent(self.authorities):
            raise refused("CONTRACT_NOT_CONFIRMED", "the State of import has not confirmed the contract")

    def _next_authorisation_no(self) -> str:
        return f"{self.filed_number}/{self.authorisations_issued + 1}"

    def _asked(self, code: str) -> ConcernedAuthority | None:
        return next((each for each in self.authorities if each.authority == code), None)

    def _guarantee(self) -> Guarantee:
        if self.guarantee is None:
            raise refused("GUARANTEE_MISSING", "no guarantee was lodged")
        return self.guarantee

    def _mind_the_certificates(self) -> None:
        if open_ones := [str(m.shipment) for m in self.movements if not m.completed]:
            raise refused(
                "STATE_FORBIDS", f"no certificate of completion yet: shipment {', '.join(open_ones)}"
            )

    def allow(self, name: str) -> None:
        act = ACTS_BY_NAME.get(name) or STEPS[name]
        allowed = act.before if isinstance(act, Step) else act.during
        if self.state not in allowed:
            wanted = ", ".join(allowed)
            raise refused(act.rule, f"the notification is {self.state}; to {name} it must be {wanted}")

    def _step(self, name: str) -> None:
        self.allow(name)
        self.state = STEPS[name].after


def _mind_the_exporter(draft: DraftNotification, exporter: Address) -> None:
    named = draft.block_1.registration_no if draft.block_1 else exporter.agency
    if named != exporter.agency:
        detail = f"block 1 names {named}, the caller is {exporter.agency}"
        raise refused("EXPORTER_IS_CALLER", detail, "/block_1/registration_no")


def _own_findings(document: NotificationDocument, exporter: Address, on: date) -> Iterator[Finding]:
    """What the law's general checks cannot know: who calls, and what day it is."""
    if (state := document.states.export) != exporter.state:
        detail = f"the exporter's State is {exporter.state}, block 15 names {state}"
        yield finding("STATE_NOT_CONCERNED", detail, "/block_15/export/country")
    if (signed := document.block_17.notifier.signed_on) > on:
        yield finding("DATES_IMPOSSIBLE", f"signed on {signed}, after {on}", "/block_17/notifier/signed_on")
