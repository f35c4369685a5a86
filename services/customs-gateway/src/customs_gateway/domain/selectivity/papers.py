"""Indicators that a check of customs answers, and those about the papers of a load."""

from __future__ import annotations

from datetime import timedelta

from customs_gateway.domain.selectivity.facts import Answer, Facts, Fired
from pic_law.countries import countries, status
from pic_law.indicators import Indicator


def a_check_failed(facts: Facts, by: Indicator) -> Answer:
    """The checks that the indicator names; one that is refused anyway still counts for its hit rate."""
    found = list(facts.failed(by.checks))
    if not found:
        return None
    return Fired("; ".join(f"{one.id}: {one.detail}" for one in found), found[0].pointer)


def first_load_under_its_notification(facts: Facts, by: Indicator) -> Answer:
    examination = facts.examination
    if examination.entry is None:
        return None
    others = (one for number, one in examination.entry.movements.items() if number != examination.shipment)
    if any(one.released_as or one.exited_on or one.entered_on or one.received_on for one in others):
        return None
    return Fired("no other load has moved under this notification", "/number")


def consent_is_about_to_end(facts: Facts, by: Indicator) -> Answer:
    window = facts.examination.entry.window if facts.examination.entry else None
    day = facts.examination.declared.border_date
    if window is None or by.days is None or not day <= window[1] < day + timedelta(days=by.days):
        return None
    return Fired(f"the consents end on {window[1]}", "/border_date")


def certificate_of_an_earlier_load_is_overdue(facts: Facts, by: Indicator) -> Answer:
    examination = facts.examination
    if examination.entry is None or by.days is None:
        return None
    latest = examination.today - timedelta(days=by.days)
    overdue = [
        f"shipment {one.shipment}, received on {one.received_on}"
        for _, one in sorted(examination.entry.movements.items())
        if one.received_on is not None and one.completed_on is None and one.received_on < latest
    ]
    return Fired("; ".join(overdue), "/number") if overdue else None


def altered_after_lodging(facts: Facts, by: Indicator) -> Answer:
    """What the load is and whose; a mass is an estimate first and weighed later, which is no sign of risk.

    Under a notification every such entry is compared with what was notified: an alteration agrees with it
    now, or a check fails.
    """
    if facts.examination.entry is not None:
        return None
    found = [pointer for pointer in facts.altered if pointer in by.words]
    return Fired(f"altered: {', '.join(found)}", found[0]) if found else None


def no_consent_from_a_non_party(facts: Facts, by: Indicator) -> Answer:
    declared = facts.examination.declared
    exempt = any(one.exemption_code for one in declared.documents)
    if declared.number is not None or exempt or not by.has_line(declared.hs):
        return None
    if declared.origin not in countries() or status(declared.origin, declared.border_date).party:
        return None
    return Fired(f"{declared.origin} is no Party; neither notification nor exemption is cited", "/origin")
