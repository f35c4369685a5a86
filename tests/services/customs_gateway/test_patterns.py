"""The twelve patterns of mis-declaration: the page says what is caught, and it is what the checks say."""

from __future__ import annotations

import pytest

from tests.services.customs_gateway.patterns import PAGE, PATTERNS, Pattern, page

CAUGHT: dict[int, tuple[set[str], set[str] | None]] = {
    1: ({"CH13"}, None),
    3: (set(), {"CH21"}),
    4: (set(), {"CH21"}),
    5: ({"CH19"}, None),
    7: (set(), {"CH21"}),
    8: ({"CH14"}, None),
    9: ({"CH10"}, None),
    10: ({"CH06", "CH22"}, None),
    11: ({"CH12"}, None),
    12: ({"CH05", "CH10", "CH13"}, None),
}


@pytest.mark.parametrize("one", PATTERNS, ids=lambda one: str(one.number))
def test_what_catches_a_pattern_is_what_the_checks_say(one: Pattern) -> None:
    papers, inside = CAUGHT.get(one.number, (set(), None))
    assert papers <= set(one.caught(inspected=False))
    assert bool(papers) == bool(one.caught(inspected=False)), "caught where the page says nothing is"
    if inside is not None:
        assert inside <= set(one.caught(inspected=True))


def test_the_page_is_what_the_generator_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.services.customs_gateway.patterns"
