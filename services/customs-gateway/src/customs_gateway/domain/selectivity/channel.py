"""The channel of a load: what score, checks and draw make of it, and what each channel asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from customs_gateway.domain.inspection import Inspection
from customs_gateway.domain.selectivity.draw import Drawn
from customs_gateway.domain.selectivity.facts import Facts
from customs_gateway.domain.selectivity.score import answered, score
from pic_law.indicators import Channel, Indicator, Look, channels
from pic_schemas.messages import RandomDraw, Selection

CARE: Sequence[Channel] = ("green", "blue", "yellow", "red")
"""From the least careful channel to the most careful one."""
LOOKS: Sequence[Look] = ("documents", "scan", "physical", "sample")
INTO_THE_LOAD: Sequence[Look] = LOOKS[1:]
USUAL: Look = "physical"

Reason = tuple[Channel, str]


def select(facts: Facts, drawn: Drawn, *, blocked: bool, held: bool, on: date) -> Selection:
    """Never less careful than the checks: a failed BLOCK is red whatever the score says."""
    found = answered(facts, on)
    results = tuple(result for _, result in found)
    fired = [by for by, result in found if result.outcome == "scored"]
    points = score(results)
    reasons = [_by_points(points, on), *_by_checks(blocked, held), *_by_indicators(fired), *_by_draw(drawn)]
    channel = max((one for one, _ in reasons), key=CARE.index)
    because = "; ".join(why for one, why in reasons if one == channel)
    return Selection(
        channel=channel,
        points=points,
        because=because,
        asks_for=_asks_for(channel, fired, drawn),
        indicators=results,
        random=RandomDraw(percent=drawn.percent, drawn=drawn.drawn, rests_on=drawn.rests_on),
        before_look=not any(one.done for one in facts.inspections),
    )


def still_to_look(selection: Selection, inspections: Iterable[Inspection]) -> bool:
    """Yellow wants somebody to have looked, at least at the papers; red into the load. Blue comes later."""
    done = {one.kind for one in inspections if one.done}
    if selection.channel == "red":
        return not done & set(INTO_THE_LOAD)
    return selection.channel == "yellow" and not done


def _by_points(points: int, on: date) -> Reason:
    limits = channels(on)
    if points >= limits.red_from:
        return "red", f"{points} points, red from {limits.red_from}"
    if points >= limits.yellow_from:
        return "yellow", f"{points} points, yellow from {limits.yellow_from}"
    return "green", f"{points} points, yellow from {limits.yellow_from}"


def _by_checks(blocked: bool, held: bool) -> Iterable[Reason]:
    if blocked:
        yield "red", "a check refuses the load"
    elif held:
        yield "yellow", "a check holds the load"


def _by_indicators(fired: Iterable[Indicator]) -> Iterable[Reason]:
    for one in fired:
        if one.lifts_to is not None:
            yield one.lifts_to, f"{one.id} asks for it: {one.title.lower()}"
        elif one.asks_for == "audit":
            yield "blue", f"{one.id} is answered in the books: {one.title.lower()}"


def _by_draw(drawn: Drawn) -> Iterable[Reason]:
    if drawn.drawn:
        channel: Channel = "red" if drawn.asks_for in INTO_THE_LOAD else "yellow"
        yield channel, f"drawn by chance, {drawn.percent.normalize():f} of 100 loads ({drawn.rests_on})"


def _asks_for(channel: Channel, fired: Iterable[Indicator], drawn: Drawn) -> Look | None:
    """The most thorough look that anything asks for, within what the channel allows."""
    if channel == "green":
        return None
    if channel == "blue":
        return "audit"
    if channel == "yellow":
        return "documents"
    asked = [one.asks_for for one in fired] + ([drawn.asks_for] if drawn.drawn else [])
    return max((one for one in asked if one in INTO_THE_LOAD), key=LOOKS.index, default=USUAL)
