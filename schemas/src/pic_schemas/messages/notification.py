"""What the State of export says about a notification."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pic_schemas.documents.base import AuthorityCode, Kilograms, RegistrationNo, Strict, Text
from pic_schemas.documents.declaration import Annex
from pic_schemas.documents.notification import NotificationDocument
from pic_schemas.envelope import UtcTime
from pic_schemas.messages.base import (
    AUTHORITY,
    CUSTOMS,
    EXPORTER,
    FACILITY,
    AuthorityConcerned,
    Condition,
    Ground,
    Message,
    RestsOn,
    Service,
    Version,
)
from pic_schemas.numbers import NumberText

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217")]


class _FromNotifier(Message):
    owner: ClassVar[Service] = "notifier"


class NotificationDrafted(_FromNotifier):
    """An exporter opened a draft; no authority has seen it."""

    type = "pic.notification.drafted.v1"
    senders = (EXPORTER,)
    receivers = (EXPORTER,)
    basis = "design: opens the case"

    exporter: RegistrationNo


class NotificationSubmitted(_FromNotifier):
    """The exporter handed the complete notification to the competent authority of export."""

    type = "pic.notification.submitted.v1"
    senders = (EXPORTER,)
    receivers = (AUTHORITY,)
    basis = "Basel Convention Art. 6(1); WSR 1013/2006 Art. 4, Annex II"

    number: NumberText
    document: NotificationDocument
    profile: Text
    profile_reason: Text


class GuaranteeCover(Strict):
    """What a financial guarantee covers: WSR 2024/1157 Art. 7."""

    transport: bool
    treatment: bool
    storage_days: int = Field(ge=0)


class GuaranteeLodged(_FromNotifier):
    """The exporter lodged a financial guarantee or equivalent insurance."""

    type = "pic.guarantee.lodged.v1"
    senders = (EXPORTER,)
    receivers = (AUTHORITY,)
    basis = "Basel Convention Art. 6(11); WSR 1013/2006 Art. 6; WSR 2024/1157 Art. 7"

    guarantee_id: Text
    kind: Literal["bond", "bank-guarantee", "insurance", "deposit", "other"]
    amount: Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=2)]
    currency: Currency
    covers: GuaranteeCover
    active_loads_permitted: int | None = Field(default=None, ge=1)
    valid_to: date | None = None


class GuaranteeApproved(_FromNotifier):
    """The competent authority approved the guarantee."""

    type = "pic.guarantee.approved.v1"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY)
    basis = "WSR 1013/2006 Art. 6(3), (4)"

    guarantee_id: Text
    approved_on: date
    approved_by: AuthorityCode


class GuaranteeReleased(_FromNotifier):
    """The guarantee is free again: the certificate of completion is in."""

    type = "pic.guarantee.released.v1"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY)
    basis = "WSR 1013/2006 Art. 6(5); WSR 2024/1157 Art. 7"

    guarantee_id: Text
    released_on: date


class NotificationCarriedOut(_FromNotifier):
    """The competent authority of export found the notification properly carried out."""

    type = "pic.notification.carried-out.v1"
    senders = (AUTHORITY,)
    receivers = (EXPORTER,)
    basis = "WSR 1013/2006 Art. 7(1)"

    number: NumberText
    carried_out_on: date
    authority: AuthorityCode


class NotificationTransmitted(_FromNotifier):
    """The competent authority of export sent the notification to every authority concerned."""

    type = "pic.notification.transmitted.v1"
    senders = (AUTHORITY,)
    receivers = (AUTHORITY, EXPORTER)
    basis = "Basel Convention Art. 6(1); WSR 1013/2006 Art. 7(1)"

    number: NumberText
    notification_version: Version
    carried_out_on: date
    transmitted_on: date
    document: NotificationDocument
    authorities: tuple[AuthorityConcerned, ...] = Field(min_length=1)
    submitted_on: date | None = Field(default=None, description="the day that decides which law governs")
    attachments: tuple[Annex, ...] = ()


class AttachmentAdded(_FromNotifier):
    """A document joined the notification after its submission; its bytes stay behind the front door."""

    type = "pic.attachment.added.v1"
    senders = (EXPORTER, AUTHORITY)
    receivers = (EXPORTER, AUTHORITY)
    basis = "Basel Convention Annex V A; DIWASS Regulation (EU) 2025/1290 Art. 13"

    number: NumberText
    attachment: Annex


class ConsentNumber(Strict):
    """The number of a consent for one line of waste."""

    waste_line: int = Field(ge=1)
    number: Text


class NotificationAuthorised(_FromNotifier):
    """Every verdict that is needed is in: the movement may start, within this window and ceiling."""

    type = "pic.notification.authorised.v1"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS, FACILITY)
    basis = "Basel Convention Art. 6(3); WSR 1013/2006 Art. 35(3)(b)"

    number: NumberText
    authorisation_no: Text
    how: Literal["permit", "automatic"]
    issued_on: date
    valid_from: date
    valid_to: date
    quantity_kg: Kilograms
    shipments: int = Field(ge=1)
    rests_on: tuple[RestsOn, ...]
    rests_on_silence: tuple[AuthorityCode, ...] = ()
    conditions: tuple[Condition, ...] = ()
    consent_numbers: tuple[ConsentNumber, ...] = ()
    document_version: Version
    article: Text


class SilenceRecorded(_FromNotifier):
    """An authority let its clock run out without a word, and its law takes that for consent."""

    type = "pic.silence.recorded.v1"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS)
    basis = "Basel Convention Art. 6(4); OECD/LEGAL/0266 Ch. II D; WSR 2024/1157 Art. 9"

    number: NumberText
    authority: AuthorityCode
    role: Literal["import", "transit"]
    clock_start: date
    clock_end: UtcTime
    clock_rule: Text = Field(description="the duty whose clock ran out, as PROFILE.duty")
    rule: Text = Field(description="the duty that makes silence an answer, as PROFILE.duty")
    profile: Text
    article: Text
    valid_from: date
    valid_to: date | None = Field(default=None, description="without one, as the notification asks")
    releases: bool = Field(default=True, description="false: an answer that lets nothing start by itself")


class AuthorisationSuspended(_FromNotifier):
    """The permit is suspended by law, because a consent that it rests on was withdrawn."""

    type = "pic.authorisation.suspended.v1"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS, FACILITY)
    basis = "SOR/2021-25 s. 12(1), 24(1)"

    number: NumberText
    authorisation_no: Text
    suspended_on: date
    because_of: AuthorityCode
    rule: Text
    article: Text


class NotificationObjected(_FromNotifier):
    """An authority objected, so the movement may not start."""

    type = "pic.notification.objected.v1"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS)
    basis = "Basel Convention Art. 6(2), (3)"

    number: NumberText
    authority: AuthorityCode
    decision_version: Version
    grounds: tuple[Ground, ...]


class NotificationClosed(_FromNotifier):
    """The notification is at its end: all certificates in, period over, or withdrawn."""

    type = "pic.notification.closed.v1"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS)
    basis = "WSR 1013/2006 Art. 16(e)"

    number: NumberText
    closed_on: date
    reason: Text


class NotificationExpiring(_FromNotifier):
    """The window ends soon: what is to be shipped must start by its last day."""

    type = "pic.notification.expiring.v1"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS)
    basis = "design: a warning before the window ends, WSR 1013/2006 Art. 9(4), (6)"

    number: NumberText
    valid_to: date
    working_days_left: int
    rule: Text
    article: Text
    source: Text


class NotificationExpired(_FromNotifier):
    """The last day on which all consents stood is over: no load is announced, what departed goes on."""

    type = "pic.notification.expired.v1"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS)
    basis = "WSR 1013/2006 Art. 9(4), (6)"

    number: NumberText
    valid_to: date


class NotificationWithdrawn(_FromNotifier):
    """The exporter withdrew the notification; nothing is decided on it any more."""

    type = "pic.notification.withdrawn.v1"
    senders = (EXPORTER,)
    receivers = (AUTHORITY,)
    basis = "design: what the exporter asked for it may take back; the number is not used again"

    number: NumberText
    withdrawn_on: date
    reason: Text


class NotificationInvalidated(_FromNotifier):
    """The authority of export declared the notification invalid: what it asked for did not come."""

    type = "pic.notification.invalidated.v1"
    senders = (AUTHORITY,)
    receivers = (EXPORTER, AUTHORITY)
    basis = "WSR 2024/1157 Art. 8"

    number: NumberText
    invalidated_on: date
    reason: Text
    article: Text
