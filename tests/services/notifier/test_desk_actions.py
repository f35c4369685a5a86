"""Actions, copies and dry runs over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.services.notifier.desk import (
    CARRIER,
    EXPORT_AUTHORITY,
    EXPORTER,
    IMPORT_AUTHORITY,
    Desk,
    Seat,
    open_desk,
)
from tests.services.notifier.story import form
from tests.services.notifier.test_desk import GUARANTEE, drafted, state_of, transmitted, wire

OTHER_EXPORTER: Seat = ("CA-OTHER", "CA", "exporter")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as opened:
        yield opened


async def actions(desk: Desk, seat: Seat, case: str) -> dict[str, dict[str, Any]]:
    answer = await desk.call(seat, "GET", f"/{case}/actions")
    assert answer.status_code == 200, answer.text
    return {action["act"]: action for action in answer.json()["actions"]}


async def test_an_action_that_is_offered_is_accepted_at_its_path(desk: Desk) -> None:
    case = await drafted(desk)
    found = await actions(desk, EXPORTER, case)
    assert found["submit"]["offered"]
    assert found["submit"]["path"] == f"/v1/notifications/{case}/submission"
    assert (await desk.call(EXPORTER, "POST", f"/{case}/submission")).status_code == 200
    again = (await actions(desk, EXPORTER, case))["submit"]
    assert not again["offered"]
    refusal = await desk.call(EXPORTER, "POST", f"/{case}/submission")
    assert refusal.json()["errors"] == again["reasons"]


async def test_an_action_that_is_not_offered_is_refused_with_what_would_be_needed(desk: Desk) -> None:
    case = await drafted(desk)
    await desk.post(EXPORTER, f"/{case}/submission")
    offered = (await actions(desk, EXPORT_AUTHORITY, case))["transmit"]
    refusal = await desk.call(EXPORT_AUTHORITY, "POST", f"/{case}/transmission")
    assert refusal.status_code == 409
    assert refusal.json()["errors"] == offered["reasons"]
    (reason,) = offered["reasons"]
    assert reason["rule"] == "NOT_CARRIED_OUT"
    assert reason["article"]
    assert reason["needs"] == "first: carry out"
    assert await state_of(desk, case) == "SUBMITTED"


async def test_nobody_sees_the_actions_of_a_case_that_does_not_concern_him(desk: Desk) -> None:
    case = await drafted(desk)
    for seat in (OTHER_EXPORTER, EXPORT_AUTHORITY, IMPORT_AUTHORITY, CARRIER):
        assert (await desk.call(seat, "GET", f"/{case}/actions")).status_code == 404


async def test_the_carrier_is_told_why_it_may_not_depart(desk: Desk) -> None:
    case = await transmitted(desk)
    assert await actions(desk, CARRIER, case) == {}


async def test_a_draft_of_another_company_is_neither_changed_nor_submitted(desk: Desk) -> None:
    case = await drafted(desk)
    for method, path, body in (("PUT", "", wire()), ("POST", "/submission", None), ("POST", "/copy", None)):
        answer = await desk.call(OTHER_EXPORTER, method, f"/{case}{path}", body)
        assert (answer.status_code, answer.json()["rule"]) == (404, "NOTIFICATION_UNKNOWN")
    assert await state_of(desk, case) == "DRAFT"


async def test_a_copy_has_the_blocks_without_number_dates_signatures_and_annexes(desk: Desk) -> None:
    case = await transmitted(desk)
    copy = await desk.post(EXPORTER, f"/{case}/copy", expect=201)
    assert copy["case"] != case
    assert (copy["state"], copy["number"]) == ("DRAFT", None)
    assert copy["missing"] == ["block_6", "block_17"]
    assert copy["document"]["block_3"]["number"] is None
    same = set(form()) - {"block_3", "block_6", "block_17"}
    earlier = (await desk.call(EXPORTER, "GET", f"/{case}")).json()["document"]
    assert {name: copy["document"][name] for name in same} == {name: earlier[name] for name in same}


async def test_the_view_of_a_draft_says_how_far_each_block_is(desk: Desk) -> None:
    body = wire()
    del body["block_8"]
    view = await desk.post(EXPORTER, "", body, expect=201)
    statuses = {block["block"]: block["status"] for block in view["blocks"]}
    assert (len(statuses), statuses["block_8"], statuses["block_1"]) == (18, "missing", "complete")


DRY: list[tuple[Seat, str, str, Any]] = [
    (EXPORTER, "POST", "", wire()),
    (EXPORTER, "PUT", "/{case}", wire(block_4={"total": 1})),
    (EXPORTER, "POST", "/{case}/copy", None),
    (EXPORTER, "POST", "/{case}/submission", None),
]


@pytest.mark.parametrize(("seat", "method", "path", "body"), DRY)
async def test_a_dry_run_answers_like_the_command_and_stores_nothing(
    desk: Desk, seat: Seat, method: str, path: str, body: Any
) -> None:
    case = await drafted(desk)
    before = (await desk.call(EXPORTER, "GET", "")).json()
    answer = await desk.call(seat, method, f"{path.format(case=case)}?dry_run=true", body)
    assert answer.status_code in (200, 201), answer.text
    assert answer.headers["Pic-Dry-Run"] == "1"
    assert (await desk.call(EXPORTER, "GET", "")).json() == before
    assert [event.type for event in await desk.said()] == ["pic.notification.drafted.v1"]


async def test_a_dry_run_refuses_like_the_command(desk: Desk) -> None:
    case = await drafted(desk)
    tried = await desk.call(EXPORTER, "POST", f"/{case}/guarantee?dry_run=true", GUARANTEE)
    done = await desk.call(EXPORTER, "POST", f"/{case}/guarantee", GUARANTEE)
    assert (tried.status_code, tried.json()) == (done.status_code, done.json())
