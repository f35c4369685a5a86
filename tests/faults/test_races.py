"""Races of the domain on PostgreSQL: two sides against each other, many times, one lawful outcome."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from pic_exchange.embedded import EmbeddedExchange
from pic_exchange.places import SECRET_VARIABLE
from pic_exchange.serve import listening_socket, server_for
from pic_kit.settings import Settings
from pic_replay.exchange import Exchange, Reply
from tests.faults.stories import Story
from tests.support.exchanges import SECRET
from tests.support.postgres import Postgres

pytestmark = [pytest.mark.postgres, pytest.mark.faults]

RUNS = int(os.environ.get("PIC_RACE_RUNS", "8"))
STORES = ("NOTIFIER", "CONSENT", "CUSTOMS_GATEWAY", "DESK", "WINDOW")
S01 = "s01-single-shipment"
OBJECTION = {"verdict": "objection", "grounds": [{"letter": "j"}], "signatory": "Els Wouters"}


@pytest.fixture
async def exchange(postgres: Postgres, tmp_path: Path) -> AsyncIterator[Exchange]:
    """Every service in this process, each with a database of its own on PostgreSQL."""
    databases = {f"PIC_{store}_DATABASE_URL": postgres.fresh_database() for store in STORES}
    own = {"PIC_DATA": str(tmp_path), SECRET_VARIABLE: SECRET}
    with listening_socket("127.0.0.1", 0) as listener:
        async with EmbeddedExchange(Settings.from_environment({**own, **databases})).running() as running:
            server = server_for(running.app)
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            async with Exchange(f"http://127.0.0.1:{listener.getsockname()[1]}", SECRET) as client:
                yield client
            server.should_exit = True
            await serving


def rules(reply: Reply) -> set[str]:
    return {error["rule"] for error in reply.body.get("errors", [])}


async def test_of_two_prenotifications_for_the_last_quantity_one_is_refused(exchange: Exchange) -> None:
    for _ in range(RUNS):
        story = Story(exchange, S01, f"last-{uuid4().hex[:8]}")
        world = await story.until("The exporter announces the shipment")
        await world.move_clock("2026-07-14")
        announce = story.step("The exporter announces the shipment")
        replies = await asyncio.gather(*(story.send(world, announce) for _ in range(3)))
        assert sorted(reply.status for reply in replies)[:1] == [201]
        assert [reply.status for reply in replies].count(201) == 1
        assert all(reply.status in (409, 422) for reply in replies if reply.status != 201)
        assert await world.settle() == []
        case = await world.look(f"/v1/cases/{story.number.replace(' ', '%20')}")
        assert len(case["movements"]) == 1


async def test_an_objection_against_an_authorisation_ends_in_no_release(exchange: Exchange) -> None:
    for turn in range(RUNS):
        story = Story(exchange, S01, f"against-{uuid4().hex[:8]}")
        world = await story.until("Canada issues the export permit")
        await world.move_clock("2026-06-29")
        permit = story.step("Canada issues the export permit")
        objection = story.order("import-authority", "/consent/v1/notifications/{number}/decisions", OBJECTION)
        sides = {"authorised": permit, "objected": objection}
        # The one that is sent first has a head start; it changes from run to run.
        order = sorted(sides, reverse=bool(turn % 2))
        answers = await asyncio.gather(*(story.send(world, sides[side]) for side in order))
        replies = dict(zip(order, answers, strict=True))
        authorised, objected = replies["authorised"], replies["objected"]
        assert await world.settle() == []
        registry = await world.look(f"/customs/v1/registry/{story.number}")
        if objected.status == 201:
            assert registry["state"] == "OBJECTED"
            assert registry["ledger"]["available_kg"] == 0
        else:
            assert authorised.status < 300
            assert registry["state"] == "AUTHORISED"
        assert authorised.status < 300 or rules(authorised)
