"""Indicators about the way of a load: its transits, its hubs, its destination, where it was refused."""

from __future__ import annotations

from collections.abc import Iterator

from customs_gateway.domain.selectivity.facts import Answer, Facts, Fired
from pic_law.indicators import Indicator
from pic_law.requirements import requirements
from pic_schemas.refusal import Refused


def several_transits(facts: Facts, by: Indicator) -> Answer:
    transits = facts.examination.declared.transits or facts.examination.route[2]
    if by.at_least is None or len(transits) < by.at_least:
        return None
    return Fired(f"by {', '.join(transits)}", "/transits")


def by_a_hub(facts: Facts, by: Indicator) -> Answer:
    declared = facts.examination.declared
    way = (declared.origin, *declared.transits, *facts.examination.route[2])
    found = [state for state in dict.fromkeys(way) if state in by.states]
    return Fired(f"from or by {', '.join(found)}", "/transits") if found else None


def refused_at_another_office(facts: Facts, by: Indicator) -> Answer:
    found = facts.examination.elsewhere.refused
    return Fired("; ".join(found), "/ucr") if found else None


def destination_restricts_imports(facts: Facts, by: Indicator) -> Answer:
    """By the law of the day: a permit at the border of the destination, or a prohibition."""
    declared = facts.examination.declared
    if not by.has_line(declared.hs):
        return None
    stated = facts.examination.code
    for code in (stated,) if stated else by.codes:
        for reason in _restrictions(facts, code):
            return Fired(f"{facts.examination.route[1]}: {reason}", "/destination")
    return None


def _restrictions(facts: Facts, code: str) -> Iterator[str]:
    origin, destination, transits = facts.examination.route
    day, operations = facts.examination.declared.border_date, facts.examination.operations
    operation = operations[0] if operations else None
    try:
        asked = requirements(origin, destination, code, day, transits=transits, operation=operation)
    except Refused:
        return
    for one in asked:
        if one.kind == "prohibited" or (one.kind == "permit" and one.at == "customs-import"):
            yield f"{one.title} ({one.id})"
