"""A part of a stored document is read when it is asked for, and written as it was found."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from pic_schemas.on_demand import OnDemand


class Paper(BaseModel):
    number: str
    kg: int


@dataclass
class Load:
    shipment: int
    paper: OnDemand[Paper]


LOADS = TypeAdapter(list[Load])


def test_what_was_not_asked_for_is_written_again_word_for_word() -> None:
    stored = b'[{"shipment":1,"paper":"{\\"kg\\": 5,  \\"number\\":\\"A\\"}"}]'
    loads = LOADS.validate_json(stored)
    assert LOADS.dump_json(loads) == stored
    assert loads[0].paper.model == Paper(number="A", kg=5)


def test_a_model_goes_in_and_comes_out() -> None:
    loads = [Load(1, OnDemand(Paper(number="B", kg=7)))]
    again = LOADS.validate_json(LOADS.dump_json(loads))
    assert (again, again[0].paper.model.kg) == (loads, 7)


def test_an_object_of_an_earlier_release_is_read_too() -> None:
    loads = LOADS.validate_json(b'[{"shipment":1,"paper":{"number":"C","kg":9}}]')
    assert loads[0].paper.model == Paper(number="C", kg=9)
    assert LOADS.validate_json(LOADS.dump_json(loads)) == loads


def test_what_is_no_such_document_is_told_to_whoever_asks_for_it() -> None:
    loads = LOADS.validate_json(b'[{"shipment":1,"paper":"{}"}]')
    with pytest.raises(ValidationError):
        _ = loads[0].paper.model
