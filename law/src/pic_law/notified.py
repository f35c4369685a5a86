"""What every service asks of a notified movement, by its document, so that all get the same answer."""

from __future__ import annotations

from datetime import date

from pic_law.control import exporter_confirms as confirmed_by_exporter
from pic_law.control import notifying_state
from pic_law.errors import UnknownLaw
from pic_law.guarantees import GuaranteeAsked, guarantee_asked
from pic_schemas.documents import NotificationDocument
from pic_schemas.refusal import Refused


def notifying(document: NotificationDocument, on: date) -> str:
    """The State that notifies: Basel Convention Article 6(1), or Article 6(5)(b)."""
    try:
        return notifying_state(*_way(document), document.waste_code, document.operation[0], on)
    except (Refused, UnknownLaw):
        return document.states.export  # a code or a country that nobody knows is another matter


def exporter_confirms(document: NotificationDocument, on: date) -> bool:
    """Whether the exporter says what a facility says elsewhere: Basel Convention Article 6(5)(a), 6(9)."""
    return confirmed_by_exporter(*_way(document), document.waste_code, document.operation[0], on)


def guarantee_of(document: NotificationDocument, lodged_on: date) -> GuaranteeAsked:
    """Whether a State of the route asks for a guarantee: Basel Convention Article 6(11)."""
    return guarantee_asked(
        *_way(document),
        waste_code=document.waste_code,
        recovery=document.recovery,
        lodged_on=lodged_on,
        notifying=notifying(document, lodged_on),
    )


def _way(document: NotificationDocument) -> tuple[str, str, tuple[str, ...]]:
    states = document.states
    return states.export, states.import_, states.transit
