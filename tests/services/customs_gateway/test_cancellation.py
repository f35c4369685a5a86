"""Cancelling a shipment at the gate: nothing is ever both released and cancelled."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

from pic_schemas.messages import CancellationRequested
from tests.services.customs_gateway import story
from tests.services.customs_gateway.border import Border


def asked(shipment: int = 1) -> CancellationRequested:
    return CancellationRequested(
        number=story.NUMBER,
        movement_number=f"{story.NUMBER}.{shipment:06d}",
        shipment=shipment,
        reason="The bales got wet",
        requested_on=date(2026, 7, 20),
    )


async def movement(border: Border) -> dict[str, Any]:
    entry = (await border.get(f"/v1/registry/{story.NUMBER}")).json()
    return dict(entry["movements"][0])


async def answers(border: Border) -> list[str]:
    return [event.type for event in await border.said() if ".cancellation." in event.type]


async def test_what_nobody_cleared_is_cancelled_at_once_and_never_cleared_afterwards(border: Border) -> None:
    await border.ready()
    await border.say(asked())
    assert (await movement(border))["cancelled_on"] == "2026-07-20"
    late = (await border.lodge("export")).json()
    assert (late["outcome"], late["reasons"]) == ("refused", ["CH06"])
    assert late["ledger"]["available_kg"] == 25_000
    assert await answers(border) == ["pic.cancellation.granted.v1"]


async def test_a_load_that_was_cleared_waits_for_the_answer_of_its_office(border: Border) -> None:
    await border.ready()
    out = (await border.lodge("export")).json()
    await border.say(asked())
    assert (await movement(border))["cancelled_on"] is None
    path = f"/v1/declarations/{out['declaration_id']}/cancellation-answer"
    granted = (await border.post(path, body={"granted": True, "reason": "Still in the yard"})).json()
    assert granted["state"] == "RELEASE_WITHDRAWN"
    ledger = (await border.get(f"/v1/ledger/{story.CASE}")).json()
    assert (ledger["available_kg"], ledger["consumed_kg"]) == (25_000, 0)
    exit_ = await border.post(f"/v1/declarations/{out['declaration_id']}/exit")
    assert exit_.json()["rule"] == "STATE_FORBIDS"
    assert await answers(border) == ["pic.cancellation.granted.v1"]


async def test_an_office_may_let_its_release_stand(border: Border) -> None:
    await border.ready()
    out = (await border.lodge("export")).json()
    await border.say(asked())
    path = f"/v1/declarations/{out['declaration_id']}/cancellation-answer"
    refused = (await border.post(path, body={"granted": False, "reason": "The ship is loaded"})).json()
    assert refused["state"] == "RELEASED"
    again = await border.post(path, body={"granted": True, "reason": "No"})
    assert (again.status_code, again.json()["rule"]) == (409, "STATE_FORBIDS")
    assert await answers(border) == ["pic.cancellation.refused.v1"]


async def test_the_exit_answers_a_request_that_waits(border: Border) -> None:
    await border.ready()
    out = (await border.lodge("export")).json()
    await border.say(asked())
    left = await border.post(f"/v1/declarations/{out['declaration_id']}/exit")
    assert left.json()["state"] == "EXIT_CONFIRMED"
    assert await answers(border) == ["pic.cancellation.refused.v1"]
    await border.say(asked())
    assert (await movement(border))["cancelled_on"] is None
    assert await answers(border) == ["pic.cancellation.refused.v1"] * 2


async def test_release_and_cancellation_at_once_never_both_win(border: Border) -> None:
    await border.ready()
    lodged, _ = await asyncio.gather(border.lodge("export"), border.say(asked()))
    found = await movement(border)
    released = lodged.json()["outcome"] == "released"
    assert released == (found["cancelled_on"] is None)
    assert released == (found["released_as"] is not None)
