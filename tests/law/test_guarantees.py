"""A guarantee is asked for by whichever State of the route does; one that notifies may do without."""

from __future__ import annotations

from datetime import date

import pytest

from pic_law.guarantees import guarantee_asked


@pytest.mark.parametrize(
    ("origin", "destination", "transits", "wanted", "profile"),
    [
        ("US", "JP", (), False, "USA"),
        ("US", "CA", (), True, "CANADA"),
        ("US", "DE", (), True, "EU_2024"),
        ("US", "JP", ("CA",), True, "CANADA"),
        ("JP", "US", (), True, None),
        ("BE", "CA", (), True, "EU_2024"),
    ],
)
def test_one_state_that_asks_is_enough(
    origin: str, destination: str, transits: tuple[str, ...], wanted: bool, profile: str | None
) -> None:
    asked = guarantee_asked(
        origin,
        destination,
        transits,
        waste_code="A3210",
        recovery=True,
        lodged_on=date(2026, 6, 1),
        notifying=origin,
    )
    assert asked.wanted is wanted
    assert (asked.law.profile if asked.law else None) == profile
