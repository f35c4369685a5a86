"""A quantity far from the announced one is taken, asked about, and confirmed or corrected by the facility."""

from __future__ import annotations

from datetime import date

import pytest

from consent.domain.facility_file import FacilityFile
from consent.domain.shipment import Delivery, Shipment
from pic_schemas.refusal import Refused
from tests.services.consent.test_compliance import gate

DAY = date(2026, 8, 4)


def received(kg: int) -> tuple[FacilityFile, Shipment]:
    file, shipment = gate()
    file.receive(shipment, Delivery(DAY, kg), DAY)
    return file, shipment


@pytest.mark.parametrize(
    ("kg", "asked"), [(11_999, True), (12_000, False), (24_000, False), (36_000, False), (36_001, True)]
)
def test_half_to_one_and_a_half_times_the_announced_quantity_raises_no_question(kg: int, asked: bool) -> None:
    _, shipment = received(kg)
    assert shipment.receipt is not None
    assert (shipment.receipt.question is not None) is asked
    assert shipment.receipt.quantity_kg == kg, "it blocks nothing"


def test_the_facility_confirms_or_corrects_and_the_question_is_answered() -> None:
    file, shipment = received(2_380)
    said = file.correct(shipment, 23_800, "A digit was missing", DAY)
    assert (said.previous_kg, said.quantity_kg) == (2_380, 23_800)
    assert shipment.receipt is not None
    assert (shipment.receipt.question, shipment.receipt.quantity_kg) == (None, 23_800)


def test_after_the_certificate_nothing_is_corrected() -> None:
    file, shipment = received(23_800)
    file.certify(shipment, DAY, None, DAY)
    with pytest.raises(Refused, match="STATE_FORBIDS"):
        file.correct(shipment, 23_000, "-", DAY)
