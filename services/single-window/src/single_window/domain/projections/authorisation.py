"""The authorisation to start."""

from __future__ import annotations

from pic_schemas.envelope import Event
from pic_schemas.messages import NotificationAuthorised
from single_window.domain.case import AuthorisationEntry, CaseFile
from single_window.domain.projections.register import projects


@projects(NotificationAuthorised)
def authorise(case: CaseFile, event: Event, message: NotificationAuthorised) -> None:
    case.authorisation = AuthorisationEntry(
        authorisation_no=message.authorisation_no,
        how=message.how,
        issued_on=message.issued_on,
        valid_from=message.valid_from,
        valid_to=message.valid_to,
        quantity_kg=message.quantity_kg,
        shipments=message.shipments,
        conditions=[condition.text for condition in message.conditions],
        article=message.article,
    )
