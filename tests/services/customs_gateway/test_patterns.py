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


SELECTED: dict[int, tuple[str, set[str]]] = {
    1: ("red", {"RI11", "RI18"}),
    2: ("yellow", {"RI03", "RI20"}),
    3: ("yellow", {"RI20", "RI24"}),
    4: ("green", {"RI17", "RI24"}),
    5: ("red", {"RI16", "RI20"}),
    6: ("yellow", {"RI03", "RI20"}),
    7: ("yellow", {"RI17", "RI20"}),
    8: ("red", {"RI16", "RI28"}),
    9: ("red", {"RI10"}),
    10: ("red", {"RI10"}),
    11: ("red", {"RI04", "RI14"}),
    12: ("red", {"RI10", "RI18"}),
}
"""One pattern is green: what looks like an honest load is found by a draw or by an officer."""


@pytest.mark.parametrize("one", PATTERNS, ids=lambda one: str(one.number))
def test_the_channel_of_a_pattern_and_the_signs_that_fire(one: Pattern) -> None:
    channel, signs = SELECTED[one.number]
    found = one.selected()
    assert found.channel == channel
    assert signs <= set(found.scored)


@pytest.mark.parametrize("one", PATTERNS, ids=lambda one: str(one.number))
def test_what_catches_a_pattern_is_what_the_checks_say(one: Pattern) -> None:
    papers, inside = CAUGHT.get(one.number, (set(), None))
    assert papers <= set(one.caught(inspected=False))
    assert bool(papers) == bool(one.caught(inspected=False)), "caught where the page says nothing is"
    if inside is not None:
        assert inside <= set(one.caught(inspected=True))


def test_the_page_is_what_the_generator_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.services.customs_gateway.patterns"
