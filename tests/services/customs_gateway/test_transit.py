"""A load in transit, by HTTP: stamped in, stamped out, discharged; and what the next border makes of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from customs_gateway.domain.checks import examine
from customs_gateway.domain.checks.examination import Examination
from customs_gateway.domain.lodgement import lodge
from customs_gateway.domain.movement import Passage
from customs_gateway.domain.passage import Stamping, transit_entered, transit_exited, transit_overdue
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.domain.states import State
from pic_law.passages import passage
from pic_schemas.messages import CheckResult
from tests.services.customs_gateway import story
from tests.services.customs_gateway.border import Border

TODAY = story.CLEARED_AT.date()


@pytest.fixture
async def transit(border: Border) -> dict[str, Any]:
    await border.ready_by_way_of_rotterdam()
    return dict((await border.lodge("transit", border_date=TODAY)).json())


async def stamp(border: Border, declaration: str, act: str, body: Any = None) -> Any:
    return await border.post(f"/v1/declarations/{declaration}/{act}", "transit", body)


async def test_a_transit_is_opened_entered_left_and_discharged(
    border: Border, transit: dict[str, Any]
) -> None:
    assert transit["state"] == "RELEASED"
    id_ = transit["declaration_id"]
    states = [(await stamp(border, id_, act)).json()["state"] for act in ("transit-entry", "transit-exit")]
    ended = (await stamp(border, id_, "discharge")).json()
    assert [*states, ended["state"]] == ["TRANSIT_ENTERED", "TRANSIT_EXITED", "DISCHARGED"]
    assert ended["passage"]["due_on"] == str(TODAY + timedelta(days=30))
    said = [event for event in await border.said() if event.type.startswith("pic.transit.")]
    assert [event.type.split(".")[2] for event in said] == ["entered", "exited", "discharged"]
    assert {"BE/customs/*", "CA/competent-authority/CA001", "NL/competent-authority/NL001"} <= set(
        said[0].recipients
    )


async def test_no_stamp_stands_before_the_one_that_it_follows(
    border: Border, transit: dict[str, Any]
) -> None:
    id_ = transit["declaration_id"]
    for act in ("transit-exit", "discharge", "exit", "entry"):
        assert (await stamp(border, id_, act)).json()["rule"] == "STATE_FORBIDS"
    assert (await stamp(border, id_, "transit-entry")).status_code == 200
    before = {"exited_on": str(TODAY - timedelta(days=1))}
    answer = (await stamp(border, id_, "transit-exit", before)).json()
    assert (answer["rule"], answer["pointer"]) == ("DATES_IMPOSSIBLE", "/exited_on")
    assert (await stamp(border, id_, "transit-entry")).json()["rule"] == "STATE_FORBIDS"


async def test_a_load_leaves_through_any_office_of_the_state_and_none_of_another(
    border: Border, transit: dict[str, Any]
) -> None:
    path = f"/v1/declarations/{transit['declaration_id']}/transit-exit"
    await stamp(border, transit["declaration_id"], "transit-entry")
    abroad = border.headers("BE", "BEANR001", "customs") | {"Idempotency-Key": "abroad"}
    assert (await border.http.post(path, headers=abroad)).json()["rule"] == "SEAT_FORBIDS"
    venlo = border.headers("NL", "NLVEN001", "customs")
    offered = await border.http.get(path.replace("transit-exit", "actions"), headers=venlo)
    assert {one["act"] for one in offered.json()["actions"] if one["offered"]} == {"stamp out of transit"}
    left = await border.http.post(path, headers=venlo | {"Idempotency-Key": "venlo"})
    assert left.json()["passage"]["exited_at"] == "NLVEN001"
    assert (await border.said())[-1].sender == "NL/customs/NLVEN001"


async def test_an_import_that_is_declared_before_it_arrives_waits_for_the_stamps_and_is_then_released(
    border: Border, transit: dict[str, Any]
) -> None:
    into = (await border.lodge("import", border_date=TODAY + timedelta(days=2))).json()
    assert (into["outcome"], into["reasons"]) == ("held", ["CH24"])
    for act in ("transit-entry", "transit-exit"):
        await stamp(border, transit["declaration_id"], act)
    # A gateway knows its own words at once; the reader waits for one that comes after them on the log.
    assert "pic.transit.exited.v1" in {event.type for event in await border.said()}
    await border.say(story.guarantee_lodged())
    found = await border.get(f"/v1/declarations/{into['declaration_id']}")
    assert (found.json()["outcome"], found.json()["reasons"]) == ("released", [])


async def test_two_lines_for_one_state_are_no_block_22(border: Border) -> None:
    await border.ready_by_way_of_rotterdam()
    line = story.stamps("2026-07-20")
    answer = await border.lodge("import", stamps=(line, line))
    assert {(e["rule"], e["pointer"]) for e in answer.json()["errors"]} == {
        ("CH24", "/stamps/0/country"),
        ("CH24", "/stamps/1/country"),
    }


def ch24(entry: RegistryEntry, on: date = TODAY, **changes: Any) -> CheckResult:
    lodged = story.declared("import", **changes)
    found = examine(Examination("d", lodged, entry, lodged.shipment, on))
    return next(one for one in found if one.id == "CH24")


def by_way_of_rotterdam(*stamps: date | None) -> RegistryEntry:
    entry = story.ready(story.notification_document("s01-transit-notification.yaml"))
    if stamps:
        entered, left = stamps
        entry.movements[1].transits["NL"] = Passage(entered, "NLRTM001", left)
    return entry


IN = date(2026, 7, 1)
LAST = passage("transit", "NL", IN).last_day(IN)


@pytest.mark.parametrize(
    ("left", "today", "outcome"),
    [
        (LAST, LAST + timedelta(days=9), "pass"),
        (LAST + timedelta(days=1), LAST + timedelta(days=9), "fail"),
        (None, LAST, "not-yet-known"),
        (None, LAST + timedelta(days=1), "fail"),
        (IN - timedelta(days=1), LAST, "fail"),
    ],
)
def test_the_exit_is_on_time_on_the_last_day_and_late_on_the_next(
    left: date | None, today: date, outcome: str
) -> None:
    found = ch24(by_way_of_rotterdam(IN, left), today)
    assert (found.outcome, found.severity) == (outcome, "HOLD"), found.detail


def test_a_number_of_days_that_no_treaty_gives_is_marked_so() -> None:
    late = ch24(by_way_of_rotterdam(IN, LAST + timedelta(days=1)), LAST + timedelta(days=9))
    assert not late.verified


def test_stamps_that_are_older_than_the_exit_from_the_state_of_export_are_out_of_order() -> None:
    entry = by_way_of_rotterdam(IN, IN)
    entry.movements[1].exited_on = IN + timedelta(days=1)
    assert ch24(entry).outcome == "fail"


def test_paper_that_shows_another_day_than_the_office_gave_is_held() -> None:
    found = ch24(by_way_of_rotterdam(IN, IN), stamps=(story.stamps("2026-06-30", "2026-07-01"),))
    assert (found.outcome, found.severity) == ("fail", "HOLD")
    assert "other stamps" in found.detail


def test_paper_stands_for_a_state_that_is_not_on_the_exchange() -> None:
    found = ch24(by_way_of_rotterdam(), stamps=(story.stamps("2026-07-01", "2026-07-02"),))
    assert found.outcome == "pass"


def test_a_stamp_is_waited_for_where_a_law_asks_for_it_and_nowhere_else() -> None:
    assert ch24(by_way_of_rotterdam()).outcome == "not-yet-known"
    elsewhere = ch24(by_way_of_rotterdam(), transits=("SG",))
    assert elsewhere.outcome == "not-applicable"
    assert ch24(story.ready()).outcome == "not-applicable"


def test_the_clock_says_that_a_load_has_not_come_out_and_decides_nothing() -> None:
    entry = by_way_of_rotterdam()
    lodged = story.declared("transit")
    there = lodge(story.WORLD, story.CASE, lodged, entry, story.CLEARED_AT)
    there.state = State.RELEASED
    there.decision = None
    transit_entered(there, entry, Stamping("NLRTM001", TODAY, TODAY))
    last = passage("transit", "NL", TODAY).last_day(TODAY)
    said = transit_overdue(there, entry, last)
    assert said is not None
    assert (said.entered_on, said.due_on, said.verified) == (TODAY, last, False)
    assert (there.state, entry.movements[1].transits["NL"].overdue) == (State.TRANSIT_ENTERED, True)
    transit_exited(there, entry, Stamping("NLVEN001", last, last))
    assert transit_overdue(there, entry, last) is None
