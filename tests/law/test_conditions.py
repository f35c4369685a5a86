"""Conditions that a machine can check, and those that a person confirms."""

from __future__ import annotations

import pytest

from pic_law.conditions import allowed, for_a_person, machine_rule, smallest, unreadable
from pic_schemas.messages import Condition


def condition(machine: str | None, id_: str = "C1") -> Condition:
    return Condition(id=id_, text="in words", machine_rule=machine)


@pytest.mark.parametrize(
    "stated", ["max-quantity-kg=500000", "max-shipments = 3", "carriers=CA-ALPHA, BE-BETA"]
)
def test_what_a_machine_can_check_is_read(stated: str) -> None:
    assert machine_rule(condition(stated)) is not None
    assert list(unreadable([condition(stated)])) == []


@pytest.mark.parametrize("stated", ["", "500 t", "max-quantity-kg=", "max-quantity-kg=many", "moon=full"])
def test_what_no_machine_can_check_is_refused_by_its_place(stated: str) -> None:
    (found,) = unreadable([condition(None), condition(stated)])
    assert (found.rule, found.pointer) == ("CONDITION_UNREADABLE", "/conditions/1/machine_rule")


def test_the_smallest_number_and_the_narrowest_list_bind() -> None:
    several = [condition(f"max-shipments={n}") for n in (7, 3, 5)]
    assert smallest("max-shipments", several) == 3
    assert smallest("max-quantity-kg", several) is None
    lists = [condition("carriers=A,B"), condition("carriers=B,C")]
    assert allowed("carriers", lists) == {"B"}
    assert allowed("carriers", several) is None


def test_a_condition_in_words_is_for_a_person() -> None:
    assert [one.id for one in for_a_person([condition("carriers=A", "C1"), condition(None, "C2")])] == ["C2"]
