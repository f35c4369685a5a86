"""On which grounds an authority withdraws its consent or suspends it, by its own law."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Literal

from pic_law import library
from pic_law.calendars import calendar
from pic_law.clocks import Due, due
from pic_law.dated import Entry
from pic_law.duties import Role
from pic_law.duties import profile as profile_of
from pic_law.errors import LawError
from pic_law.governing import own_law
from pic_law.rules import rule
from pic_schemas.refusal import Finding

Interruption = Literal["withdraw", "suspend"]


class WithdrawalGround(Entry):
    """One ground of one profile; `mandatory` leaves the authority no choice.

    `announced` says what becomes of shipments that were only announced.
    """

    id: str
    profile: str
    act: Interruption
    ground: str
    text: str
    mandatory: bool = False
    announced: Literal["blocked", "cancelled"] = "blocked"


class Suspension(Entry):
    """A body of law that knows a suspension beside the withdrawal."""

    profile: str


@cache
def withdrawal_grounds() -> tuple[WithdrawalGround, ...]:
    """Every ground of the file; raises `LawError` for one that stands twice."""
    found = library.entries(WithdrawalGround, "withdrawals", "grounds")
    if len({ground.id for ground in found}) != len(found):
        raise LawError("withdrawals.yaml: a ground stands twice")
    return found


@cache
def suspensions() -> tuple[Suspension, ...]:
    """Whose law knows a suspension."""
    return library.entries(Suspension, "withdrawals", "suspensions")


def law_of_withdrawal(state: str, waste_code: str, lodged_on: date, law_of_decision: str) -> str:
    """The profile that says how this authority takes a consent back: its own law before all others."""
    own = own_law(state, waste_code, lodged_on)
    return own.profile if own is not None else law_of_decision


def open_grounds(profile: str, act: Interruption, on: date) -> tuple[WithdrawalGround, ...]:
    """The grounds that a profile lists on that day; empty where reasons are stated in words."""
    listed = (ground for ground in withdrawal_grounds() if ground.profile == profile)
    return tuple(ground for ground in listed if ground.act == act and ground.holds(on))


def against(ground: str, text: str, *, profile: str, act: Interruption, on: date) -> list[Finding]:
    """What keeps this withdrawal or suspension from standing; empty if nothing."""
    if act == "suspend" and not any(s.profile == profile and s.holds(on) for s in suspensions()):
        return [rule("SUSPENSION_UNKNOWN").finding("", f"{profile} knows no suspension of a consent")]
    listed = open_grounds(profile, act, on)
    if not listed:
        return (
            [] if text else [rule("WITHDRAWAL_GROUND").finding("/text", f"{profile} wants reasons in words")]
        )
    if any(known.ground == ground for known in listed):
        return []
    detail = f"{ground} is no ground under {profile}; open: {', '.join(known.ground for known in listed)}"
    return [rule("WITHDRAWAL_GROUND").finding("/ground", detail)]


def first_day(profile: str, act: Interruption, role: Role, said_on: date, who: str) -> Due | None:
    """From when a withdrawal said on that day may take effect; None where the law lets it do so at once.

    A suspension needs no time: it is what stops the loads while a withdrawal is waited for.
    """
    wanted = profile_of(profile).find("withdrawal_effective", role, said_on) if act == "withdraw" else None
    return due(wanted, said_on, calendar(who)) if wanted is not None else None


def cancels_announced(ground: str, *, profile: str, on: date) -> bool:
    """Whether a withdrawal on this ground leaves nothing to what was only announced."""
    known = (each for each in open_grounds(profile, "withdraw", on) if each.ground == ground)
    return any(each.announced == "cancelled" for each in known)


def article_of(ground: str, *, profile: str, act: Interruption, on: date) -> str:
    """Where the ground stands; empty where the law lists none."""
    return next((known.article for known in open_grounds(profile, act, on) if known.ground == ground), "")
