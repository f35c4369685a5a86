"""A draft says block by block how far it is, and the submission finds the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.domain.completeness import BlockStatus, completeness
from pic_schemas.documents import DraftNotification
from pic_schemas.refusal import Refused
from tests.services.notifier.story import EXPORTER, JUNE, NUMBER, drafted, form

BLOCKS = [f"block_{number}" for number in range(1, 19)]


def blocks_of(on: date = JUNE, **blocks: Any) -> dict[str, BlockStatus]:
    draft = DraftNotification.model_validate(form(**blocks))
    return {status.block: status for status in completeness(draft, EXPORTER, on)}


def test_a_finished_draft_is_complete_in_all_eighteen_blocks() -> None:
    found = blocks_of()
    assert list(found) == BLOCKS
    assert {status.status for status in found.values()} == {"complete"}


def test_a_block_that_is_not_there_is_missing_and_a_voluntary_one_is_not() -> None:
    found = blocks_of(block_5=None, block_16=None)
    assert [name for name, status in found.items() if status.status == "missing"] == ["block_5"]
    assert (found["block_16"].status, found["block_16"].required) == ("complete", False)


def test_law_and_form_speak_on_an_incomplete_draft_too() -> None:
    found = blocks_of(
        block_1=None,
        block_4={"total": 3},
        block_5=None,
        block_18={"total": 2},
        block_6={"first_departure": "2026-01-15", "last_departure": "2026-02-15"},
    )
    assert found["block_1"].status == "missing"
    assert "individual means one shipment" in found["block_4"].findings[0].detail
    assert [f.rule for f in found["block_18"].findings] == ["ANNEX_MISSING"]
    assert [f.rule for f in found["block_6"].findings] == ["WINDOW_CLOSED"]
    assert all(found[name].status == "problems" for name in ("block_4", "block_6", "block_18"))


@settings(max_examples=80, deadline=None)
@given(st.sets(st.sampled_from(BLOCKS)), st.sampled_from(["s01-notification", "s01-transit-notification"]))
def test_any_set_of_blocks_can_be_read_and_is_accepted_exactly_when_complete(
    absent: set[str], name: str
) -> None:
    notification = drafted(name, **dict.fromkeys(absent))
    found = completeness(notification.draft, EXPORTER, JUNE)
    assert {s.block for s in found if s.status == "missing"} == absent - {"block_16"}
    if all(status.status == "complete" for status in found):
        notification.submit(NUMBER, JUNE)
        return
    with pytest.raises(Refused):
        notification.submit(NUMBER, JUNE)
