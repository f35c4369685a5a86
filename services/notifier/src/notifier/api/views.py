"""What is shown of a notification and its movements."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from notifier.api.movement_views import MovementView
from notifier.domain.attachments import Attachment
from notifier.domain.authorities import ConcernedAuthority
from notifier.domain.change import Change, Outcome
from notifier.domain.changes import needed
from notifier.domain.completeness import BlockStatus, Status, completeness
from notifier.domain.duties import warnings
from notifier.domain.guarantee import Guarantee
from notifier.domain.inquiry import Inquiry
from notifier.domain.life import State
from notifier.domain.notification import Notification
from notifier.store import Kept
from pic_kit.problems import ProblemFinding
from pic_law.numbers import written
from pic_schemas.documents import DraftNotification
from pic_schemas.documents.declaration import Annex
from pic_schemas.messages import (
    ChangeAnswered,
    ChangedPlace,
    Condition,
    Ground,
    GuaranteeCover,
    NotificationAuthorised,
    NotificationProhibited,
    Question,
    Reply,
    Verdict,
)


class AuthorityView(BaseModel):
    """One authority that was asked, and what it said; `verdict` is null until it decides."""

    state: str
    authority: str
    role: Literal["import", "transit"]
    voting: bool
    channel: Literal["electronic", "paper"]
    acknowledged_on: date | None
    decision_due_on: date | None
    verdict: Verdict | None
    withdrawn_on: date | None
    suspended_on: date | None
    consent_ends_on: date | None = Field(
        None, description="from when its consent is withdrawn or suspended, as it announced"
    )
    silence_recorded_on: date | None = Field(description="when its clock ran out, where that is consent")
    decision_version: int
    valid_from: date | None
    valid_to: date | None
    conditions: list[Condition]
    grounds: list[Ground]

    @classmethod
    def of(cls, asked: ConcernedAuthority) -> AuthorityView:
        said, decision = asked.acknowledgement, asked.decision
        window = decision or asked.silence
        due = asked.decision_due_at
        return cls(
            state=asked.state,
            authority=asked.authority,
            role=asked.role,
            voting=asked.voting,
            channel=asked.channel,
            acknowledged_on=said.ack_sent_on if said else None,
            decision_due_on=due.date() if due else None,
            verdict=decision.verdict if decision else None,
            withdrawn_on=asked.withdrawn.withdrawn_on if asked.withdrawn else None,
            suspended_on=asked.suspended.suspended_on if asked.suspended else None,
            consent_ends_on=asked.announced.effective_on if asked.announced else None,
            silence_recorded_on=asked.silence.clock_end.date() if asked.silence else None,
            decision_version=asked.decision_version,
            valid_from=window.valid_from if window else None,
            valid_to=window.valid_to if window else None,
            conditions=list(decision.conditions) if decision else [],
            grounds=list(decision.grounds) if decision else [],
        )


class InquiryView(BaseModel):
    """One request for information, with its answer once there is one; `days_left` below nought is overdue."""

    authority: str
    role: Literal["export", "import", "transit"]
    request: int
    requested_on: date
    questions: list[Question]
    answer_due_on: date | None
    days_left: int | None
    answered_on: date | None
    answers: list[Reply]
    attachments: list[Annex]

    @classmethod
    def of(cls, it: Inquiry, on: date) -> InquiryView:
        asked, answered = it.asked, it.answered
        return cls(
            authority=asked.authority,
            role=asked.role,
            request=asked.request,
            requested_on=asked.requested_on,
            questions=list(asked.questions),
            answer_due_on=it.due_on,
            days_left=(it.due_on - on).days if it.due_on and it.is_open else None,
            answered_on=answered.answered_on if answered else None,
            answers=list(answered.answers) if answered else [],
            attachments=list(answered.attachments) if answered else [],
        )


class ChangeView(BaseModel):
    """One change: what was to stand where, who answered, and how it ended."""

    change: int
    kind: Literal["correction", "essential"]
    outcome: Outcome
    requested_on: date
    reason: str
    changes: list[ChangedPlace]
    answers: list[ChangeAnswered]
    waits_for: list[str]

    @classmethod
    def of(cls, it: Change, notification: Notification) -> ChangeView:
        asked = it.asked
        open_ones = needed(notification, it) if it.outcome == "open" else ()
        return cls(
            change=asked.change,
            kind=asked.kind,
            outcome=it.outcome,
            requested_on=asked.requested_on,
            reason=asked.reason,
            changes=list(asked.changes),
            answers=list(it.answers),
            waits_for=[each for each in open_ones if not it.answered_by(each)],
        )


class GuaranteeView(BaseModel):
    """The financial guarantee."""

    guarantee_id: str
    state: Literal["LODGED", "APPROVED", "RELEASED"]
    kind: str
    amount: str
    currency: str
    covers: GuaranteeCover
    active_loads_permitted: int | None
    valid_to: date | None
    lodged_on: date
    approved_on: date | None
    released_on: date | None

    @classmethod
    def of(cls, guarantee: Guarantee) -> GuaranteeView:
        lodged = guarantee.lodged
        return cls(
            guarantee_id=lodged.guarantee_id,
            state=guarantee.state,
            kind=lodged.kind,
            amount=str(lodged.amount),
            currency=lodged.currency,
            covers=lodged.covers,
            active_loads_permitted=lodged.active_loads_permitted,
            valid_to=lodged.valid_to,
            lodged_on=guarantee.lodged_on,
            approved_on=guarantee.approved_on,
            released_on=guarantee.released_on,
        )


class AttachmentView(BaseModel):
    """A document by its digest; its bytes are at `.../attachments/{sha256}`."""

    sha256: str
    media_type: str
    size: int
    kind: str
    block: int
    added_on: date
    added_by: str

    @classmethod
    def of(cls, it: Attachment) -> AttachmentView:
        return cls(**it.annex.payload(), added_on=it.added_on, added_by=str(it.added_by))


class BlockView(BaseModel):
    """How far one block of a draft is; a block that may stay empty is complete without content."""

    model_config = ConfigDict(from_attributes=True)

    block: str
    label: str
    required: bool
    status: Status
    findings: list[ProblemFinding]

    @classmethod
    def of(cls, block: BlockStatus) -> BlockView:
        return cls.model_validate(block)


class NotificationView(BaseModel):
    """A notification as the State of export keeps it; `version` is its ETag."""

    case: str
    number: str | None
    number_on_forms: str | None = Field(
        default=None, description="the number as the scheme of the State of export prints it"
    )
    state: State
    version: int
    exporter: str
    document: DraftNotification
    document_version: int
    missing: list[str]
    blocks: list[BlockView] = Field(description="of a draft: block by block, as a submission today finds it")
    profile: str | None
    profile_reason: str | None
    submitted_on: date | None
    carried_out_on: date | None
    transmitted_on: date | None
    authorities: list[AuthorityView]
    contract_confirmed_on: date | None
    guarantee: GuaranteeView | None
    authorisation: NotificationAuthorised | None
    movements: list[MovementView]
    attachments: list[AttachmentView]
    inquiries: list[InquiryView]
    changes: list[ChangeView]
    closed_on: date | None
    prohibition: NotificationProhibited | None = Field(default=None, description="while it stands")
    warnings: list[ProblemFinding] = Field(
        default=[], description="what may stand against it by sources not re-read; it stops nothing"
    )

    @classmethod
    def of(cls, kept: Kept) -> NotificationView:
        it = kept.notification
        return cls(
            case=it.case,
            number=it.number,
            number_on_forms=written(it.number, it.lodged_on) if it.number else None,
            state=it.state,
            version=kept.version,
            exporter=str(it.exporter),
            document=it.form,
            document_version=it.document_version,
            missing=[] if it.document else it.draft.missing(),
            blocks=[] if it.document else [BlockView.of(b) for b in _blocks(kept)],
            profile=it.profile,
            profile_reason=it.profile_reason,
            submitted_on=it.submitted_on,
            carried_out_on=it.carried_out_on,
            transmitted_on=it.transmitted_on,
            authorities=[AuthorityView.of(each) for each in it.authorities],
            contract_confirmed_on=it.contract.confirmed_on if it.contract else None,
            guarantee=GuaranteeView.of(it.guarantee) if it.guarantee else None,
            authorisation=it.authorisation,
            movements=[MovementView.from_movement(each) for each in it.movements],
            attachments=[AttachmentView.of(each) for each in it.attachments],
            inquiries=[InquiryView.of(each, kept.on) for each in it.inquiries],
            changes=[ChangeView.of(each, it) for each in it.changes],
            closed_on=it.closed_on,
            prohibition=it.prohibition.said if it.prohibition else None,
            warnings=[
                ProblemFinding.model_validate(one) for one in warnings(it.form, it.submitted_on or kept.on)
            ],
        )


class NotificationPage(BaseModel):
    """One page; `next` is the cursor of the following one, null on the last."""

    items: list[NotificationView]
    next: str | None


def _blocks(kept: Kept) -> list[BlockStatus]:
    return completeness(kept.notification.draft, kept.notification.exporter, kept.on)
