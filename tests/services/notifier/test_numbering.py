"""Numbers of notifications: by the scheme of the State, each once, however many hand in at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from notifier.domain.numbering import LAST, NumberSeries, code_of
from pic_schemas.documents import DraftNotification
from pic_schemas.refusal import Refused
from tests.services.notifier.desk import EXPORTER, Desk, open_desk
from tests.services.notifier.story import form, rules_of

CLIENTS = 32
BUSY = 503


def sent() -> dict[str, Any]:
    """The form of the first scenario as a caller sends it."""
    return DraftNotification.model_validate(form()).payload()


def test_the_code_of_a_european_number_is_the_authority_and_the_year() -> None:
    draft = DraftNotification.model_validate(form("belgium-to-canada-notification"))
    assert code_of("BE", draft, date(2026, 5, 20)) == 0
    assert code_of("BE", draft, date(2026, 6, 1)) == 126
    assert code_of("BE", draft, date(2027, 1, 1)) == 127


def test_each_year_of_an_authority_has_a_series_of_its_own() -> None:
    first, next_year = NumberSeries("w", "BE", code=126), NumberSeries("w", "BE", code=127)
    assert [first.issue(), first.issue(), next_year.issue()] == [
        "BE 0126 000001",
        "BE 0126 000002",
        "BE 0127 000001",
    ]
    assert first.name != next_year.name


def test_a_series_that_is_used_up_issues_no_number_twice() -> None:
    series = NumberSeries("w", "CA", last=LAST)
    with pytest.raises(Refused) as caught:
        series.issue()
    assert rules_of(caught) == ["NUMBERS_USED_UP"]
    assert series.last == LAST


async def everybody_submits_at_once(desk: Desk) -> None:
    cases = [(await desk.post(EXPORTER, "", sent(), expect=201))["case"] for _ in range(CLIENTS)]
    answers = await asyncio.gather(*(_submit(desk, case) for case in cases))
    issued = sorted(answer["number"] for answer in answers)
    assert issued == [f"CA 0000 {serial:06d}" for serial in range(1, CLIENTS + 1)]


async def _submit(desk: Desk, case: str) -> Any:
    for _ in range(20):  # busy is not refused: the series is one row
        answer = await desk.call(EXPORTER, "POST", f"/{case}/submission")
        if answer.status_code != BUSY:
            assert answer.status_code == 200, answer.text
            return answer.json()
    raise AssertionError(f"still busy: {answer.text}")


@pytest.mark.postgres
async def test_no_number_is_issued_twice_on_a_server(tmp_path: Path, postgres_url: str) -> None:
    """The first row of the series as well: all clients meet an empty table."""
    async with open_desk(tmp_path, PIC_NOTIFIER_DATABASE_URL=postgres_url) as desk:
        await everybody_submits_at_once(desk)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as desk:
        yield desk


async def test_a_refused_submission_uses_up_no_number(desk: Desk) -> None:
    lacking = (await desk.post(EXPORTER, "", sent() | {"block_17": None}, expect=201))["case"]
    assert (await desk.call(EXPORTER, "POST", f"/{lacking}/submission")).status_code == 422
    good = (await desk.post(EXPORTER, "", sent(), expect=201))["case"]
    assert (await desk.post(EXPORTER, f"/{good}/submission"))["number"] == "CA 0000 000001"
