"""What this service shows: files, decisions, shipments and their due dates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from consent.domain.authority_file import AuthorityFile
from consent.domain.correspondence import change_due
from consent.domain.notice_pair import Filed, NoticePair
from consent.domain.states import FileState
from consent.due_views import DueView
from consent.movement_views import MissedView, MovementView
from pic_schemas.documents.declaration import Annex
from pic_schemas.documents.import_notice import ImportNotice
from pic_schemas.documents.notification import NotificationDocument
from pic_schemas.messages import (
    ChangedPlace,
    Clock,
    Condition,
    ConsentSuspended,
    ConsentWithdrawn,
    DecisionScope,
    DecisionTaken,
    Difference,
    Ground,
    InformationRequested,
    NoticesCompared,
    Question,
    Reply,
    Verdict,
)


class AcknowledgementView(BaseModel):
    """Block 19, and what the decision clock rests on."""

    received_on: date
    ack_sent_on: date
    decision_due_at: datetime | None
    profile: str
    rule: str
    article: str


class RequestView(BaseModel):
    """One request for information of this desk, and its answer; `days_left` below nought is overdue."""

    request: int
    requested_on: date
    questions: tuple[Question, ...]
    pauses: tuple[Clock, ...]
    answer_due_on: date | None
    days_left: int | None
    answered_on: date | None
    answers: tuple[Reply, ...]
    attachments: tuple[Annex, ...]


class ChangeView(BaseModel):
    """The change that waits for the authorities, and by when this one owes its answer."""

    change: int
    requested_on: date
    reason: str
    changes: tuple[ChangedPlace, ...]
    answered: bool
    due_on: date | None
    days_left: int | None
    article: str


class DecisionView(BaseModel):
    """One version of an authority's decision (blocks 20 and 21)."""

    case: str
    number: str
    authority: str
    role: Literal["import", "transit"]
    version: int
    verdict: Verdict
    decided_on: date
    valid_from: date | None
    valid_to: date | None
    scope: DecisionScope | None
    conditions: tuple[Condition, ...]
    grounds: tuple[Ground, ...]
    signatory: str
    profile: str
    article: str


class AnnouncedView(BaseModel):
    """A withdrawal or suspension that takes effect on a later day; until then the consent stands."""

    version: int
    interruption: Literal["withdrawn", "suspended"]
    effective_on: date
    ground: str
    article: str

    @classmethod
    def of(cls, said: ConsentWithdrawn | ConsentSuspended | None) -> AnnouncedView | None:
        if said is None:
            return None
        return cls(
            version=said.version,
            interruption="withdrawn" if isinstance(said, ConsentWithdrawn) else "suspended",
            effective_on=said.effective_on,
            ground=said.ground,
            article=f"{said.article} ({said.profile})",
        )


class AuthorityFileView(BaseModel):
    """A notification at one authority's desk."""

    case: str
    number: str
    version: int
    country: str
    authority: str
    role: Literal["import", "transit"]
    voting: bool
    state: FileState
    transmitted_on: date
    acknowledgement: AcknowledgementView | None
    acknowledgement_due: DueView | None = Field(
        None, description="until it is sent, where the law names a day"
    )
    contract_confirmed_on: date | None
    contract_reference: str | None
    overdue: bool
    decision_due_at: datetime | None
    days_left: int | None
    notification_version: int
    requests: list[RequestView]
    change: ChangeView | None
    attachments: list[Annex]
    notices: NoticesCompared | None = Field(
        None, description="how the two notices compare, where two are wanted"
    )
    decisions: list[DecisionView]
    announced: AnnouncedView | None = Field(
        None, description="the withdrawal or suspension whose day has not come"
    )


class NoticePairView(BaseModel):
    """The importer's own notice, and how it compares with the exporter's once that is here."""

    number: str
    reference: str
    importer: str
    notice_version: int
    filed_on: date
    case: str | None
    policy: Literal["exact", "tolerant"] | None
    agree: bool | None = Field(description="empty until the foreign notice is here")
    differences: list[Difference]
    document: ImportNotice


class NotificationView(BaseModel):
    """What the caller may see of one case: files of its own desk, shipments at its own State's facility."""

    case: str
    number: str
    document: NotificationDocument
    files: list[AuthorityFileView]
    movements: list[MovementView]
    facility_record: list[MissedView] = Field(
        default=[], description="what the reading authority was told of this facility, in every case"
    )


def decision_view(file: AuthorityFile, decision: DecisionTaken) -> DecisionView:
    return DecisionView(case=file.case, **dict(decision))


def _request_view(file: AuthorityFile, asked: InformationRequested, on: date) -> RequestView:
    answer = next((each for each in file.answers if each.request == asked.request), None)
    due = asked.answer_due_at.date() if asked.answer_due_at else None
    return RequestView(
        request=asked.request,
        requested_on=asked.requested_on,
        questions=asked.questions,
        pauses=asked.pauses,
        answer_due_on=due,
        days_left=(due - on).days if due and answer is None else None,
        answered_on=answer.answered_on if answer else None,
        answers=answer.answers if answer else (),
        attachments=answer.attachments if answer else (),
    )


def _change_view(file: AuthorityFile, on: date) -> ChangeView | None:
    if file.change is None:
        return None
    due = change_due(file)
    return ChangeView(
        change=file.change.change,
        requested_on=file.change.requested_on,
        reason=file.change.reason,
        changes=file.change.changes,
        answered=any(answer.change == file.change.change for answer in file.change_answers),
        due_on=due.due_on if due else None,
        days_left=(due.due_on - on).days if due else None,
        article=file.change.article,
    )


def _days_left(file: AuthorityFile, on: date) -> int | None:
    due_at = None if file.decided else file.decision_due_at
    return (due_at.date() - on).days if due_at else None


def authority_file_view(file: AuthorityFile, version: int, on: date) -> AuthorityFileView:
    said, contract = file.acknowledgement, file.contract
    return AuthorityFileView(
        case=file.case,
        number=file.number,
        version=version,
        country=file.country,
        authority=file.authority,
        role=file.role,
        voting=file.voting,
        state=file.state,
        transmitted_on=file.transmitted_on,
        acknowledgement=AcknowledgementView.model_validate(said, from_attributes=True) if said else None,
        acknowledgement_due=DueView.of(file.acknowledgement_due),
        contract_confirmed_on=contract.confirmed_on if contract else None,
        contract_reference=contract.contract_reference if contract else None,
        overdue=file.overdue,
        decision_due_at=file.decision_due_at,
        days_left=_days_left(file, on),
        notification_version=file.notification_version,
        requests=[_request_view(file, asked, on) for asked in file.requests],
        change=_change_view(file, on),
        attachments=file.attachments,
        notices=file.notices,
        decisions=[decision_view(file, decision) for decision in file.decisions],
        announced=AnnouncedView.of(file.announced),
    )


def notice_pair_view(pair: NoticePair, filed: Filed) -> NoticePairView:
    compared = pair.compared
    return NoticePairView(
        number=pair.number,
        reference=filed.reference,
        importer=filed.importer.agency,
        notice_version=filed.version,
        filed_on=filed.filed_on,
        case=pair.exported.case if pair.exported else None,
        policy=compared.policy if compared else None,
        agree=compared.agree if compared else None,
        differences=list(compared.differences) if compared else [],
        document=filed.notice,
    )
