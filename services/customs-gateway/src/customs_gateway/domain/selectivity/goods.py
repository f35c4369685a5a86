"""Indicators about what is in the load: its line, its description, its mass, what was smelt."""

from __future__ import annotations

from customs_gateway.domain.selectivity.facts import Answer, Facts, Fired
from pic_law.indicators import Indicator, plastics_named


def has_hidden_waste_before(facts: Facts, by: Indicator) -> Answer:
    declared = facts.examination.declared
    if by.has_line(declared.hs):
        return Fired(f"line {declared.hs}: {declared.description}", "/hs")
    word = by.spoken_in(declared.description)
    return Fired(f"described as {word}", "/description") if word else None


def odd_mass_of_a_container(facts: Facts, by: Indicator) -> Answer:
    declared = facts.examination.declared
    if not by.has_line(declared.hs) or not declared.equipment or by.at_least is None or by.at_most is None:
        return None
    each = declared.net_kg // len(declared.equipment)
    if by.at_least <= each <= by.at_most:
        return None
    return Fired(f"{each} kg a container, {by.at_least} to {by.at_most} kg are usual", "/net_kg")


def waste_declared_as_new_goods(facts: Facts, by: Indicator) -> Answer:
    """A line for new goods, and a notification or a description that says waste."""
    declared, document = facts.examination.declared, facts.examination.document
    if not by.has_line(declared.hs):
        return None
    if document is not None:
        return Fired(f"{document.waste_code} is notified, new goods of {declared.hs} are declared", "/hs")
    word = by.spoken_in(declared.description)
    return Fired(f"{declared.hs} is a line for new goods, described as {word}", "/hs") if word else None


def other_plastics_or_mixtures(facts: Facts, by: Indicator) -> Answer:
    declared = facts.examination.declared
    if by.has_line(declared.hs):
        return Fired(f"{declared.hs} takes every plastic and every mixture", "/hs")
    word = by.spoken_in(declared.description)
    return Fired(f"described as {word}", "/description") if word else None


def described_plastic_has_its_own_line(facts: Facts, by: Indicator) -> Answer:
    """Clean waste of one plastic belongs under that plastic's line; a mixture does not."""
    declared, day = facts.examination.declared, facts.examination.declared.border_date
    if facts.examination.code not in by.codes or not by.has_line(declared.hs):
        return None
    named = plastics_named(declared.description, day)
    if len(named) != 1 or named[0].hs is None or by.spoken_in(declared.description):
        return None
    return Fired(f"{named[0].title.lower()} belong under {named[0].hs}, not {declared.hs}", "/hs")


def description_names_no_plastic(facts: Facts, by: Indicator) -> Answer:
    declared = facts.examination.declared
    if not by.has_line(declared.hs) or plastics_named(declared.description, declared.border_date):
        return None
    return Fired(f"{declared.description!r} says of no plastic which", "/description")


def clean_and_not_for_recycling(facts: Facts, by: Indicator) -> Answer:
    examination = facts.examination
    wrong = [one for one in examination.operations if one in by.words]
    if examination.code not in by.codes or not wrong:
        return None
    return Fired(f"{examination.code} for {', '.join(wrong)}", "/operations")


def odour_or_leachate(facts: Facts, by: Indicator) -> Answer:
    for one in facts.inspections:
        if one.findings and (word := by.spoken_in(one.findings)):
            return Fired(f"inspection {one.number} found {word}")
    return None
