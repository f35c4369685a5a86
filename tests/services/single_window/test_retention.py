"""A closed case of a live world is kept five years from the last that happened in it, audit log and all."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from pic_kit.retention import keep_house
from pic_kit.tables import worlds
from single_window.window.tables import CASES, CONCERNED, EVENTS
from tests.services.single_window.house import House
from tests.services.single_window.story import story
from tests.services.single_window.test_events_and_cases import procedure, tell

LAST = max(event.time for event in story())
FIVE_YEARS = timedelta(days=1827)


async def counted(house: House) -> list[int]:
    async def count(connection: object) -> list[int]:
        tables = ((CASES, CASES.c.case_id), (EVENTS, EVENTS.c.case_id), (CONCERNED, CONCERNED.c.case_id))
        queries = [select(func.count()).select_from(table).where(case != "") for table, case in tables]
        return [(await connection.execute(query)).scalar_one() for query in queries]  # type: ignore[attr-defined]

    return await house.window.window.read(count)


@pytest.mark.parametrize(
    ("mode", "now", "gone"),
    [
        ("live", LAST + FIVE_YEARS - timedelta(days=1), False),
        ("live", LAST + FIVE_YEARS + timedelta(days=1), True),
        ("sandbox", LAST + FIVE_YEARS + timedelta(days=1), False),
    ],
)
async def test_a_closed_case_goes_when_its_time_is_over(
    house: House, mode: str, now: datetime, gone: bool
) -> None:
    await house.open_world()
    await tell(house, procedure())
    runtime = house.window.window
    change = update(worlds).values(mode=mode)
    await runtime.write(lambda transaction: transaction.connection.execute(change))
    before = await counted(house)
    assert min(before) > 0
    forgotten = await keep_house(runtime, now)
    assert forgotten["audit"] == int(gone)
    assert await counted(house) == ([0, 0, 0] if gone else before)
