"""Messages that leave late on order: the same ones for the same seed, each case by itself, none lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from pic_kit.activity import activity, clock_set, holds_ordered
from pic_kit.holding import EARLIER, HoldOrder
from pic_schemas.envelope import Event
from tests.support.tiny_exchange import services
from tests.support.tiny_exchange.exchange import START, WORLD, TinyExchange, case_id

DAY = timedelta(days=1)
CASE = case_id("first")


def said(sequence: int, *, run: str = "one", type_: str = "pic.decision.taken.v1") -> Event:
    identity = uuid5(NAMESPACE_URL, f"{run}{sequence}")
    return Event(
        id=identity,
        source="/consent/BE",
        type=type_,
        time=datetime(2026, 6, 1, tzinfo=UTC),
        world=WORLD,
        case=str(identity),
        sequence=sequence,
        sender="BE/competent-authority/BE001",
        recordedtime=datetime(2026, 6, 1, tzinfo=UTC),
        causationid=identity,
        data={},
    )


def test_the_same_seed_holds_the_same_places_whatever_ids_a_run_makes_up() -> None:
    def held(seed: int, run: str) -> list[bool]:
        order = HoldOrder(seed=seed, delay=0.5)
        return [order.delays(said(number, run=run)) for number in range(1, 40)]

    assert held(7, "one") == held(7, "other")
    assert held(7, "one") != held(8, "one")
    assert 5 < sum(held(7, "one")) < 35


def test_only_the_named_types_are_held() -> None:
    order = HoldOrder(delay=1, only=("pic.decision.taken.v1",))
    assert order.delays(said(1))
    assert not order.delays(said(1, type_="pic.consent.withdrawn.v1"))


async def several(exchange: TinyExchange, messages: int) -> None:
    await exchange.lodge(CASE)
    for number in range(1, messages):
        await exchange.work(
            exchange.lodging, lambda work: services.change(work, CASE), cause=f"change {number}"
        )


async def test_what_is_delayed_leaves_on_its_day_and_its_case_behind_it(exchange: TinyExchange) -> None:
    lodging = exchange.lodging
    await holds_ordered(lodging, WORLD, HoldOrder(delay=1, days=3))
    await several(exchange, 3)
    assert await lodging.relay.publish_batch() == 0
    look = await activity(lodging, WORLD)
    assert (look.unpublished, len(look.held), look.next_due) == (0, 3, START + 3 * DAY - EARLIER)

    await clock_set(lodging, WORLD, START + 3 * DAY, moving=False)
    assert await lodging.relay.publish_batch() == 3
    assert (await activity(lodging, WORLD)).held == []


async def test_what_was_dropped_leaves_a_gap_and_is_sent_again(exchange: TinyExchange) -> None:
    lodging = exchange.lodging
    await holds_ordered(lodging, WORLD, HoldOrder(drop=0.5, days=3))
    await several(exchange, 8)
    look = await activity(lodging, WORLD)
    assert 0 < len(look.held) < 8
    assert await lodging.relay.publish_batch() == 8 - len(look.held)
    await exchange.read_all(exchange.desk)
    assert (await activity(exchange.desk, WORLD)).waiting != []

    await holds_ordered(lodging, WORLD, HoldOrder())
    assert await lodging.relay.publish_batch() == len(look.held)
    await exchange.deliver()
    assert await exchange.quiet()
