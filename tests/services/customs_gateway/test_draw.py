"""Loads drawn by chance: by seed and rate, and held although nothing speaks against them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customs_gateway.domain.clearance import Knowledge, clear
from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.lodgement import lodge
from customs_gateway.domain.selectivity.draw import OwnRate, Sampling, draw, is_drawn
from pic_schemas.refusal import Refused
from tests.services.customs_gateway.story import declared, ready

TODAY = date(2026, 7, 20)
NOW = datetime(2026, 7, 20, 12, tzinfo=UTC)


def sampling(percent: Decimal | str, seed: str = "s", **dates: Any) -> Sampling:
    known = Sampling("w", "CA")
    rate = OwnRate(Decimal(percent), "physical", TODAY, seed, "CAMTR001", "trial", **dates)
    known.set_rate(rate, TODAY)
    return known


@given(st.text(), st.text(), st.decimals(0, 100, places=2))
def test_the_same_seed_and_declaration_are_drawn_the_same(
    seed: str, declaration: str, percent: Decimal
) -> None:
    first = is_drawn(seed, declaration, percent)
    assert is_drawn(seed, declaration, percent) is first
    assert not is_drawn(seed, declaration, Decimal(0))
    assert is_drawn(seed, declaration, Decimal(100))
    assert not first or is_drawn(seed, declaration, percent + 1), (
        "a higher rate draws whoever a lower one does"
    )


@settings(max_examples=20)
@given(st.text(), st.integers(0, 100))
def test_of_two_thousand_loads_about_as_many_are_drawn_as_the_rate_says(seed: str, percent: int) -> None:
    drawn = sum(is_drawn(seed, f"declaration-{n}", Decimal(percent)) for n in range(2_000))
    expected, spread = 20 * percent, (20 * percent * (100 - percent) / 100) ** 0.5
    assert abs(drawn - expected) <= 5 * spread + 1


def test_another_seed_draws_other_loads() -> None:
    names = [f"declaration-{n}" for n in range(200)]
    one, other = ([is_drawn(seed, name, Decimal(50)) for name in names] for seed in ("a", "b"))
    assert one != other


def test_no_load_is_drawn_until_a_state_sets_its_rate() -> None:
    assert not any(draw(None, f"d-{n}", TODAY).drawn for n in range(500))
    assert draw(sampling("100"), "d-1", TODAY).drawn


def test_a_rate_holds_from_its_first_to_its_last_day_and_never_for_days_that_are_over() -> None:
    known = sampling("100", valid_to=date(2026, 7, 31))
    assert draw(known, "d-1", date(2026, 7, 31)).drawn
    assert not draw(known, "d-1", date(2026, 8, 1)).drawn
    for dates in ({"valid_from": date(2026, 7, 19)}, {"valid_to": date(2026, 7, 19)}):
        stated = {"valid_from": TODAY, "valid_to": None} | dates
        with pytest.raises(Refused):
            known.set_rate(
                OwnRate(Decimal(1), "scan", seed="s", set_by="CAMTR001", reason="-", **stated), TODAY
            )


def test_a_load_that_is_drawn_is_held_although_nothing_speaks_against_it() -> None:
    entry = ready()
    declaration: Declaration = lodge("w", "c", declared(), entry, NOW)
    clear(declaration, entry, Knowledge({}), NOW, sampling=sampling("100"))
    assert (declaration.decided.outcome, declaration.decided.reasons) == ("held", ("CUSTOMS_CONTROL",))
    selection = declaration.decided.selection
    assert selection is not None
    assert (selection.channel, selection.asks_for) == ("red", "physical")
    assert selection.because == "drawn by chance, 100 of 100 loads (CA since 2026-07-20)"
