"""Sixty-four clients draw on one notification at once: never more than consented, never less than fits."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.services.customs_gateway import story
from tests.services.customs_gateway.border import Border, border_in

CLIENTS = 64
AUTHORISED = 1_000_000


async def sixty_four_loads_at_once(border: Border, seed: int) -> None:
    """About 1,500 t are declared by 64 clients for 1,000 t; some withdraw what was released to them."""
    weights = [Random(seed + n).randrange(8_000, 40_000) for n in range(CLIENTS)]
    await border.say(story.guarantee_lodged(), story.guarantee_approved())
    await border.say(story.transmitted(story.many_shipments(CLIENTS, AUTHORISED // 1_000)))
    await border.say(story.decision(), source="/consent/BE")
    await border.say(story.authorised(AUTHORISED, CLIENTS))
    await border.say(*(story.prenotified(n, CLIENTS) for n in range(1, CLIENTS + 1)))
    bodies = [
        answer.json() for answer in await asyncio.gather(*(_load(border, n, weights[n - 1]) for n in _all()))
    ]
    assert sum(weights) > AUTHORISED
    _never_more_never_less(bodies, await _ledger(border))
    assert {tuple(body["reasons"]) for body in bodies if body["outcome"] == "refused"} == {("CH07",)}
    await _some_withdraw_while_others_come_again(border, bodies)


async def _some_withdraw_while_others_come_again(border: Border, bodies: list[dict[str, Any]]) -> None:
    out = [body for body in bodies if body["outcome"] == "released"][::3]
    stopped = [body for body in bodies if body["outcome"] == "refused"]
    back = [
        _insist(border, f"/v1/declarations/{body['declaration_id']}/withdrawal", {"reason": "No vessel"})
        for body in out
    ]
    again = [_load(border, body["shipment"], body["net_kg"]) for body in stopped]
    answers = await asyncio.gather(*back, *again)
    assert {answer.status_code for answer in answers} == {200, 201}
    # Who came before the others had withdrawn comes once more: now it fits, or nothing does.
    last = [answer.json() for answer in answers[len(back) :] if answer.json()["outcome"] == "refused"]
    final = [(await _load(border, body["shipment"], body["net_kg"])).json() for body in last]
    ledger = await _ledger(border)
    assert ledger["available_kg"] >= 0
    assert all(body["net_kg"] > ledger["available_kg"] for body in final if body["outcome"] == "refused")


def _never_more_never_less(bodies: list[dict[str, Any]], ledger: dict[str, Any]) -> None:
    released = sum(body["net_kg"] for body in bodies if body["outcome"] == "released")
    assert ledger["consumed_kg"] == released <= AUTHORISED
    assert ledger["available_kg"] == AUTHORISED - released
    # Nothing was given back, so what was free only fell: a refused load fitted at no moment.
    assert all(body["net_kg"] > ledger["available_kg"] for body in bodies if body["outcome"] == "refused")


async def _load(border: Border, shipment: int, kg: int) -> Any:
    """Busy is not refused: whoever is told to come again sends the same command with the same key."""
    changes = {"shipment": shipment, "net_kg": kg, "ucr": f"UCR-{shipment}"}
    body = story.declared(movement_number=f"{story.NUMBER}.{shipment:06d}", **changes)
    written = body.model_dump(mode="json", exclude={"declaration_id"})
    return await _insist(border, "/v1/declarations", written)


async def _insist(border: Border, path: str, body: dict[str, Any]) -> Any:
    headers = border.headers("CA", "CAMTR001", "customs") | {"Idempotency-Key": str(uuid4())}
    for _ in range(20):
        answer = await border.http.post(path, json=body, headers=headers)
        if not _told_to_come_again(answer):
            return answer
    raise AssertionError(f"still busy: {answer.text}")


async def _ledger(border: Border) -> dict[str, Any]:
    return dict((await border.get(f"/v1/ledger/{story.CASE}")).json())


def _all() -> range:
    return range(1, CLIENTS + 1)


async def test_sixty_four_clients_in_one_process(border: Border) -> None:
    await sixty_four_loads_at_once(border, seed=64)


@pytest.mark.postgres
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_sixty_four_clients_on_a_server(tmp_path: Path, postgres_url: str, seed: int) -> None:
    async with border_in(tmp_path, PIC_CUSTOMS_GATEWAY_DATABASE_URL=postgres_url) as border:
        await sixty_four_loads_at_once(border, seed)


def _told_to_come_again(answer: httpx.Response) -> bool:
    """No connection was free, or the gateway has not heard yet what the client has seen elsewhere."""
    return answer.status_code == 503 or (
        answer.status_code == 409
        and answer.json()["rule"] == "NOT_YET_KNOWN"
        and "Retry-After" in answer.headers
    )
