"""The feed and the case files over HTTP: who sees what, and that a rebuild changes nothing."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine

from pic_exchange.republish import republish_all
from pic_kit.migrate import _upgrade
from pic_kit.settings import Settings
from pic_schemas.envelope import Event
from single_window.desk.tables import metadata as desk_metadata
from single_window.window.tables import metadata as window_metadata
from tests.services.single_window.house import House, case_id, running_house, settings_in
from tests.services.single_window.story import CASE, story

NUMBER = "CA 0000 000001"
GUARANTEE = ("pic.guarantee.lodged.v1", "pic.guarantee.approved.v1", "pic.guarantee.released.v1")


def procedure() -> list[Event]:
    """Without the guarantee, to which the two tiny services would answer."""
    return story(*GUARANTEE)


async def tell(house: House, events: list[Event]) -> None:
    """Say them, and wait until the window has them."""
    await house.say(*events)
    seen: set[str] = set()
    async with asyncio.timeout(10):
        while not {str(event.id) for event in events} <= seen:
            page = (await house.observe("/v1/events?limit=1000&wait=1")).json()
            seen = {event["id"] for event in page["events"]}


async def test_every_page_goes_on_where_the_last_one_ended(house: House) -> None:
    await house.open_world()
    await tell(house, procedure())
    everything = (await house.observe("/v1/events?limit=1000")).json()
    assert everything["more"] is False
    seen, cursor = [], ""
    while page := (await house.observe(f"/v1/events?limit=4&after={cursor}")).json():
        seen += page["events"]
        cursor = page["next"]
        if not page["more"]:
            break
    assert seen == everything["events"]
    assert [e["type"] for e in seen[:2]] == ["pic.world.opened.v1", "pic.notification.drafted.v1"]
    assert cursor == everything["next"]


async def test_a_case_is_found_by_its_id_and_by_its_number_however_it_is_written(house: House) -> None:
    await house.open_world()
    await tell(house, procedure())
    for ref in (CASE, NUMBER, "ca0000000001"):
        case = (await house.observe(f"/v1/cases/{ref}")).json()
        assert (case["case"], case["state"], len(case["timeline"])) == (CASE, "CLOSED", 18)
    events = (await house.observe(f"/v1/events?case={NUMBER}&limit=1000")).json()["events"]
    assert {event["case"] for event in events} == {CASE}
    assert (await house.observe("/v1/cases/CA 0000 000009")).status_code == 404
    assert (await house.observe("/v1/events?after=nonsense")).status_code == 422


async def test_a_case_exists_only_for_those_it_concerns(house: House) -> None:
    await house.open_world()
    events = procedure()
    await tell(house, events[:1])
    exporter = await house.seat("exporter", "CA", "CA-PLASTIX")
    rival = await house.seat("exporter", "CA", "CA-RIVAL")
    canada = await house.seat("competent-authority", "CA", "CA001")
    belgium = await house.seat("competent-authority", "BE", "BE001")

    async def seen_by(token: str) -> tuple[int, int]:
        cases = (await house.look("/v1/cases", token)).json()["cases"]
        return len(cases), (await house.look(f"/v1/cases/{CASE}", token)).status_code

    assert await seen_by(exporter) == (1, 200)
    assert await seen_by(canada) == (0, 404)
    await tell(house, events[1:2])
    assert await seen_by(canada) == (1, 200)
    # The transmission is the first message that Belgium is sent.
    assert await seen_by(belgium) == (0, 404)
    await tell(house, events[2:])
    assert await seen_by(belgium) == (1, 200)
    assert await seen_by(rival) == (0, 404)
    feed = (await house.look("/v1/events?limit=1000", rival)).json()["events"]
    assert [event["type"] for event in feed] == ["pic.world.opened.v1"]


async def test_the_worklist_tells_each_seat_what_waits(house: House) -> None:
    await house.open_world()
    await tell(house, procedure()[:4])
    belgium = await house.seat("competent-authority", "BE", "BE001")
    tasks = (await house.look("/v1/worklist", belgium)).json()["tasks"]
    assert [task["kind"] for task in tasks] == ["notification.acknowledged", "contract.confirmed"]
    assert tasks[0]["sentence"] == f"Acknowledge notification {NUMBER}"
    assert "Art. 6(2)" in tasks[0]["article"]


async def test_the_stream_begins_after_the_last_event_seen(house: House) -> None:
    await house.open_world()
    await tell(house, procedure())
    page = (await house.observe("/v1/events?limit=3")).json()
    token = await house.seat("observer", "XX", "observer")
    headers = {"Authorization": f"Bearer {token}", "Last-Event-ID": page["next"]}
    house.window.rooms.feed.most_seconds = 0.5
    async with house.client.stream("GET", "/v1/events/stream", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = [line async for line in answer.aiter_lines()]
    events = [json.loads(line[6:]) for line in lines if line.startswith("data: ")]
    ids = [line[4:] for line in lines if line.startswith("id: ")]
    assert [event["id"] for event in events] == [str(event.id) for event in procedure()[2:]]
    assert ids[-1] == (await house.observe("/v1/events?limit=1000")).json()["next"]


async def test_a_window_that_was_deleted_reads_the_log_again_and_cursors_stay_valid(tmp_path: Path) -> None:
    async with running_house(tmp_path) as house:
        await house.open_world()
        await house.lodge(case_id("a"))
        await house.until_quiet()
        await tell(house, procedure())
        before = (await house.observe("/v1/events?limit=1000")).json()
        half = (await house.observe("/v1/events?limit=9")).json()
        digest = (await house.observe("/v1/worlds/test/digest")).json()
    _delete(tmp_path, "window")
    async with running_house(tmp_path) as house:
        await tell(house, procedure())
        assert (await house.observe("/v1/events?limit=1000")).json() == before
        rest = (await house.observe(f"/v1/events?limit=1000&after={half['next']}")).json()
        assert half["events"] + rest["events"] == before["events"]
        assert (await house.observe("/v1/worlds/test/digest")).json() == digest


async def test_a_cursor_of_a_lost_log_is_refused_and_the_refusal_says_what_to_do(tmp_path: Path) -> None:
    async with running_house(tmp_path) as house:
        await house.open_world()
        await house.lodge(case_id("a"))
        await house.until_quiet()
        everything = (await house.observe("/v1/events?limit=1000")).json()
    _delete(tmp_path, "bus")
    stores = {"PIC_DATA": str(tmp_path)}
    for store in ("DESK", "WINDOW", "LODGING", "AUTHORITY"):
        stores[f"PIC_{store}_DATABASE_URL"] = settings_in(tmp_path).database_url(store.lower())
    await republish_all(Settings.from_environment(stores), log_lost=True)
    async with running_house(tmp_path) as house:
        await house.until_quiet()
        refused = await house.observe(f"/v1/events?after={everything['next']}")
        assert (refused.status_code, refused.json()["rule"]) == (410, "CURSOR_OF_A_LOST_LOG")
        assert "empty `after`" in refused.json()["detail"]
        again = (await house.observe("/v1/events?limit=1000&after=")).json()
        assert {e["id"] for e in again["events"]} == {e["id"] for e in everything["events"]}


def _delete(folder: Path, store: str) -> None:
    for file in folder.glob(f"{store}.sqlite3*"):
        file.unlink()


async def test_a_message_that_waited_is_fed_when_it_is_applied(house: House) -> None:
    await house.open_world()
    first, second, third = procedure()[:3]
    await house.say(first, third)
    page = (await house.observe("/v1/events?limit=1&wait=5")).json()
    async with asyncio.timeout(5):
        while "~" not in page["next"]:
            page = (await house.observe(f"/v1/events?wait=0.05&after={page['next']}")).json()
    await house.say(second)
    types: list[str] = []
    async with asyncio.timeout(5):
        while len(types) < 2:
            page = (await house.observe(f"/v1/events?wait=1&after={page['next']}")).json()
            types += [event["type"] for event in page["events"]]
    assert sorted(types) == sorted([second.type, third.type])
    assert "~" not in page["next"]


async def test_what_waits_is_shown_in_the_case_file(house: House) -> None:
    await house.open_world()
    first, _, third = procedure()[:3]
    await tell(house, [first])
    await house.say(third)
    waiting: list[dict[str, str]] = []
    async with asyncio.timeout(5):
        while not waiting:
            waiting = (await house.observe(f"/v1/cases/{CASE}")).json()["waiting"]
    assert {message["reason"] for message in waiting} == {"GAP"}


@pytest.mark.parametrize(
    ("package", "metadata"),
    [
        ("single_window.desk.migrations", desk_metadata),
        ("single_window.window.migrations", window_metadata),
    ],
)
def test_the_migrations_make_the_tables_that_the_code_knows(package: str, metadata: object) -> None:
    def differences(connection: Connection) -> list[object]:
        _upgrade(connection, package)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))  # type: ignore[arg-type]

    with create_engine("sqlite://").begin() as connection:
        assert differences(connection) == []
