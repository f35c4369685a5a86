"""How often a sign of risk was right, and how sure that is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customs_gateway.domain.selectivity.hits import Group, hit_rate, wilson


def test_a_hit_rate_counts_only_what_was_looked_into() -> None:
    groups = [
        Group(("RI17",), "channel", "irregular", 3),
        Group(("RI17", "RI05"), "random", "clean", 5),
        Group(("RI17",), "", "", 92),
    ]
    found = hit_rate(groups)
    assert (found.fired, found.inspected, found.confirmed) == (100, 8, 3)
    assert found.rate == pytest.approx(0.375)
    assert hit_rate([]).rate is None
    assert hit_rate([]).interval is None


def test_wilsons_interval_is_the_published_one() -> None:
    """Newcombe 1998, table I: 81 of 263 and 0 of 20."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


@given(st.integers(1, 5_000), st.data())
def test_the_interval_holds_the_rate_and_stays_inside_nought_and_one(
    trials: int, data: st.DataObject
) -> None:
    hits = data.draw(st.integers(0, trials))
    found = wilson(hits, trials)
    assert found is not None
    low, high = found
    assert 0 <= low <= hits / trials + 1e-9
    assert hits / trials - 1e-9 <= high <= 1
