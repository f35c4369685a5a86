"""Where a world tells another story than it told before: for each case the first thing that differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pic_replay.acts import Act
from pic_replay.canonical import Event, by_case, canonical
from pic_replay.identities import Identities
from pic_replay.matching import difference
from pic_replay.rule_ids import citations
from pic_replay.told import CaseEnd, Told


@dataclass(frozen=True, slots=True)
class Drift:
    """One case of one world. `what` names message or answer and field; `behind` is the act that led to it.

    `rules`: what one of the two tellings cites and the other does not, or not as often.
    """

    world: str
    case: str
    what: str
    behind: str = ""
    rules: tuple[str, ...] = ()
    act: int = 0

    def __str__(self) -> str:
        cited = f"; rules {', '.join(self.rules)}" if self.rules else ""
        behind = f", after {self.behind}" if self.behind else ""
        return f"{self.world}, case {self.case}: {self.what}{behind}{cited}"


def drifts(recorded: Told, seen: Told, known: Identities) -> list[Drift]:
    """The first difference of every case that differs; a case that only one of the two knows differs."""
    before, now = by_case(recorded.events), by_case(seen.events)
    found = []
    pairs = _pairs(list(before), list(now), known)
    for old, new in pairs:
        drift = _of_case(recorded, seen, (old, before.get(old, [])), (new, now.get(new, [])))
        found += [drift] if drift else []
    return found + list(_of_no_case(recorded, seen, [old for old, _ in pairs]))


def _pairs(before: Sequence[str], now: Sequence[str], known: Identities) -> list[tuple[str, str]]:
    """Cases by what was learnt of their names; the others by their place among the others."""
    paired = {old: new for old in before if (new := known.get(old)) in now and new is not None}
    left_before = [old for old in before if old not in paired]
    left_now = [new for new in now if new not in paired.values()]
    # A case that has no counterpart stands against nothing, and not against its neighbour's.
    by_place = dict(zip(left_before, left_now, strict=False)) if len(left_before) == len(left_now) else {}
    pairs = [(old, paired.get(old) or by_place.get(old, "")) for old in before]
    return pairs + [("", new) for new in left_now if new not in by_place.values()]


def _of_case(
    recorded: Told, seen: Told, before: tuple[str, list[Event]], now: tuple[str, list[Event]]
) -> Drift | None:
    (old, old_events), (new, new_events) = before, now
    name = recorded.number_of(old) if old else f"{seen.number_of(new)} (new)"
    rules = _rules_apart(recorded, seen, before, now)
    message = _first_message(old_events, new_events)
    answer = _first_answer(recorded, seen, old)
    if message is not None:
        place, what = message
        teller, event = (
            (recorded, old_events[place]) if place < len(old_events) else (seen, new_events[place])
        )
        number, act = teller.act_behind(event["id"])
        if answer is None or number < answer[0]:
            return Drift(recorded.name, name, what, f"act {number}, {act}" if act else "", rules, number)
    if answer is not None:
        number, what = answer
        return Drift(recorded.name, name, what, "", rules, number)
    end = _end(recorded.cases, seen.cases, old, new)
    return Drift(recorded.name, name, end, "", rules, len(recorded.acts)) if end else None


def _first_message(before: Sequence[Event], now: Sequence[Event]) -> tuple[int, str] | None:
    old, new = canonical(before), canonical(now)
    for place in range(max(len(old), len(new))):
        one = old[place] if place < len(old) else None
        other = new[place] if place < len(new) else None
        if one != other:
            return place, f"message {place + 1}: {_told_apart(one, other)}"
    return None


def _told_apart(old: dict[str, Any] | None, new: dict[str, Any] | None) -> str:
    if old is None or new is None or old["type"] != new["type"]:
        names = [message["type"] if message else "nothing more" for message in (old, new)]
        return f"recorded {names[0]}, seen {names[1]}"
    return f"{old['type']} differs at {_differs(old, new)}"


def _differs(old: Any, new: Any) -> str:
    """Both ways, because a field that came to be is a difference too."""
    return difference(old, new) or f"{difference(new, old)} (the other way round)"


def _first_answer(recorded: Told, seen: Told, case: str) -> tuple[int, str] | None:
    """The first act on this case that is answered otherwise; both tellings hold the same acts."""
    answered = seen.acts
    for number, act in recorded.acts_on(case) if case else []:
        if number > len(answered):
            return None
        now = answered[number - 1]
        if (act.status, act.reasons) != (now.status, now.reasons):
            return number, _answers_apart(number, act, now)
    return None


def _answers_apart(number: int, act: Act, now: Act) -> str:
    """By rules; by article and title too where the rules are the same."""
    exact = act.rules == now.rules
    told = [f"{one.status}{_under(one, exact)}" for one in (act, now)]
    return f"act {number}, {act}: recorded {told[0]}, seen {told[1]}"


def _under(act: Act, exact: bool) -> str:
    named = [f"{rule} ({words})" if exact else rule for rule, words in act.reasons]
    return f" under {', '.join(dict.fromkeys(named))}" if named else ""


def _end(before: Sequence[CaseEnd], now: Sequence[CaseEnd], old: str, new: str) -> str | None:
    ends = [next((end for end in all_ if end.id == id_), None) for all_, id_ in ((before, old), (now, new))]
    if ends[0] is None or ends[1] is None or ends[0].hash == ends[1].hash:
        return None
    facts = [{"state": end.state, "ledger": end.ledger} for end in ends if end]
    return f"the same messages, but at the end {_differs(*facts)}"


def _of_no_case(recorded: Told, seen: Told, cases: Sequence[str]) -> Iterator[Drift]:
    """Acts that concern no case and are answered otherwise, such as a refused first draft."""
    of_cases = {number for case in cases if case for number, _ in recorded.acts_on(case)}
    answered = seen.acts
    for number, act in enumerate(recorded.acts[: len(answered)], 1):
        now = answered[number - 1]
        if number not in of_cases and (act.status, act.reasons) != (now.status, now.reasons):
            rules = tuple(sorted({*act.rules} ^ {*now.rules}))
            yield Drift(recorded.name, "none", _answers_apart(number, act, now), "", rules, number)


def _rules_apart(
    recorded: Told, seen: Told, before: tuple[str, list[Event]], now: tuple[str, list[Event]]
) -> tuple[str, ...]:
    old = citations(before[1], recorded.acts_on(before[0]) if before[0] else [])
    new = citations(now[1], seen.acts_on(now[0]) if now[0] else [])
    return tuple(sorted({cited[0] for cited in old | new if old[cited] != new[cited]}))
