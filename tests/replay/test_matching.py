"""What differs is told of the thing that is most alike, not of the one that is shortest to tell."""

from __future__ import annotations

from pic_replay.matching import difference

CHECKS = [
    {"id": "CH03", "outcome": "pass", "article": "-"},
    {"id": "CH04", "outcome": "pass", "article": "Art. 9(6) as amended"},
]


def test_of_a_list_the_item_that_has_most_of_what_is_wanted_is_told() -> None:
    wanted = [{"id": "CH04", "outcome": "pass", "article": "Art. 9(6)"}]
    told = difference(wanted, CHECKS)
    assert told == "$[1].article: expected 'Art. 9(6)', was 'Art. 9(6) as amended'"


def test_of_items_alike_the_one_in_the_same_place_is_told() -> None:
    assert difference([{"id": "CH01"}], CHECKS) == "$[0].id: expected 'CH01', was 'CH03'"


def test_an_empty_list_has_nothing_near() -> None:
    assert difference([{"id": "CH01"}], []) == "$[0]: the list is empty"
