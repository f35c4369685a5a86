"""CH24: was the load stamped in and out of every State of transit behind it, in order and in time?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from customs_gateway.domain.checks.examination import (
    Basis,
    Examination,
    failed,
    not_applicable,
    not_yet_known,
    passed,
)
from customs_gateway.domain.movement import Passage
from customs_gateway.domain.passage import before, presented
from pic_law.passages import passage, stamps_of
from pic_schemas.messages import CheckResult

POINTER = "/stamps"


@dataclass(frozen=True, slots=True)
class _Crossing:
    """One State of transit behind the load: what its own office said, and what block 22 shows."""

    state: str
    said: Passage | None
    shown: Passage | None

    @property
    def stamps(self) -> Passage:
        """The office's own word before the paper."""
        return self.said or self.shown or Passage()


def transit_is_stamped_and_discharged(examination: Examination) -> CheckResult:
    crossings = list(_crossings(examination))
    if not crossings:
        return not_applicable("CH24", "no State of transit lies behind the load")
    for found in (_out_of_order(examination, crossings), *(_late(examination, one) for one in crossings)):
        if found is not None:
            return found
    missing = [found for one in crossings if (found := _missing(examination, one)) is not None]
    if missing:
        return missing[0]
    if stamped := [_words(one) for one in crossings if one.stamps.exited_on is not None]:
        return passed("CH24", "; ".join(stamped))
    return not_applicable("CH24", f"no law known of {', '.join(c.state for c in crossings)} asks for stamps")


def _crossings(examination: Examination) -> Iterator[_Crossing]:
    declared, movement = examination.declared, examination.movement
    shown = presented(declared.stamps)
    said = movement.transits if movement else {}
    for state in before(declared, declared.transits or examination.route[2]):
        yield _Crossing(state, said.get(state), shown.get(state))


def _out_of_order(examination: Examination, crossings: list[_Crossing]) -> CheckResult | None:
    """In the order of travel no stamp is older than the one before it."""
    movement = examination.movement
    last, where = (movement.exited_on, "the exit from the State of export") if movement else (None, "")
    for one in crossings:
        steps = (
            (one.stamps.entered_on, f"entry into {one.state}"),
            (one.stamps.exited_on, f"exit from {one.state}"),
        )
        for day, what in steps:
            if day is not None and last is not None and day < last:
                return failed("CH24", f"{what} on {day} is before {where} on {last}", POINTER)
            last, where = (day, f"the {what}") if day is not None else (last, where)
        if _differ(one):
            detail = f"block 22 shows other stamps of {one.state} than its office gave: {_words(one)}"
            return failed("CH24", detail, POINTER)
    return None


def _differ(one: _Crossing) -> bool:
    if one.said is None or one.shown is None:
        return False
    both = ((one.said.entered_on, one.shown.entered_on), (one.said.exited_on, one.shown.exited_on))
    return any(said is not None and shown is not None and said != shown for said, shown in both)


def _late(examination: Examination, one: _Crossing) -> CheckResult | None:
    entered = one.stamps.entered_on
    if entered is None:
        return None
    limit = passage("transit", one.state, entered)
    due, left = one.stamps.due_on or limit.last_day(entered), one.stamps.exited_on
    if (left or examination.today) <= due:
        return None
    detail = f"{one.state}: entered on {entered}, to leave by {due}, {_left(left)}"
    return failed("CH24", detail, POINTER, basis=limit)


def _left(on: date | None) -> str:
    return f"left on {on}" if on is not None else "not stamped out"


def _missing(examination: Examination, one: _Crossing) -> CheckResult | None:
    """A stamp that is not there yet holds the load only where a law asks for it."""
    if one.stamps.exited_on is not None and one.stamps.entered_on is not None:
        return None
    law: Basis | None = stamps_of(one.state, examination.today)
    begun = one.stamps.entered_on is not None or one.stamps.exited_on is not None
    if law is None and not begun:
        return None
    what = "exit from" if one.stamps.entered_on is not None else "entry into"
    return not_yet_known("CH24", f"the {what} {one.state} is not stamped", POINTER, law)


def _words(one: _Crossing) -> str:
    found = one.stamps
    ended = f", discharged on {found.discharged_on}" if found.discharged_on else ""
    return f"{one.state}: in on {found.entered_on or 'no day'}, out on {found.exited_on or 'no day'}{ended}"
