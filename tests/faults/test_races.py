"""Races of the domain on PostgreSQL: two sides against each other, many times, one lawful outcome."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest

from pic_exchange.embedded import EmbeddedExchange
from pic_exchange.places import SECRET_VARIABLE
from pic_exchange.serve import listening_socket, server_for
from pic_kit.consumer import Consumer
from pic_kit.runtime import Runtime
from pic_kit.settings import Settings
from pic_kit.transaction import Transaction
from pic_kit.worlds import set_clock
from pic_replay.exchange import Exchange, Reply, World
from tests.faults.stories import Story
from tests.support.exchanges import SECRET
from tests.support.postgres import Postgres

pytestmark = [pytest.mark.postgres, pytest.mark.faults]

RUNS = int(os.environ.get("PIC_RACE_RUNS", "8"))
STORES = ("NOTIFIER", "CONSENT", "CUSTOMS_GATEWAY", "DESK", "WINDOW")
S01, S05 = "s01-single-shipment", "s05-tacit-transit"
DECLARE = "Export declaration in Montreal"
DECISIONS = "/consent/v1/notifications/{number}/decisions"
PERMIT = "Canada issues the export permit"
WITHDRAWAL = "/consent/v1/notifications/{number}/withdrawal"
WITHDRAWN = {
    "ground": "documents",
    "text": "Loads were treated otherwise than the documents say",
    "in_transit": "continue",
    "signatory": "Els Wouters",
}
CANCELLATION = "/notifier/v1/notifications/{number}/movements/1/cancellation"
DECIDED = "pic.decision.taken.v1"
TRANSIT_OBJECTION = {"verdict": "objection", "grounds": [{"letter": "a"}], "signatory": "A. Transit"}
OBJECTION = {"verdict": "objection", "grounds": [{"letter": "j"}], "signatory": "Els Wouters"}


@dataclass
class House:
    """Every service in this process, each with a database of its own on PostgreSQL."""

    client: Exchange
    running: EmbeddedExchange

    def runtime(self, service: str) -> Runtime:
        runtime: Runtime = self.running.services[service].state.runtime
        return runtime

    async def case(self, world: World, number: str) -> dict[str, Any]:
        found: dict[str, Any] = await world.look(f"/v1/cases/{number.replace(' ', '%20')}")
        return found


@pytest.fixture
async def house(postgres: Postgres, tmp_path: Path) -> AsyncIterator[House]:
    databases = {f"PIC_{store}_DATABASE_URL": postgres.fresh_database() for store in STORES}
    own = {"PIC_DATA": str(tmp_path), SECRET_VARIABLE: SECRET}
    with listening_socket("127.0.0.1", 0) as listener:
        async with EmbeddedExchange(Settings.from_environment({**own, **databases})).running() as running:
            server = server_for(running.app)
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            async with Exchange(f"http://127.0.0.1:{listener.getsockname()[1]}", SECRET) as client:
                yield House(client, running)
            server.should_exit = True
            await serving


@pytest.fixture
def exchange(house: House) -> Exchange:
    return house.client


def rules(reply: Reply) -> set[str]:
    return {error["rule"] for error in reply.body.get("errors", [])}


async def both(turn: int, **sides: Coroutine[Any, Any, Any]) -> dict[str, Any]:
    """The two sides against each other, from run to run with another head start.

    In every second run they are sent at once, in every other the later one when the first is answered: then
    the first one's message is on its way.
    """
    first, second = sorted(sides, reverse=turn % 4 in (1, 2))
    if turn % 2:
        return {first: await sides[first], second: await sides[second]}
    answers = await asyncio.gather(sides[first], sides[second])
    return dict(zip((first, second), answers, strict=True))


def types(case: dict[str, Any]) -> list[str]:
    return [entry["type"] for entry in case["timeline"]]


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
        objection = story.order("import-authority", DECISIONS, OBJECTION)
        replies = await both(
            turn, authorised=story.send(world, permit), objected=story.send(world, objection)
        )
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


async def test_an_objection_against_a_release_is_known_to_it_or_comes_to_light_after_it(
    exchange: Exchange, house: House
) -> None:
    for turn in range(RUNS):
        story = Story(exchange, S01, f"release-{uuid4().hex[:8]}")
        world = await story.until(DECLARE)
        await world.move_clock("2026-07-20")
        objection = story.order("import-authority", DECISIONS, OBJECTION)
        replies = await both(
            turn,
            declared=story.send(world, story.step(DECLARE)),
            objected=story.send(world, objection),
        )
        declared, objected = replies["declared"], replies["objected"]
        assert await world.settle() == []
        registry = await world.look(f"/customs/v1/registry/{story.number}")
        assert declared.status == 201
        if objected.status != 201:
            assert rules(objected)
            assert (declared.body["outcome"], registry["state"]) == ("released", "AUTHORISED")
            continue
        assert registry["state"] == "OBJECTED"
        # Belgium's objection is its third word in this case; a release names that it had not read it.
        said = [e for e in (await house.case(world, story.number))["timeline"] if e["type"] == DECIDED][-1]
        known = declared.body["knowledge"].get("/consent/BE", 0)
        assert (declared.body["outcome"] == "released") == (known < said["sequence"])


async def test_a_withdrawal_against_an_authorisation_ends_in_no_authorisation_in_force(
    exchange: Exchange, house: House
) -> None:
    for turn in range(RUNS):
        story = Story(exchange, S01, f"withdrawn-{uuid4().hex[:8]}")
        world = await story.until(PERMIT)
        await world.move_clock("2026-06-29")
        replies = await both(
            turn,
            authorised=story.send(world, story.step(PERMIT)),
            withdrawn=story.send(world, story.order("import-authority", WITHDRAWAL, WITHDRAWN)),
        )
        assert replies["withdrawn"].status < 300, replies["withdrawn"].body
        assert await world.settle() == []
        registry = await world.look(f"/customs/v1/registry/{story.number}")
        assert registry["state"] != "AUTHORISED"
        await world.move_clock("2026-07-14")
        announced = await story.send(world, story.step("The exporter announces the shipment"))
        assert announced.status in (409, 422)
        assert rules(announced)
        assert replies["authorised"].status < 300 or rules(replies["authorised"])


async def test_a_withdrawal_against_a_release_is_known_to_it_or_comes_to_light_after_it(
    exchange: Exchange, house: House
) -> None:
    for turn in range(RUNS):
        story = Story(exchange, S01, f"called-back-{uuid4().hex[:8]}")
        world = await story.until(DECLARE)
        await world.move_clock("2026-07-20")
        replies = await both(
            turn,
            declared=story.send(world, story.step(DECLARE)),
            withdrawn=story.send(world, story.order("import-authority", WITHDRAWAL, WITHDRAWN)),
        )
        declared = replies["declared"]
        assert (declared.status, replies["withdrawn"].status // 100) == (201, 2), replies["withdrawn"].body
        assert await world.settle() == []
        timeline = (await house.case(world, story.number))["timeline"]
        said = [entry for entry in timeline if entry["type"] == "pic.consent.withdrawn.v1"][-1]
        known = declared.body["knowledge"].get("/consent/BE", 0)
        assert (declared.body["outcome"] == "released") == (known < said["sequence"])
        assert (await world.look(f"/customs/v1/registry/{story.number}"))["state"] != "AUTHORISED"


async def test_a_cancellation_against_a_release_ends_in_one_of_the_two(
    exchange: Exchange, house: House
) -> None:
    for turn in range(RUNS):
        story = Story(exchange, S01, f"cancelled-{uuid4().hex[:8]}")
        world = await story.until(DECLARE)
        await world.move_clock("2026-07-20")
        cancellation = story.order("exporter", CANCELLATION, {"reason": "The recycler has no place"})
        replies = await both(
            turn,
            declared=story.send(world, story.step(DECLARE)),
            cancelled=story.send(world, cancellation),
        )
        assert replies["cancelled"].status == 202
        assert await world.settle() == []
        registry = await world.look(f"/customs/v1/registry/{story.number}")
        granted = "pic.cancellation.granted.v1" in types(await house.case(world, story.number))
        released = replies["declared"].status == 201 and replies["declared"].body["outcome"] == "released"
        # Released: the office that released it answers. Cancelled: nothing was released, nothing is used up.
        assert granted != released
        assert registry["ledger"]["consumed_kg"] == (25000 if released else 0)


async def test_an_objection_against_the_silence_that_is_recorded_this_moment_wins(
    exchange: Exchange, house: House
) -> None:
    for turn in range(RUNS):
        story = Story(exchange, S05, f"silent-{uuid4().hex[:8]}")
        world = await story.until("The sixtieth day ends")
        await world.settle()
        midnight = datetime(2026, 8, 1, 23, 59, 59, tzinfo=UTC)
        runtimes = [*map(house.runtime, house.running.services), house.running.window.desk]
        for runtime in runtimes:
            await runtime.write(partial(_at, world.id, midnight))
        objection = story.order("transit-authority", DECISIONS, TRANSIT_OBJECTION)
        replies = await both(
            turn,
            fired=house.runtime("notifier").fire_due(world.id, midnight),
            objected=story.send(world, objection),
        )
        assert replies["objected"].status == 201, replies["objected"].body
        assert await world.settle() == []
        await house.runtime("notifier").fire_due(world.id, midnight)
        assert await world.settle() == []
        case = await house.case(world, story.number)
        assert types(case).count("pic.silence.recorded.v1") <= replies["fired"]
        # Whichever came first, the authority's own word is newer than its silence.
        registry = await world.look(f"/customs/v1/registry/{story.number}")
        assert (case["state"], registry["state"]) == ("OBJECTED", "OBJECTED")
        permit = await story.send(world, story.step("Canada issues its permit"))
        assert permit.status in (409, 422)
        assert rules(permit)


async def test_a_gateway_that_is_stale_releases_nothing_while_others_object(
    exchange: Exchange, house: House
) -> None:
    customs = house.runtime("customs").consumer
    assert customs is not None
    for turn in range(RUNS):
        story = Story(exchange, S01, f"stale-{uuid4().hex[:8]}")
        world = await story.until(DECLARE)
        await world.move_clock("2026-07-20")
        await world.settle()
        with cut_off(customs):
            replies = await both(
                turn,
                declared=story.send(world, story.step(DECLARE)),
                objected=story.send(world, story.order("import-authority", DECISIONS, OBJECTION)),
            )
        declared = replies["declared"]
        assert (declared.status, declared.body["outcome"]) == (201, "held")
        assert "REGISTRY_STALE" in declared.body["reasons"]
        assert await world.settle() == []
        again = f"/customs/v1/declarations/{declared.body['declaration_id']}/reassessment"
        found = await story.send(world, story.order("export-customs", again, {}))
        released = found.status == 200 and found.body["outcome"] == "released"
        assert released == (replies["objected"].status != 201)


@contextmanager
def cut_off(consumer: Consumer) -> Iterator[None]:
    """It has heard nothing for an hour, and hears nothing until the end of this block."""
    may_read, read_once = asyncio.Event(), consumer.read_once

    async def waits(wait: float = 1.0) -> int:
        await may_read.wait()
        return await read_once(wait)

    contact = consumer.last_contact
    with (
        patch.object(consumer, "read_once", waits),
        patch.object(consumer, "seconds_since_contact", lambda: 3600.0),
    ):
        yield
    consumer.last_contact = contact
    may_read.set()


async def _at(world: str, now: datetime, transaction: Transaction) -> None:
    await set_clock(transaction.connection, world, now, moving=False)
