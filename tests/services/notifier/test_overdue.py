"""What the State of export waits for: the receipt, then the certificate; each by the law that names it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from notifier.domain.movement import Movement
from notifier.domain.notification import Notification
from notifier.domain.overdue import alert, clock_of
from notifier.domain.prenotification import prenotify
from notifier.domain.shipments import hear_certificate, hear_receipt
from pic_law.clocks import END_OF_DAY
from pic_schemas.address import Address, Role
from pic_schemas.documents import DraftNotification
from pic_schemas.messages import MovementCompleted, MovementOverdue, MovementReceived
from tests.services.notifier.story import JULY, NUMBER, authorised, form, load

LEFT, GOT = date(2026, 7, 21), date(2026, 8, 5)
SAID = {"number": NUMBER, "movement_number": f"{NUMBER}.000001", "shipment": 1, "facility": "BE-F7"}


def under_way(name: str = "s01-notification") -> tuple[Notification, Movement]:
    notification = authorised(name)
    movement, _ = prenotify(notification, load(), JULY)
    movement.exited_on = LEFT
    return notification, movement


def receipt(outcome: str = "accepted", expected: date | None = None) -> MovementReceived:
    return MovementReceived(
        **SAID,
        received_on=GOT,
        quantity_kg=0 if outcome == "rejected" else 24_900,
        outcome=outcome,  # type: ignore[arg-type]
        expected_completion=expected,
        operation="R3",
    )


def certificate(on: date, *, interim: bool) -> MovementCompleted:
    return MovementCompleted(**SAID, operation="R12", completed_on=on, interim=interim, quantity_kg=24_900)


def end_of(day: date) -> datetime:
    return datetime.combine(day, END_OF_DAY)


def due(notification: Notification, movement: Movement) -> tuple[str, date] | None:
    clock = clock_of(notification, movement)
    return (clock.due.rule, clock.due.due_on) if clock else None


def test_a_law_without_a_number_sets_no_clock_for_the_receipt() -> None:
    assert due(*under_way()) is None


def test_the_certificate_is_due_a_year_after_receipt_or_thirty_days_after_the_expected_completion() -> None:
    notification, movement = under_way()
    hear_receipt(notification, receipt())
    assert due(notification, movement) == ("EU_2024.completion_certificate", date(2027, 8, 5))
    movement.receipt = receipt(expected=date(2026, 9, 15))
    assert due(notification, movement) == ("EU_2024.completion_certificate", date(2026, 10, 15))


def test_a_load_that_was_rejected_or_failed_or_cancelled_is_not_waited_for() -> None:
    notification, movement = under_way()
    hear_receipt(notification, receipt("rejected"))
    assert due(notification, movement) is None
    movement.receipt, movement.failed_on = receipt(), GOT
    assert due(notification, movement) is None
    movement.failed_on, movement.cancelled_on = None, GOT
    assert due(notification, movement) is None


def test_after_an_interim_operation_the_next_certificate_is_due_within_a_year() -> None:
    notification, movement = under_way("s32-notification")
    hear_receipt(notification, receipt())
    hear_certificate(notification, certificate(date(2026, 9, 10), interim=True))
    assert due(notification, movement) == ("EU_2024.subsequent_certificate", date(2027, 9, 10))
    hear_certificate(notification, certificate(date(2027, 2, 1), interim=False))
    assert due(notification, movement) is None


def test_the_alert_is_said_once_and_not_a_second_early_and_ends_with_what_was_missing() -> None:
    notification, movement = under_way()
    hear_receipt(notification, receipt())
    end = end_of(date(2027, 8, 5))
    assert alert(notification, movement, end - timedelta(seconds=1)) == []
    (said,) = alert(notification, movement, end)
    assert isinstance(said, MovementOverdue)
    assert (said.missing, said.authority, said.verified) == ("certificate", "CA001", True)
    assert alert(notification, movement, end) == []
    assert not movement.completed
    hear_certificate(notification, certificate(date(2027, 8, 20), interim=False))
    assert movement.alert is None


@pytest.mark.parametrize("heard_first", ["receipt", "exit"])
def test_a_receipt_that_was_heard_before_the_exit_starts_no_clock_for_the_receipt(heard_first: str) -> None:
    exporter = Address("BE", Role.EXPORTER, "BE-FOLIO")
    draft = DraftNotification.model_validate(form("s27-notification"))
    notification = Notification("test", "case-1", exporter, draft)
    notification.submit("BE 0000 000001", date(2026, 6, 1))
    movement = Movement.announced(f"{NUMBER}.000001", 1, under_way()[1].form, JULY)
    notification.movements.append(movement)
    if heard_first == "receipt":
        hear_receipt(notification, receipt())
    movement.exited_on = LEFT
    expected = None if heard_first == "receipt" else ("EU_2024.no_receipt_alert", date(2026, 9, 1))
    assert due(notification, movement) == expected
