"""Many shipments at once, a shipment moved to another day, and what a lost permit cancels."""

from __future__ import annotations

from datetime import date

import pytest

from notifier.domain.batch import prenotify_all
from notifier.domain.interruption import hear_interruption
from notifier.domain.movement import Stage
from notifier.domain.notification import Notification
from notifier.domain.prenotification import Load, prenotify
from notifier.domain.rescheduling import reschedule
from pic_schemas.messages import CancellationRequested, ConsentWithdrawn, MovementRescheduled
from pic_schemas.refusal import Refused
from tests.services.notifier.story import JULY, NUMBER, authorised, load, rules_of

DAY = date(2026, 7, 20)


def general(active_loads: int = 5) -> Notification:
    return authorised("s22-notification", active_loads=active_loads)


def starting(day: date, **blocks: object) -> Load:
    return load(block_6={"start_date": day}, **blocks)


def test_all_are_announced_in_the_order_given() -> None:
    notification = general()
    movements, said = prenotify_all(notification, [starting(DAY)] * 5, JULY)
    assert [m.shipment for m in movements] == [1, 2, 3, 4, 5]
    assert len(said) == 5
    assert notification.remaining_kg == 3_000_000 - 5 * 25_000


def test_of_a_batch_with_one_bad_load_nothing_is_announced_and_every_finding_has_its_place() -> None:
    notification = general(active_loads=2)
    stranger = {"first": {"registration_no": "XX-1", "name": "X", "means": "R"}}
    loads = [starting(DAY), starting(DAY, block_8=stranger), starting(DAY), starting(DAY)]
    with pytest.raises(Refused) as refused:
        prenotify_all(notification, loads, JULY)
    found = [(each.rule, each.pointer) for each in refused.value.findings]
    assert found == [
        ("DOCUMENT_MISMATCH", "/loads/1/block_8"),
        ("ACTIVE_LOADS_EXCEEDED", "/loads/3/block_6/start_date"),
    ]
    assert notification.movements == []


def test_what_is_against_any_load_is_said_once_and_of_no_place() -> None:
    notification = general()
    notification.guarantee = None
    with pytest.raises(Refused) as refused:
        prenotify_all(notification, [starting(DAY)] * 3, JULY)
    assert [(each.rule, each.pointer) for each in refused.value.findings] == [("GUARANTEE_MISSING", "")]


@pytest.mark.parametrize(
    ("day", "rules"),
    [
        (date(2026, 8, 3), []),
        (date(2026, 8, 4), ["RESCHEDULED_TOO_FAR"]),
        (date(2026, 7, 15), ["PRENOTICE_LATE"]),
        (date(2026, 7, 10), ["DATES_IMPOSSIBLE", "PRENOTICE_LATE"]),
    ],
)
def test_a_shipment_is_moved_inside_the_window_in_time_and_ten_working_days_at_most(
    day: date, rules: list[str]
) -> None:
    notification = authorised()
    movement, _ = prenotify(notification, starting(DAY), JULY)
    if not rules:
        (said,) = reschedule(notification, movement, day, "The vessel is late", JULY)
        assert isinstance(said, MovementRescheduled)
        assert (movement.start_date, movement.first_start, movement.shipment) == (day, DAY, 1)
        return
    with pytest.raises(Refused) as refused:
        reschedule(notification, movement, day, "-", JULY)
    assert sorted(rules_of(refused)) == rules
    assert movement.start_date == DAY


def test_the_distance_is_counted_from_the_day_announced_first() -> None:
    notification = authorised()
    movement, _ = prenotify(notification, starting(DAY), JULY)
    reschedule(notification, movement, date(2026, 8, 3), "-", JULY)
    with pytest.raises(Refused) as refused:
        reschedule(notification, movement, date(2026, 8, 10), "-", JULY)
    assert rules_of(refused) == ["RESCHEDULED_TOO_FAR"]


def test_what_customs_cleared_is_not_moved() -> None:
    notification = authorised()
    movement, _ = prenotify(notification, starting(DAY), JULY)
    movement.hear_release("CAMTR001")
    with pytest.raises(Refused) as refused:
        reschedule(notification, movement, date(2026, 7, 24), "-", JULY)
    assert rules_of(refused) == ["STATE_FORBIDS"]


def withdrawn(ground: str) -> ConsentWithdrawn:
    return ConsentWithdrawn(
        number=NUMBER,
        authority="BE001",
        role="import",
        version=2,
        signatory="Els Wouters",
        profile="EU_2024",
        article="Art. 9",
        ground=ground,
        text="",
        withdrawn_on=JULY,
        effective_on=JULY,
        in_transit="hold",
    )


@pytest.mark.parametrize(("ground", "asked"), [("facility-permit", [2]), ("documents", [])])
def test_a_lost_permit_cancels_what_was_only_announced_and_another_ground_blocks_it(
    ground: str, asked: list[int]
) -> None:
    notification = general()
    prenotify_all(notification, [starting(DAY)] * 2, JULY)
    notification.movements[0].exited_on = DAY
    said = hear_interruption(notification, withdrawn(ground), JULY)
    requests = [each.shipment for each in said if isinstance(each, CancellationRequested)]
    assert requests == asked
    assert notification.movements[0].stage is Stage.EXITED
