"""The financial guarantee: lodged, approved, released."""

from __future__ import annotations

from pic_schemas.envelope import Event
from pic_schemas.messages import GuaranteeApproved, GuaranteeLodged, GuaranteeReleased
from single_window.domain.case import CaseFile, GuaranteeEntry
from single_window.domain.projections.register import projects


@projects(GuaranteeLodged)
def lodge(case: CaseFile, event: Event, message: GuaranteeLodged) -> None:
    case.guarantee = GuaranteeEntry(
        message.guarantee_id, message.kind, str(message.amount), message.currency, message.valid_to
    )


@projects(GuaranteeApproved)
def approve(case: CaseFile, event: Event, message: GuaranteeApproved) -> None:
    if case.guarantee is not None and case.guarantee.guarantee_id == message.guarantee_id:
        case.guarantee.approved_on = message.approved_on


@projects(GuaranteeReleased)
def release(case: CaseFile, event: Event, message: GuaranteeReleased) -> None:
    if case.guarantee is not None and case.guarantee.guarantee_id == message.guarantee_id:
        case.guarantee.released_on = message.released_on
