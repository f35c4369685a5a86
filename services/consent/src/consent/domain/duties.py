"""What the law wants of this desk or this gate, and by when."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pic_law.calendars import calendar
from pic_law.clocks import Due, due, earliest
from pic_law.governing import Governing, governing
from pic_schemas.documents.notification import NotificationDocument

Side = Literal["import", "transit", "facility"]


def governing_duty(
    name: str, *, state: str, side: Side, document: NotificationDocument, lodged_on: date
) -> Governing:
    """The duty `name` for this side of the case; its `duty` is None where the law sets none."""
    route = document.states
    return governing(
        name,
        state=state,
        role=side,
        origin=route.export,
        destination=route.import_,
        waste_code=document.waste_code,
        recovery=document.recovery,
        lodged_on=lodged_on,
        preconsented=document.block_3.preconsented,
    )


def article_of(found: Governing) -> str:
    """Where the duty stands; where no law sets it, the law that was asked."""
    return found.article or found.source


def due_from(found: Governing, start: date, who: str) -> Due | None:
    """When it is due by the calendar of an authority or a State; None where the law gives no number."""
    return due(found.duty, start, calendar(who)) if found.duty is not None else None


def earliest_limit(found: Governing, begun: date | None, longstop_from: date, who: str) -> Due | None:
    """The nearer of the duty's two limits; the first runs only once its start (`begun`) is known."""
    if found.duty is None:
        return None
    return earliest(found.duty, begun, longstop_from, calendar(who))
