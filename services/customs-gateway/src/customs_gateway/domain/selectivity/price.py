"""The price test: is the declared value what is paid for plastic waste?"""

from __future__ import annotations

from decimal import Decimal

from customs_gateway.domain.selectivity.facts import Answer, Facts, Fired, Unknown
from pic_law.indicators import Indicator, lawful_price, price_of

KG_PER_TONNE = 1000
PENCE = Decimal("0.01")


def price_is_outside_the_usual(facts: Facts, by: Indicator) -> Answer:
    """Answered in the currency in which prices were measured; no rate of exchange is made up."""
    declared, day = facts.examination.declared, facts.examination.declared.border_date
    usual = price_of(declared.hs, day) if by.has_line(declared.hs) else None
    if usual is None:
        return None
    if declared.value is None:
        return Unknown("no value is declared", "/value")
    if declared.currency != usual.currency:
        stated = declared.currency or "no currency"
        return Unknown(f"declared in {stated}, prices are known in {usual.currency}", "/currency")
    paid = (declared.value * KG_PER_TONNE / declared.net_kg).quantize(PENCE)
    if usual.below <= paid <= usual.above:
        return None
    if lawful_price(usual, declared.destination, paid, day) is not None:
        return None
    usually = f"{usual.below} to {usual.above} {usual.currency} are usual"
    return Fired(f"{paid} {usual.currency} a tonne, {usually}", "/value")
