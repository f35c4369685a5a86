"""What may move under a notification: the narrowest of the form, every consent and the authorisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from notifier.domain.authorities import ConcernedAuthority
from pic_law.conditions import smallest
from pic_schemas.documents import NotificationDocument
from pic_schemas.messages import DecisionTaken


@dataclass(frozen=True, slots=True)
class Limits:
    """Window (both days included), ceiling in kilograms, number of shipments."""

    valid_from: date
    valid_to: date
    quantity_kg: int
    shipments: int


def limits(document: NotificationDocument, authorities: Sequence[ConcernedAuthority]) -> Limits:
    """Shipments take place while all consents are valid: Regulation (EC) 1013/2006 Article 9(6).

    An authority's dates stand before block 6 (Annex IC p. 17), its smaller quantity or count before the
    notified number (DIWASS Article 17(10)).
    """
    consents = [each.decision for each in authorities if each.consents and each.decision]
    silences = [each.silence for each in authorities if each.silent and each.silence]
    period = document.block_6
    # A silence without a last day narrows nothing: it lasts as long as the written consents do.
    ends = [
        *(c.valid_to or period.last_departure for c in consents),
        *(s.valid_to for s in silences if s.valid_to),
    ]
    starts = [c.valid_from or period.first_departure for c in consents]
    starts += [silence.valid_from for silence in silences]
    return Limits(
        valid_from=max(starts, default=period.first_departure),
        valid_to=min(ends, default=period.last_departure),
        quantity_kg=min([document.quantity_kg, *_quantities(consents)]),
        shipments=min([document.shipments, *_counts(consents)]),
    )


def _quantities(consents: Sequence[DecisionTaken]) -> list[int]:
    stated = [c.scope.quantity_kg for c in consents if c.scope and c.scope.quantity_kg is not None]
    return stated + [n for c in consents if (n := smallest("max-quantity-kg", c.conditions))]


def _counts(consents: Sequence[DecisionTaken]) -> list[int]:
    stated = [c.scope.shipments for c in consents if c.scope and c.scope.shipments is not None]
    return stated + [n for c in consents if (n := smallest("max-shipments", c.conditions))]
