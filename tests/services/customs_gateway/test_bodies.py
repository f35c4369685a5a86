"""Bodies that nobody should send: larger than a message, larger than a document, with signs nobody prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pic_kit.body_limit import LARGEST_BODY
from tests.services.customs_gateway import story
from tests.services.customs_gateway.border import Border, border_in


def _boxes(seals: int) -> dict[str, Any]:
    written = tuple(f"{number:035d}" for number in range(seals))
    return {"equipment": [{"id": f"BETU{box}", "seals": written} for box in range(50)]}


async def test_what_no_broker_takes_is_refused_before_it_holds_up_its_case(border: Border) -> None:
    await border.ready()
    refused = await border.lodge(**_boxes(500))
    assert (refused.status_code, refused.json()["rule"]) == (422, "MESSAGE_TOO_LARGE")
    assert await border.said() == []
    assert (await border.lodge(**_boxes(5))).status_code == 201


async def test_a_body_that_nobody_needs_is_not_read(border: Border) -> None:
    answer = await border.http.post("/v1/declarations", content=b" " * (LARGEST_BODY + 1))
    assert (answer.status_code, answer.json()["rule"]) == (413, "BODY_TOO_LARGE")


@pytest.mark.postgres
async def test_a_sign_that_a_server_cannot_store_is_the_callers_mistake(
    tmp_path: Path, postgres_url: str
) -> None:
    async with border_in(tmp_path, PIC_CUSTOMS_GATEWAY_DATABASE_URL=postgres_url) as border:
        await border.ready()
        for answer in (
            await border.lodge(exporter="CA-\0PLASTIX"),
            await border.get("/v1/declarations?after=%00"),
            await border.get(f"/v1/ledger/{story.NUMBER}%00"),
        ):
            assert answer.status_code in (404, 422), answer.text
