"""When to warn that a consent runs out: so many working days before its last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pic_law.calendars import calendar
from pic_law.clocks import before
from pic_law.duties import profile

# No law says when to warn; a deployed authority system does, and its days are the default.
DEFAULT = ("UK_IWS_IMPL", "consent_expiry_warnings_wd")


@dataclass(frozen=True, slots=True)
class ExpiryWarning:
    """One warning: the day, how many working days are left, and where the number comes from."""

    day: date
    working_days: int
    rule: str
    article: str
    source: str


def warnings_before(last_day: date, authority: str) -> tuple[ExpiryWarning, ...]:
    """The warnings before the last day of a window, by the calendar of the authority that gives them."""
    profile_id, name = DEFAULT
    stated, days = profile(profile_id).duties.get(name), calendar(authority)
    if stated is None:
        return ()
    return tuple(
        ExpiryWarning(before(last_day, left, "wd", days), left, stated.rule, stated.article, stated.source)
        for left in stated.value
    )
