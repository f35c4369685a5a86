"""What the console shows of a case, without a page: lanes and arrows, the form's blocks, reasons, seats."""

from __future__ import annotations

from datetime import UTC, datetime

from pic_schemas.address import Address
from pic_schemas.documents import movement, notification
from single_window.domain.documents import Document, documents_of
from single_window.domain.lanes import Mark, swim_lane
from single_window.domain.reasons import stops_of
from single_window.domain.sight import as_seen_by
from single_window.domain.worklists import worklists
from tests.services.single_window.story import example, file_of, story

ROUTE = ["CA", "BE"]


def filled(document: Document) -> dict[str, bool]:
    return {block.name: bool(block.parts) for block in document.blocks}


def test_lanes_follow_the_load_state_by_state() -> None:
    swim = swim_lane(story(), ROUTE)
    assert [state for state, _ in swim.states] == ["CA", "BE"]
    assert sum(count for _, count in swim.states) == len(swim.lanes)
    assert [lane.first for lane in swim.lanes].count(True) == 2
    assert swim.lanes[0].role == "exporter"


def test_every_row_has_one_who_says_it_and_an_arrow_to_everyone_who_is_told() -> None:
    events = story()
    swim = swim_lane(events, ROUTE)
    places = {(lane.state, lane.role): place for place, lane in enumerate(swim.lanes)}
    for event, row in zip(events, swim.rows, strict=True):
        told = {places[at.state, at.role] for at in map(Address.parse, event.recipients)}
        says = [place for place, mark in enumerate(row.marks) if mark.part == "says"]
        assert len(says) == 1
        heads = {place for place, mark in enumerate(row.marks) if mark.part.startswith("told")}
        assert heads == told - set(says)


def test_an_arrow_runs_from_the_first_party_to_the_last_without_a_gap() -> None:
    for row in swim_lane(story(), ROUTE).rows:
        joined = [mark.right for mark in row.marks[:-1]]
        assert joined == [mark.left for mark in row.marks[1:]]
        assert Mark("", False, False) not in row.marks[: 1 if row.marks[0].part else 0]


def test_days_count_from_the_day_the_case_was_opened() -> None:
    events = story()
    rows = swim_lane(events, ROUTE).rows
    assert rows[0].day == 0
    assert rows[-1].day == (events[-1].time.date() - events[0].time.date()).days


def test_an_objection_is_bad_news_and_a_hold_keeps_waiting() -> None:
    objected = swim_lane([example("pic.notification.objected.v1", 1)], ROUTE)
    held = swim_lane([example("pic.customs.held.v1", 1)], ROUTE)
    assert (objected.rows[0].tone, held.rows[0].tone) == ("bad", "wait")


def test_both_documents_have_every_block_under_the_forms_own_label() -> None:
    notified, moved = documents_of(story())
    assert [block.label for block in notified.blocks] == list(notification.LABELS.values())
    assert [block.label for block in moved.blocks] == list(movement.LABELS.values())


def test_each_party_fills_in_its_own_block() -> None:
    notified, moved = documents_of(story())
    assert all(filled(notified)[block] for block in ("block_1", "block_19", "block_20", "block_21"))
    assert all(filled(moved)[block] for block in ("block_8", "block_18", "block_19", "block_20", "block_21"))


def test_before_the_acknowledgement_the_authorities_blocks_are_empty() -> None:
    until = [event.type for event in story()].index("pic.notification.acknowledged.v1")
    (notified,) = documents_of(story()[:until])
    assert not any(filled(notified)[block] for block in ("block_19", "block_20", "block_21"))


def test_a_draft_is_no_document_yet() -> None:
    assert documents_of(story()[:1]) == []


def test_a_refusal_names_each_check_that_failed_with_its_article() -> None:
    until = [event.type for event in story()].index("pic.declaration.lodged.v1") + 1
    told = story()[:until]
    refused = example("pic.customs.refused.v1", 99, declaration_id=told[-1].data["declaration_id"])
    case, _ = as_seen_by(file_of([*told, refused]), [*told, refused], None)
    (stop,) = stops_of(case)
    assert stop.outcome == "refused"
    assert stop.reasons
    assert all(reason.rule and reason.article for reason in stop.reasons)


def test_an_observer_finds_one_worklist_for_every_seat_and_a_seat_only_its_own() -> None:
    until = [event.type for event in story()].index("pic.notification.transmitted.v1") + 1
    case, now = file_of(story()[:until]), datetime(2026, 6, 10, tzinfo=UTC)
    seats = [str(found.seat) for found in worklists([case], now, None)]
    assert "CA/exporter/CA-PLASTIX" in seats
    assert "BE/competent-authority/BE001" in seats
    own = Address.parse("BE/competent-authority/BE001")
    (mine,) = worklists([case], now, {own})
    assert mine.seat == own
    assert mine.tasks


def test_the_forms_print_the_number_as_the_scheme_of_its_state_and_day_has_it() -> None:
    european = {"number": "BE 0126 000001", "movement_number": "BE 0126 000001.000001"}
    events = [
        event.model_copy(update={"data": event.data | {k: v for k, v in european.items() if k in event.data}})
        for event in story("pic.notification.submitted.v1")  # who was asked never heard that one
    ]
    notified, moved = documents_of(events)
    assert (notified.number, moved.number) == ("BE0126000001", "BE0126000001.000001")
    assert documents_of(story())[0].number == "CA 0000 000001"
