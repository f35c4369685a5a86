"""The life of a file at an authority's desk: received, acknowledged, decided, decided anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from consent.domain import duties
from consent.domain.notice_pair import mind_agreement
from consent.domain.states import UNDECIDED, Act, FileState, next_state
from pic_law.clocks import Due
from pic_law.governing import Governing
from pic_law.rules import rule
from pic_law.ruling import Ruling, findings_of, ground_said
from pic_law.silence import starts_on
from pic_schemas.address import Address, Role
from pic_schemas.documents.declaration import Annex
from pic_schemas.documents.notification import NotificationDocument
from pic_schemas.messages import (
    AuthorityConcerned,
    ChangeAnswered,
    ChangeRequested,
    ConsentSuspended,
    ConsentWithdrawn,
    ContractConfirmed,
    DecisionTaken,
    InformationProvided,
    InformationRequested,
    NoticesCompared,
    NotificationAcknowledged,
    NotificationTransmitted,
    SilenceRecorded,
)
from pic_schemas.refusal import Refused

CONSENTING = frozenset({Act.CONSENT, Act.CONSENT_WITH_CONDITIONS})


@dataclass(slots=True)
class AuthorityFile:
    """One notification at one authority. What the authority said is kept as it was said."""

    world: str
    case: str
    country: str
    authority: str
    role: Literal["import", "transit"]
    voting: bool
    number: str
    notification_version: int
    document: NotificationDocument
    carried_out_on: date
    transmitted_on: date
    state: FileState = FileState.RECEIVED
    acknowledgement: NotificationAcknowledged | None = None
    contract: ContractConfirmed | None = None
    decisions: list[DecisionTaken] = field(default_factory=list)
    overdue: bool = False
    submitted_on: date | None = None
    attachments: list[Annex] = field(default_factory=list)
    notices: NoticesCompared | None = None
    silence: SilenceRecorded | None = None
    requests: list[InformationRequested] = field(default_factory=list)
    answers: list[InformationProvided] = field(default_factory=list)
    change: ChangeRequested | None = None
    """The one that waits for this authority and others."""
    change_answers: list[ChangeAnswered] = field(default_factory=list)
    due_moved_to: datetime | None = None
    statements: int = 0
    stood_at: FileState | None = None
    suspended_by: str = ""
    announced: ConsentWithdrawn | ConsentSuspended | None = None
    """Said of a day that has not come yet: until then the consent stands."""

    @classmethod
    def open(
        cls, world: str, case: str, desk: AuthorityConcerned, transmitted: NotificationTransmitted
    ) -> AuthorityFile:
        """The file begins when the notification reaches the desk."""
        return cls(
            world=world,
            case=case,
            country=desk.state,
            authority=desk.authority,
            role=desk.role,
            voting=desk.voting,
            number=transmitted.number,
            notification_version=transmitted.notification_version,
            document=transmitted.document,
            carried_out_on=transmitted.carried_out_on,
            transmitted_on=transmitted.transmitted_on,
            submitted_on=transmitted.submitted_on,
            attachments=list(transmitted.attachments),
        )

    @property
    def address(self) -> Address:
        return Address(self.country, Role.COMPETENT_AUTHORITY, self.authority)

    @property
    def decision_due_at(self) -> datetime | None:
        """The end of the decision clock, moved by the time it stood still."""
        said = self.acknowledgement.decision_due_at if self.acknowledgement else None
        return self.due_moved_to or said

    @property
    def acknowledgement_due(self) -> Due | None:
        """By when its law wants it to acknowledge, counted from the transmission; None once it has."""
        if self.acknowledgement is not None:
            return None
        return duties.due_from(self.duty("import_ack"), self.transmitted_on, self.authority)

    def hear_attachment(self, attachment: Annex) -> None:
        if attachment not in self.attachments:
            self.attachments.append(attachment)

    @property
    def decided(self) -> bool:
        return self.state not in UNDECIDED

    @property
    def decision(self) -> DecisionTaken | None:
        """The one that stands: the latest."""
        return self.decisions[-1] if self.decisions else None

    def duty(self, name: str) -> Governing:
        """What the law on this desk says of a duty."""
        return duties.governing_duty(
            name,
            state=self.country,
            side=self.role,
            document=self.document,
            # An older message does not say when the notification was submitted.
            lodged_on=self.lodged_on,
        )

    @property
    def lodged_on(self) -> date:
        return self.submitted_on or self.carried_out_on

    def acknowledge(self, received_on: date, today: date) -> NotificationAcknowledged:
        """Acknowledge receipt, which starts the decision clock: Basel Convention, Article 6(2) and (4)."""
        state = next_state(self.state, Act.ACKNOWLEDGE)
        if not self.transmitted_on <= received_on <= today:
            detail = (
                f"received on {received_on}: before {self.transmitted_on}, when it was sent, or after {today}"
            )
            raise rule("DATES_IMPOSSIBLE").refused("/received_on", detail)
        governing = self.duty("decision")
        due = duties.due_from(governing, starts_on(governing.duty, received_on, today), self.authority)
        self.acknowledgement = NotificationAcknowledged(
            number=self.number,
            authority=self.authority,
            role=self.role,
            received_on=received_on,
            ack_sent_on=today,
            decision_due_at=due.due_at if due else None,
            profile=governing.profile,
            rule=due.rule if due else f"{governing.profile}.decision",
            article=duties.article_of(governing),
        )
        self.state = state
        return self.acknowledgement

    def confirm_contract(self, reference: str, today: date) -> ContractConfirmed:
        """The contract on environmentally sound management exists: Basel Convention, Article 6(3)(b)."""
        if self.role != "import":
            detail = "the State of import confirms the contract, not a State of transit"
            raise rule("SEAT_FORBIDS").refused("", detail)
        state = next_state(self.state, Act.CONFIRM_CONTRACT)
        if self.contract is not None:
            detail = f"the contract was confirmed on {self.contract.confirmed_on}"
            raise rule("STATE_FORBIDS").refused("", detail)
        self.contract = ContractConfirmed(
            number=self.number, authority=self.authority, confirmed_on=today, contract_reference=reference
        )
        self.state = state
        return self.contract

    def mind_the_verdict(self, verdict: Act) -> FileState:
        """Where the verdict leads. Raises Refused when it is not the moment for it."""
        if self.role == "import" and verdict in CONSENTING:
            mind_agreement(self.document, self.notices, self.submitted_on or self.carried_out_on)
        return next_state(self.state, verdict)

    def decide(self, ruling: Ruling, today: date) -> DecisionTaken:
        """The verdict, as this desk's next version: Basel Convention, Article 6(2) and (4)."""
        state = self.mind_the_verdict(ruling.verdict)
        mind_the_cure(self, ruling, today)
        governing = self.duty("decision")
        ruling = ruling.with_window(today, self._last_day_of_consent(today))
        findings = findings_of(ruling, self.document, governing.profile, self.role, today)
        if findings:
            raise Refused.invalid(*findings)
        decision = DecisionTaken(
            number=self.number,
            authority=self.authority,
            role=self.role,
            version=max(len(self.decisions), self.statements) + 1,
            verdict=ruling.verdict.value,
            decided_on=today,
            valid_from=ruling.valid_from,
            valid_to=ruling.valid_to,
            scope=ruling.scope,
            conditions=ruling.conditions,
            grounds=tuple(
                ground_said(cited, governing, self.role, self.document) for cited in ruling.grounds
            ),
            signatory=ruling.signatory,
            profile=governing.profile,
            article=duties.article_of(governing),
        )
        self.decisions.append(decision)
        self.statements, self.announced = decision.version, None
        self.state = state
        return decision

    def decision_came_due(self) -> None:
        """Silence is never inferred here: the file is late, and nothing else changes."""
        self.overdue = self.overdue or not self.decided

    def hear_silence(self, recorded: SilenceRecorded) -> None:
        """The State of export recorded that the clock ran out; what this desk said before stands."""
        self.silence = recorded
        if self.state is FileState.IN_REVIEW:
            self.state, self.overdue = FileState.TACIT_CONSENT, False

    def _last_day_of_consent(self, today: date) -> date:
        """As long as the law lets a consent last; where it is silent, as long as was asked (block 6)."""
        due = duties.due_from(self.duty("consent_validity_written"), today, self.authority)
        return due.due_on if due else self.document.block_6.last_departure

    def end(self) -> None:
        """The notification is over: nothing more is decided here."""
        self.state = FileState.CLOSED


def mind_the_cure(file: AuthorityFile, ruling: Ruling, today: date) -> None:
    """An objection is solved in time or not at all, where the authority's law says so. Raises Refused."""
    if file.state is not FileState.OBJECTION or not ruling.consents or file.acknowledgement is None:
        return
    law = file.duty("objection_cure")
    due = duties.due_from(law, file.acknowledgement.ack_sent_on, file.authority)
    if due is not None and today > due.due_on:
        stated = {"source": law.source, "verified": law.verified}
        over = rule("CURE_WINDOW_OVER").model_copy(update=stated)
        raise over.refused("/verdict", f"{due.due_on} was the last day: {due.basis}")
