"""A load that nobody notified, as its case file, its time line and the worklists show it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pic_schemas.address import Address
from pic_schemas.envelope import Event
from single_window.domain.case import CaseFile
from single_window.domain.tasks import tasks_of
from single_window.domain.timeline import timeline
from tests.services.single_window.story import example, file_of

NOW = datetime(2026, 6, 20, 8, tzinfo=UTC)
PORT = "MY/customs/MYPKG001"
LOAD: dict[str, Any] = {"number": None, "movement_number": None, "shipment": None, "office": "MYPKG001"}
ENDS = {"origin": "CA", "destination": "MY", "direction": "import"}
DIRTY = (
    "pic.declaration.lodged.v1",
    "pic.customs.selected.v1",
    "pic.customs.held.v1",
    "pic.inspection.ordered.v1",
    "pic.inspection.recorded.v1",
    "pic.customs.refused.v1",
    "pic.customs.detained.v1",
    "pic.illegal-traffic.reported.v1",
)


def told(*kinds: str) -> list[Event]:
    declaration = example("pic.inspection.ordered.v1", 1).data["declaration_id"]
    about = LOAD | {"declaration_id": declaration}
    return [
        example(
            kind,
            place,
            **about,
            **(ENDS | {"basel_code": "B3011", "operations": ["R3"]} if place == 1 else {}),
        )
        for place, kind in enumerate(kinds, 1)
    ]


def told_until(last: str) -> CaseFile:
    return file_of(told(*DIRTY[: DIRTY.index(last) + 1]))


@pytest.mark.parametrize(
    ("last", "state"),
    [
        ("pic.declaration.lodged.v1", "DECLARED"),
        ("pic.customs.held.v1", "HELD"),
        ("pic.inspection.ordered.v1", "UNDER_INSPECTION"),
        ("pic.customs.refused.v1", "REFUSED"),
        ("pic.customs.detained.v1", "DETAINED"),
        ("pic.illegal-traffic.reported.v1", "ILLEGAL_TRAFFIC"),
    ],
)
def test_without_a_notification_the_case_stands_where_the_load_stands(last: str, state: str) -> None:
    assert told_until(last).state == state


def test_a_released_load_leaves_and_enters_and_draws_on_no_quantity() -> None:
    case = file_of(told("pic.declaration.lodged.v1", "pic.customs.released.v1", "pic.customs.entered.v1"))
    assert case.state == "ENTERED"
    assert (case.ledger.available_kg, case.ledger.consumed_kg) == (0, 0)


def test_the_declaration_says_what_is_shipped_from_where_to_where() -> None:
    case = told_until("pic.declaration.lodged.v1")
    assert case.consignment is not None
    assert case.consignment.states == ["CA", "MY"]
    assert (case.consignment.code, case.consignment.operation) == ("B3011", "R3")


def test_what_was_found_and_what_is_due_stand_in_the_file() -> None:
    case = told_until("pic.illegal-traffic.reported.v1")
    (declaration,) = case.declarations.values()
    assert declaration.inspections[0].contaminants == ["6.5 % inert", "2.5 % food"]
    assert declaration.detained_on == date(2026, 6, 15)
    assert case.illegal_traffic is not None
    assert (case.illegal_traffic.duty_of, case.illegal_traffic.article) == ("CA", "Art. 9(2)")


@pytest.mark.parametrize(
    ("last", "seat", "sentence"),
    [
        (
            "pic.customs.held.v1",
            PORT,
            "Decide on the declaration held for import; red channel, 60 points: physical",
        ),
        ("pic.inspection.ordered.v1", PORT, "Record the result of the inspection (physical)"),
        ("pic.customs.detained.v1", PORT, "Report the load detained at Port Klang"),
        (
            "pic.illegal-traffic.reported.v1",
            "CA/competent-authority/CA001",
            "Ensure that the load is taken back",
        ),
    ],
)
def test_each_seat_finds_what_waits_for_it_at_the_border(last: str, seat: str, sentence: str) -> None:
    (task,) = tasks_of(told_until(last), Address.parse(seat), NOW)
    assert task.sentence.startswith(sentence)


@pytest.mark.parametrize("seat", [PORT, "MY/competent-authority/MY001"])
def test_the_duty_to_take_back_is_the_state_of_exports_alone(seat: str) -> None:
    assert tasks_of(told_until("pic.illegal-traffic.reported.v1"), Address.parse(seat), NOW) == []


def test_the_day_by_which_the_load_must_be_back_counts_down() -> None:
    authority = Address.parse("CA/competent-authority/CA001")
    (task,) = tasks_of(told_until("pic.illegal-traffic.reported.v1"), authority, NOW)
    assert (task.due_at, task.days_left) == (datetime(2026, 7, 16, 23, 59, 59, tzinfo=UTC), 26)


def test_the_time_line_tells_the_story_in_sentences() -> None:
    lines = [entry.summary for entry in timeline(told(*DIRTY))]
    assert "a load without notification" in lines[0]
    assert lines[1].startswith("MYPKG001 selected a load without notification for red: 60 points")
    assert lines[3].startswith("MYPKG001 ordered an inspection (physical)")
    assert lines[-1].startswith(
        "MYPKG001 reported illegal traffic, Article 9(1) a, b, Y48; CA has to see to it"
    )
    assert timeline(told(*DIRTY))[4].details == ["Found: 6.5 % inert paper, sand", "Found: 2.5 % food"]
