"""Indicators about the companies behind a load."""

from __future__ import annotations

from customs_gateway.domain.selectivity.facts import Answer, Facts, Fired
from pic_law.indicators import Indicator


def address_is_a_post_box(facts: Facts, by: Indicator) -> Answer:
    """Only a notification states addresses; a declaration names companies by their numbers."""
    document = facts.examination.document
    if document is None:
        return None
    companies = (document.exporter, document.importer, document.facility)
    found = [one.registration_no for one in companies if by.spoken_in(one.address)]
    return Fired(f"{', '.join(dict.fromkeys(found))}: a post box", "/number") if found else None


def irregular_before(facts: Facts, by: Indicator) -> Answer:
    found = facts.examination.elsewhere.irregular
    return Fired("; ".join(found), "/exporter") if found else None


def no_facility_is_named(facts: Facts, by: Indicator) -> Answer:
    declared = facts.examination.declared
    named = facts.examination.document is not None or declared.general_information is not None
    if named or not by.has_line(declared.hs):
        return None
    detail = f"{declared.consignee} receives it; neither notification nor form names a facility"
    return Fired(detail, "/consignee")


def arranged_by_a_broker(facts: Facts, by: Indicator) -> Answer:
    declared = facts.examination.declared
    form = declared.general_information
    if form is None or form.arranged_by in (declared.exporter, declared.consignee, form.facility):
        return None
    at = "/general_information/arranged_by"
    return Fired(f"{form.arranged_by} is neither exporter nor consignee", at)
