"""The clock goes from deadline to deadline, and quiet means that all that was said was heard."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from pic_kit.activity import Activity
from pic_kit.transaction import Transaction, Work
from pic_schemas.messages import GuaranteeApproved
from single_window.desk import worlds
from single_window.domain.clock_target import read_target
from single_window.quiet import FIRST_PAUSE, PART_OF_THE_WAIT, pauses, wait_until_quiet
from tests.services.single_window.house import House, case_id, running_house
from tests.support.tiny_exchange.services import AUTHORITY

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("+60d", NOW + timedelta(days=60)),
        ("+12h", NOW + timedelta(hours=12)),
        ("+2w", NOW + timedelta(weeks=2)),
        ("2026-07-31", datetime(2026, 7, 31, 8, tzinfo=UTC)),
        ("2026-07-31T10:00:00+02:00", datetime(2026, 7, 31, 8, tzinfo=UTC)),
    ],
)
def test_a_target_may_be_said_in_several_ways(text: str, target: datetime) -> None:
    assert read_target(text, NOW) == target


@pytest.mark.parametrize("text", ["soon", "60d", "+60y", "2026-02-30", "2026-07-31T10:00:00", ""])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_target(text, NOW)


async def test_sixty_days_stop_at_every_deadline(house: House) -> None:
    await house.open_world()
    await house.lodge(case_id("a"))
    await house.until_quiet()
    answer = await house.operate("PUT", "/v1/worlds/test/clock", {"to": "+60d"})
    assert answer.status_code == 200, answer.text
    moved = answer.json()
    assert (moved["now"], moved["steps"], moved["fired"]) == ("2026-07-31T08:00:00Z", 1, 1)
    assert moved["moving"] is False
    await house.until_quiet()
    events = (await house.observe("/v1/events")).json()["events"]
    released = next(event for event in events if event["type"] == "pic.guarantee.released.v1")
    assert released["time"] == "2026-07-01T08:00:00Z"
    assert events[-1]["type"] == "pic.world.clock-moved.v1"


async def test_the_next_deadline_is_a_target_and_without_one_the_clock_stays(house: House) -> None:
    await house.open_world()
    stays = (await house.operate("PUT", "/v1/worlds/test/clock", {"to": "next-deadline"})).json()
    assert (stays["now"], stays["steps"]) == ("2026-06-01T08:00:00Z", 0)
    await house.lodge(case_id("a"))
    moved = (await house.operate("PUT", "/v1/worlds/test/clock", {"to": "next-deadline"})).json()
    assert (moved["now"], moved["fired"]) == ("2026-07-01T08:00:00Z", 1)


async def test_whoever_waits_long_looks_less_often() -> None:
    pause = pauses()
    assert next(pause) == FIRST_PAUSE
    await asyncio.sleep(0.2)
    assert next(pause) >= 0.2 * PART_OF_THE_WAIT > FIRST_PAUSE


async def test_the_clock_never_goes_back(house: House) -> None:
    await house.open_world()
    refused = await house.operate("PUT", "/v1/worlds/test/clock", {"to": "2026-05-31"})
    assert (refused.status_code, refused.json()["rule"]) == (409, "CLOCK_BACKWARDS")
    wrong = await house.operate("PUT", "/v1/worlds/test/clock", {"to": "yesterday"})
    assert (wrong.status_code, wrong.json()["rule"]) == (422, "CLOCK_TARGET")


async def test_a_move_asked_for_again_after_its_answer_was_lost_moves_nothing(house: House) -> None:
    await house.open_world()
    for _ in range(2):
        answer = await house.operate("PUT", "/v1/worlds/test/clock", {"to": "2026-07-01"})
        assert answer.status_code == 200, answer.text
        assert answer.json()["now"] == "2026-07-01T08:00:00Z"
    await house.until_quiet()


async def test_commands_wait_while_the_clock_moves_and_one_move_is_made_at_a_time(house: House) -> None:
    await house.open_world()
    target = NOW + timedelta(days=1)
    await house.window.desk.write(lambda transaction: worlds.begin_move(transaction, "test", target))
    refused = await house.operate("PUT", "/v1/worlds/test/clock", {"to": "+1d"})
    assert refused.status_code == 423
    assert refused.headers["retry-after"] == "1"


async def test_a_move_that_a_crash_interrupted_is_ended_after_the_next_start(tmp_path: Path) -> None:
    target = NOW + timedelta(days=60)
    async with running_house(tmp_path) as house:
        await house.open_world()
        await house.lodge(case_id("a"))
        await house.until_quiet()
        await house.window.desk.write(lambda transaction: worlds.begin_move(transaction, "test", target))
    async with running_house(tmp_path) as house:
        async with asyncio.timeout(10):
            while await house.window.desk.read(worlds.moves_under_way):  # noqa: ASYNC110
                await asyncio.sleep(0)
        world = (await house.operate("GET", "/v1/worlds/test")).json()
        assert (world["now"], world["moving"]) == ("2026-07-31T08:00:00Z", False)
        await house.until_quiet()
        types = [event["type"] for event in (await house.observe("/v1/events")).json()["events"]]
        assert types.count("pic.guarantee.released.v1") == 1
        assert types.count("pic.world.clock-moved.v1") == 1


async def test_a_message_that_waits_for_ever_is_the_reason(house: House) -> None:
    await house.open_world()
    await _approve_what_nobody_lodged(house)
    found = await house.quiet(wait=1)
    assert found["quiet"] is False
    assert found["stuck"] is True
    (reason,) = found["reasons"]
    assert "lodging: pic.guarantee.approved.v1 of case" in reason
    assert "nothing was lodged here" in reason
    assert "pic.guarantee.lodged.v1" in reason


async def test_a_clock_moves_although_a_message_waits(house: House) -> None:
    await house.open_world()
    await _approve_what_nobody_lodged(house)
    moved = await house.operate("PUT", "/v1/worlds/test/clock", {"to": "+1d"})
    assert moved.json()["now"] == "2026-06-02T08:00:00Z"


async def _approve_what_nobody_lodged(house: House) -> None:
    async def act(transaction: Transaction) -> None:
        work = Work(transaction, await transaction.open_world("test"), uuid4())
        message = GuaranteeApproved(guarantee_id="G-1", approved_on=NOW.date(), approved_by="BE001")
        work.emit(message, case=case_id("unknown"), sender=AUTHORITY)

    await house.authority.write(act)


class Counted:
    """A store that has heard the one message there is when it is asked for the `after`th time."""

    def __init__(self, name: str, *, near: bool, after: int) -> None:
        self.name, self.near, self.asked, self._after = name, near, 0, after

    async def activity(self, world: str) -> Activity:
        self.asked += 1
        heard = {"/notifier/CA": 1} if self.asked >= self._after else {}
        said = {} if self.near else {"/notifier/CA": 1}
        place = {
            "service": self.name,
            "open": True,
            "now": None,
            "unpublished": 0,
            "due": 0,
            "next_due": None,
        }
        return Activity.model_validate(
            {**place, "listens": True, "produced": said, "heard": heard, "waiting": []}
        )

    async def ready(self) -> bool:
        return True


async def test_other_services_are_not_asked_again_before_our_own_stores_have_heard() -> None:
    window, notifier = Counted("window", near=True, after=6), Counted("notifier", near=False, after=2)
    found = await wait_until_quiet([window, notifier], "w", 5)
    assert found.quiet
    assert (window.asked, notifier.asked) == (7, 2)
