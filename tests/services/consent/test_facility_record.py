"""What an authority has against a facility: marks that end, and stay on the record."""

from __future__ import annotations

from datetime import date

from consent.domain.facility_record import FacilityRecord
from pic_schemas.messages import MovementOverdue, MovementReceived

NUMBER = "BE 0000 000001"


def alert(shipment: int) -> MovementOverdue:
    return MovementOverdue(
        number=NUMBER,
        movement_number=f"{NUMBER}.{shipment:06d}",
        shipment=shipment,
        missing="receipt",
        authority="BE001",
        facility="CA-TRIEST",
        due_on=date(2026, 9, 1),
        clock="42 d from exit_from_union, 2026-07-21",
        rule="EU_2024.no_receipt_alert",
        profile="EU_2024",
        article="Art. 38(3)(e)",
        source="Regulation (EU) 2024/1157",
        verified=True,
    )


def test_what_comes_ends_the_mark_of_its_own_shipment_and_the_record_keeps_it() -> None:
    record = FacilityRecord("w", "CA001", "CA-TRIEST")
    record.hear_alert("case-1", alert(1))
    record.hear_alert("case-1", alert(2))
    came = MovementReceived(
        number=NUMBER,
        movement_number=f"{NUMBER}.000001",
        shipment=1,
        facility="CA-TRIEST",
        received_on=date(2026, 9, 8),
        quantity_kg=24_000,
        outcome="accepted",
        operation="R12",
    )
    record.hear_what_came(came, date(2026, 9, 8))
    assert [mark.ended_on for mark in record.marks] == [date(2026, 9, 8), None]
