"""What the authority of import notes at the gate: by its own law, once, and never to stop a load."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import yaml

from consent.domain.compliance import came_due, done_late, watches
from consent.domain.facility_file import FacilityFile
from consent.domain.shipment import Delivery, Shipment
from pic_law.clocks import END_OF_DAY
from pic_schemas.documents import NotificationDocument
from tests.support.exchanges import SCENARIOS

DELIVERED = date(2026, 8, 4)


def gate(name: str = "s27-notification") -> tuple[FacilityFile, Shipment]:
    blocks = yaml.safe_load((SCENARIOS / "documents" / f"{name}.yaml").read_text(encoding="utf-8"))
    blocks["block_3"]["number"] = "BE 0000 000001"
    document = NotificationDocument.model_validate(blocks)
    facility, importer = document.facility.registration_no, document.importer.registration_no
    country, lodged = document.facility.country, date(2026, 6, 1)
    file = FacilityFile("w", "case-1", country, facility, importer, "BE 0000 000001", document, lodged)
    shipment = Shipment("BE 0000 000001.000001", 1, date(2026, 7, 20), 24_000)
    file.enter(shipment, date(2026, 8, 3))
    file.shipments.append(shipment)
    return file, shipment


def receive(file: FacilityFile, shipment: Shipment, today: date, outcome: str = "accepted") -> None:
    rejected = outcome == "rejected"
    reason = "wet" if rejected else None
    delivery = Delivery(DELIVERED, 0 if rejected else 23_800, outcome, reason)  # type: ignore[arg-type]
    file.receive(shipment, delivery, today)


def test_canada_counts_from_delivery_accepted_or_not() -> None:
    file, shipment = gate()
    assert watches(file, shipment) == []
    file.deliver(shipment, DELIVERED)
    found = {each.duty: each.due.due_on for each in watches(file, shipment)}
    assert found == {"receipt_confirm": date(2026, 8, 7), "interim_op_complete": date(2027, 1, 31)}
    receive(file, shipment, DELIVERED, "rejected")
    assert watches(file, shipment) == [], "a rejected load is not treated"


def test_what_comes_late_is_noted_once_with_its_day() -> None:
    file, shipment = gate()
    receive(file, shipment, date(2026, 8, 9))
    (said,) = done_late(file, shipment, "receipt_confirm", date(2026, 8, 9))
    assert (said.weight, said.due_on, said.done_on) == ("alert", date(2026, 8, 7), date(2026, 8, 9))
    assert done_late(file, shipment, "receipt_confirm", date(2026, 8, 10)) == []


def test_in_time_there_is_nothing_to_note() -> None:
    file, shipment = gate()
    receive(file, shipment, date(2026, 8, 7))
    assert done_late(file, shipment, "receipt_confirm", date(2026, 8, 7)) == []


@pytest.mark.parametrize(("day", "noted"), [(date(2027, 1, 30), 0), (date(2027, 1, 31), 1)])
def test_the_interim_limit_is_passed_with_its_last_day(day: date, noted: int) -> None:
    file, shipment = gate()
    receive(file, shipment, DELIVERED)
    said = came_due(file, shipment, "interim_op_complete", datetime.combine(day, END_OF_DAY))
    assert [each.weight for each in said] == ["violation"] * noted


def test_a_law_that_does_not_say_what_a_missed_day_is_watches_nothing() -> None:
    file, shipment = gate("s01-notification")
    file.deliver(shipment, DELIVERED)
    assert watches(file, shipment) == []
