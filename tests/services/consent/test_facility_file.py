"""A shipment at the facility's gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from consent.domain.facility_file import FacilityFile
from consent.domain.shipment import Delivery, Shipment
from consent.domain.states import GATE, ShipmentState
from pic_schemas.refusal import Refused
from tests.services.consent.case import CASE, MOVEMENT, NUMBER, notification, prenotified, transmitted

ENTERED = date(2026, 8, 4)
TODAY = date(2026, 8, 5)
ACCEPTED = Delivery(received_on=TODAY, kg=24_900, expected_completion=date(2026, 9, 15))


def announced(**blocks: Any) -> tuple[FacilityFile, Shipment]:
    file = FacilityFile.open("test", CASE, transmitted(notification(**blocks)))
    file.announce(prenotified())
    return file, file.shipments[0]


def at_the_gate(**blocks: Any) -> tuple[FacilityFile, Shipment]:
    file, shipment = announced(**blocks)
    file.depart(shipment, date(2026, 7, 20))
    file.leave(shipment, date(2026, 7, 21))
    file.enter(shipment, ENTERED)
    return file, shipment


def rules(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(finding.rule, finding.pointer) for finding in refused.value.findings]


def test_a_shipment_number_is_announced_once() -> None:
    file, _ = announced()
    file.announce(prenotified())
    assert [shipment.movement_number for shipment in file.shipments] == [MOVEMENT]


def test_the_journey_is_heard_step_by_step() -> None:
    file, shipment = announced()
    states = [shipment.state]
    for hear in (file.depart, file.leave, file.enter):
        hear(shipment, ENTERED)
        states.append(shipment.state)
    assert states == [
        ShipmentState.PRENOTIFIED,
        ShipmentState.DEPARTED,
        ShipmentState.EXITED,
        ShipmentState.ENTERED,
    ]


def test_news_of_the_journey_that_comes_late_moves_nothing_back() -> None:
    file, shipment = announced()
    file.enter(shipment, ENTERED)
    file.leave(shipment, date(2026, 7, 21))
    assert (shipment.state, shipment.exited_on) == (ShipmentState.ENTERED, date(2026, 7, 21))


def test_a_load_that_customs_did_not_let_in_cannot_be_received() -> None:
    file, shipment = announced()
    file.depart(shipment, date(2026, 7, 20))
    with pytest.raises(Refused) as refused:
        file.receive(shipment, ACCEPTED, TODAY)
    assert (refused.value.kind, rules(refused)) == ("conflict", [("STATE_FORBIDS", "")])


def test_the_facility_receives_what_it_weighs() -> None:
    file, shipment = at_the_gate()
    said = file.receive(shipment, ACCEPTED, TODAY)
    assert (said.number, said.shipment, said.quantity_kg, said.outcome) == (NUMBER, 1, 24_900, "accepted")
    assert (said.facility, said.operation) == ("BE-F7", "R3")
    assert shipment.state is ShipmentState.RECEIVED


def test_a_load_is_received_once() -> None:
    file, shipment = at_the_gate()
    file.receive(shipment, ACCEPTED, TODAY)
    with pytest.raises(Refused) as refused:
        file.receive(shipment, ACCEPTED, TODAY)
    assert rules(refused) == [("STATE_FORBIDS", "")]


@pytest.mark.parametrize("received_on", [date(2026, 8, 3), date(2026, 8, 6)])
def test_a_load_is_received_after_it_entered_and_not_tomorrow(received_on: date) -> None:
    file, shipment = at_the_gate()
    with pytest.raises(Refused) as refused:
        file.receive(shipment, replace(ACCEPTED, received_on=received_on), TODAY)
    assert rules(refused) == [("DATES_IMPOSSIBLE", "/received_on")]


def test_an_accepted_load_weighs_something_and_a_rejection_says_why() -> None:
    file, shipment = at_the_gate()
    with pytest.raises(Refused) as refused:
        file.receive(shipment, Delivery(TODAY, 0, "partly-rejected"), TODAY)
    assert rules(refused) == [("QUANTITY_POSITIVE", "/quantity"), ("BLOCK_INVALID", "/reason")]


def test_a_rejected_load_gets_no_certificate() -> None:
    file, shipment = at_the_gate()
    file.receive(shipment, Delivery(TODAY, 0, "rejected", "moisture of 35 percent"), TODAY)
    with pytest.raises(Refused) as refused:
        file.certify(shipment, TODAY, None, TODAY)
    assert rules(refused) == [("STATE_FORBIDS", "")]
    assert file.certificate_due(shipment) is None


def test_completion_comes_after_receipt() -> None:
    file, shipment = at_the_gate()
    with pytest.raises(Refused) as refused:
        file.certify(shipment, TODAY, None, TODAY)
    assert (refused.value.kind, rules(refused)) == ("conflict", [("RECEIPT_BEFORE_COMPLETION", "")])
    file.receive(shipment, ACCEPTED, TODAY)
    with pytest.raises(Refused) as refused:
        file.certify(shipment, date(2026, 8, 4), None, date(2026, 9, 10))
    assert rules(refused) == [("DATES_IMPOSSIBLE", "/completed_on")]


def test_the_certificate_covers_what_was_received_and_no_more() -> None:
    file, shipment = at_the_gate()
    file.receive(shipment, ACCEPTED, TODAY)
    done = date(2026, 9, 10)
    with pytest.raises(Refused) as refused:
        file.certify(shipment, done, 25_000, done)
    assert rules(refused) == [("QUANTITY_EXCEEDED", "/quantity")]
    said = file.certify(shipment, done, None, done)
    assert (said.operation, said.interim, said.quantity_kg, said.completed_on) == ("R3", False, 24_900, done)
    assert shipment.state is ShipmentState.COMPLETED


def test_an_interim_operation_is_not_the_end() -> None:
    file, shipment = at_the_gate(block_11={"codes": ["R13"], "technology": "Storage"})
    file.receive(shipment, ACCEPTED, TODAY)
    assert file.certify(shipment, TODAY, None, TODAY).interim
    assert shipment.state is ShipmentState.INTERIM_COMPLETED


def test_a_load_from_an_oecd_country_is_confirmed_within_three_working_days() -> None:
    file, shipment = at_the_gate()
    file.receive(shipment, ACCEPTED, TODAY)
    found = file.receipt_due(shipment)
    assert found is not None
    assert (found.due_on, found.article) == (date(2026, 8, 10), "Art. 53(2)(e)")


def test_a_certificate_is_due_thirty_days_after_completion_and_within_a_year_of_receipt() -> None:
    file, shipment = at_the_gate()
    file.receive(shipment, replace(ACCEPTED, expected_completion=None), TODAY)
    found = file.certificate_due(shipment)
    assert found is not None
    assert found.due_on == date(2027, 8, 5)
    file.certify(shipment, date(2026, 9, 10), None, date(2026, 9, 10))
    found = file.certificate_due(shipment)
    assert found is not None
    assert found.due_on == date(2026, 10, 10)


def test_every_state_of_a_shipment_stands_in_the_table() -> None:
    assert set(GATE) == set(ShipmentState)
