"""Every indicator of the day, answered; what they add up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from customs_gateway.domain.selectivity import companies, goods, papers, price, route
from customs_gateway.domain.selectivity.facts import Facts, Fired, Indication, Unknown
from pic_law.indicators import Indicator, indicators
from pic_schemas.messages import IndicatorResult

INDICATIONS: Mapping[str, Indication] = {
    "RI02": companies.address_is_a_post_box,
    "RI03": goods.has_hidden_waste_before,
    "RI05": goods.odd_mass_of_a_container,
    "RI08": companies.irregular_before,
    "RI09": route.several_transits,
    "RI11": goods.waste_declared_as_new_goods,
    "RI12": route.refused_at_another_office,
    "RI13": price.price_is_outside_the_usual,
    "RI14": route.by_a_hub,
    "RI17": goods.other_plastics_or_mixtures,
    "RI19": goods.described_plastic_has_its_own_line,
    "RI20": route.destination_restricts_imports,
    "RI21": papers.no_consent_from_a_non_party,
    "RI22": companies.no_facility_is_named,
    "RI23": papers.first_load_under_its_notification,
    "RI24": goods.description_names_no_plastic,
    "RI25": papers.certificate_of_an_earlier_load_is_overdue,
    "RI27": companies.arranged_by_a_broker,
    "RI28": goods.clean_and_not_for_recycling,
    "RI29": papers.consent_is_about_to_end,
    "RI30": papers.altered_after_lodging,
    "RI31": goods.odour_or_leachate,
}
"""What computes an indicator of the law's file that no check answers; the file says what it weighs."""


def answered(facts: Facts, on: date) -> tuple[tuple[Indicator, IndicatorResult], ...]:
    """The indicators that scored or cannot be answered yet, in the order of the file."""
    found = ((one, indication(one)(facts, one)) for one in indicators(on))
    return tuple((one, _result(one, answer)) for one, answer in found if answer is not None)


def indication(by: Indicator) -> Indication:
    """What computes this indicator: its own function, or the checks that it names."""
    return INDICATIONS.get(by.id, papers.a_check_failed)


def score(results: Iterable[IndicatorResult]) -> int:
    """The sum of their points: another indicator never makes a load look safer."""
    return sum(one.points for one in results)


def _result(by: Indicator, answer: Fired | Unknown) -> IndicatorResult:
    fired = isinstance(answer, Fired)
    return IndicatorResult(
        id=by.id,
        title=by.title,
        outcome="scored" if fired else "not-yet-known",
        points=by.points if fired else 0,
        detail=answer.detail,
        pointer=answer.pointer,
        article=by.article,
        source=by.source,
        verified=by.verified,
    )
