"""Rules 5 and 6: exactly once, nothing dropped, nothing that blocks the others."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, text

from pic_kit.activity import activity
from pic_kit.bus.base import Record
from pic_kit.database import is_transient
from pic_kit.inbox import NotYet
from pic_kit.tables import heard, interventions, outbox, parked, streams, timers, waiting
from pic_kit.transaction import Work
from pic_schemas.envelope import Event, to_binary
from pic_schemas.messages import GuaranteeLodged, NotificationDrafted
from pic_schemas.refusal import Refused
from tests.kit.conftest import KAFKA, LAPTOP, POSTGRES
from tests.support.tiny_exchange import services
from tests.support.tiny_exchange.exchange import START, WORLD, TinyExchange, case_id
from tests.support.tiny_exchange.tables import guarantees

CASE, OTHER = case_id("case"), case_id("other")
EVERYTHING = (guarantees, outbox, streams, heard, timers, waiting, parked)
DRAFTED = NotificationDrafted(exporter="CA-PLASTIX")


@pytest.fixture(autouse=True)
def journal(exchange: TinyExchange) -> None:
    """The desk writes down what it applies, in the same transaction."""

    @exchange.desk_hears.on_any
    async def note(work: Work, event: Event, message: Any) -> None:
        row = {"action": "applied", "reason": "", "who": event.source, "message": str(event.sequence)}
        await work.connection.execute(insert(interventions).values(**row, case_id=event.case, at=START))


async def applied(exchange: TinyExchange, *cases: str) -> list[tuple[str, int]]:
    """(producer, sequence) of what the desk applied, of these cases or of all, in order."""
    where = [interventions.c.case_id.in_(cases)] if cases else []
    rows = await exchange.rows(exchange.desk, interventions, *where)
    return [(row.who, int(row.message)) for row in rows]


async def states(exchange: TinyExchange) -> list[tuple[int, str]]:
    return [(row.sequence, row.reason) for row in await exchange.rows(exchange.desk, waiting)]


@pytest.mark.parametrize("ground", [LAPTOP, POSTGRES])
async def test_the_whole_log_delivered_again_changes_nothing(exchange: TinyExchange) -> None:
    for number in range(3):
        await exchange.lodge(case_id(f"case {number}"))
    await exchange.work(exchange.lodging, lambda w: services.change(w, case_id("case 0")), cause="change")
    await exchange.deliver()
    assert exchange.desk.consumer is not None
    before = await exchange.contents(exchange.desk, *EVERYTHING)
    assert len(before[1]) == 4
    log = await exchange.log()
    for _ in range(2):
        await exchange.desk.consumer.handle(log)
        for record in reversed(log):
            await exchange.desk.consumer.handle([record])
    assert await exchange.contents(exchange.desk, *EVERYTHING) == before


async def test_when_what_was_heard_is_lost_the_outbox_knows_what_was_handled(exchange: TinyExchange) -> None:
    await exchange.lodge(CASE)
    for number in range(3):
        await exchange.work(exchange.lodging, partial(services.change, case=CASE), cause=f"{number}")
    await exchange.deliver()
    before = await exchange.contents(exchange.desk, *EVERYTHING)

    async def forget(transaction: Any) -> None:
        await transaction.connection.execute(heard.delete())

    await exchange.desk.write(forget)
    assert exchange.desk.consumer is not None
    await exchange.desk.consumer.handle(await exchange.log())
    assert await exchange.contents(exchange.desk, *EVERYTHING) == before


async def test_a_gap_is_seen_and_what_fills_it_releases_in_order(exchange: TinyExchange) -> None:
    first, second, third, fourth = (exchange.event(DRAFTED, case=CASE) for _ in range(4))
    await exchange.hear(exchange.desk, first, fourth, third)
    assert await states(exchange) == [(4, "GAP"), (3, "CASE_WAITS")]
    await exchange.hear(exchange.desk, second)
    assert [sequence for _, sequence in await applied(exchange)] == [1, 2, 3, 4]
    assert await states(exchange) == []


async def test_what_a_handler_refuses_waits_while_other_cases_flow(exchange: TinyExchange) -> None:
    ready = [False]

    @exchange.desk_hears.on(NotificationDrafted)
    async def refuse(work: Work, event: Event, message: Any) -> None:
        if event.case == CASE and event.sequence == 2 and not ready[0]:
            raise Refused.conflict(services.refusal("NOT_NOW", "not yet"))

    events = [exchange.event(DRAFTED, case=CASE) for _ in range(4)]
    others = [exchange.event(DRAFTED, case=OTHER) for _ in range(3)]
    await exchange.hear(exchange.desk, *events[:3], *others)
    assert (await applied(exchange)).count(("/outside/CA", 3)) == 1  # of the other case
    assert await states(exchange) == [(2, "NOT_NOW"), (3, "CASE_WAITS")]
    found = await activity(exchange.desk, WORLD)
    assert found.waiting[0].detail == "not yet (Basel Art. 6(11))"
    ready[0] = True
    await exchange.hear(exchange.desk, events[3])
    assert await states(exchange) == []
    assert [sequence for _, sequence in await applied(exchange)] == [1, 1, 2, 3, 2, 3, 4]


async def test_a_cure_that_comes_from_another_producer_is_applied_before_what_waits(
    exchange: TinyExchange,
) -> None:
    known: set[str] = set()

    @exchange.desk_hears.on(NotificationDrafted)
    async def learn(work: Work, event: Event, message: Any) -> None:
        if event.source == "/cure/BE" and event.sequence == 2:
            known.add(event.case or "")

    @exchange.desk_hears.on(GuaranteeLodged)
    async def needs(work: Work, event: Event, message: Any) -> None:
        if event.case not in known:
            raise NotYet("no draft is known", [NotificationDrafted.type])

    early = [exchange.event(services.lodged(n), case=CASE) for n in (1, 2)]
    cures = [exchange.event(DRAFTED, case=CASE, source="/cure/BE") for _ in range(2)]
    await exchange.hear(exchange.desk, *early)
    assert await states(exchange) == [(1, "NOT_YET"), (2, "CASE_WAITS")]
    await exchange.hear(exchange.desk, *cures)
    assert await applied(exchange) == [
        ("/cure/BE", 1),
        ("/cure/BE", 2),
        ("/outside/CA", 1),
        ("/outside/CA", 2),
    ]
    assert await states(exchange) == []


async def test_a_defect_of_a_reaction_waits_with_its_error_and_a_restart_tries_it_again(
    exchange: TinyExchange,
) -> None:
    broken = [True]

    @exchange.desk_hears.on(NotificationDrafted)
    async def fail(work: Work, event: Event, message: Any) -> None:
        if broken:
            raise KeyError("a defect")

    await exchange.hear(exchange.desk, exchange.event(DRAFTED, case=CASE))
    assert await states(exchange) == [(1, "REACTION_FAILED")]
    broken.clear()
    assert exchange.desk.consumer is not None
    await exchange.desk.consumer.close()
    await exchange.read_all(exchange.desk)
    assert await states(exchange) == []
    assert await applied(exchange) == [("/outside/CA", 1)]


async def test_a_defect_that_only_the_database_notices_does_not_stop_the_others(
    exchange: TinyExchange,
) -> None:
    @exchange.desk_hears.on(NotificationDrafted)
    async def break_a_constraint(work: Work, event: Event, message: Any) -> None:
        if event.case == CASE:
            values = {"world": WORLD, "case_id": CASE, "version": 1, "doc": None, "state": "x"}
            await work.connection.execute(guarantees.insert().values(values))

    await exchange.hear(
        exchange.desk, exchange.event(DRAFTED, case=CASE), exchange.event(DRAFTED, case=OTHER)
    )
    assert await states(exchange) == [(1, "REACTION_FAILED")]
    assert await applied(exchange) == [("/outside/CA", 1)]


def broken(event: Event, *, value: bytes | None = b"no JSON", **headers: str) -> Record:
    """The record of an event, damaged on its way."""
    binary = to_binary(event)
    told = tuple((name, headers.get(name, raw.decode()).encode()) for name, raw in binary.headers)
    return Record("pic.cases", binary.key, told, binary.value if value is None else value)


@pytest.mark.parametrize("ground", [LAPTOP, POSTGRES, KAFKA])
@pytest.mark.parametrize(
    "damage",
    [
        {"value": b"no JSON"},
        {"value": b'{"exporter": 7}'},
        {"value": b'"text"'},
        {"value": None, "ce_type": "pic.nothing.known.v1"},
        {"value": None, "ce_time": "yesterday"},
        {"value": None, "ce_sender": "nobody"},
    ],
    ids=["no JSON", "wrong shape", "no object", "unknown type", "no time", "no address"],
)
async def test_what_cannot_be_read_is_parked_once_and_its_case_goes_on(
    exchange: TinyExchange, damage: dict[str, Any]
) -> None:
    case = case_id(f"{damage} {id(exchange)}")
    events = [exchange.event(DRAFTED, case=case) for _ in range(4)]
    bad = broken(events[1], **damage)
    await exchange.bus.publish([Record("pic.cases", *to_binary(events[0])), bad, bad])
    await exchange.hear(exchange.desk, events[2])
    await exchange.hear(exchange.desk, events[3])
    found = [row for row in await exchange.rows(exchange.desk, parked) if row.case_id == case]
    assert [row.event_id for row in found] == [str(events[1].id)]
    assert found[0].reason
    assert found[0].body == bad.value
    assert [sequence for _, sequence in await applied(exchange, case)] == [1, 3, 4]
    assert await exchange.rows(exchange.desk, waiting, waiting.c.case_id == case) == []


async def test_a_parked_message_at_the_end_counts_as_heard(exchange: TinyExchange) -> None:
    first, second = (exchange.event(DRAFTED, case=CASE) for _ in range(2))
    await exchange.hear(exchange.desk, first)
    await exchange.bus.publish([broken(second)])
    await exchange.read_all(exchange.desk)
    assert (await activity(exchange.desk, WORLD)).heard == {"/outside/CA": 2}


async def test_a_parked_message_behind_a_gap_waits_for_its_turn_to_count(exchange: TinyExchange) -> None:
    events = [exchange.event(DRAFTED, case=CASE) for _ in range(4)]
    await exchange.bus.publish([broken(events[2])])
    await exchange.hear(exchange.desk, events[3], events[1])
    assert await states(exchange) == [(4, "GAP"), (2, "CASE_WAITS")]
    await exchange.hear(exchange.desk, events[0])
    assert [sequence for _, sequence in await applied(exchange)] == [1, 2, 4]
    assert (await activity(exchange.desk, WORLD)).heard == {"/outside/CA": 4}


async def test_a_record_that_fills_a_gap_unreadably_releases_what_waited_for_it(
    exchange: TinyExchange,
) -> None:
    events = [exchange.event(DRAFTED, case=CASE) for _ in range(3)]
    await exchange.hear(exchange.desk, events[0], events[2])
    await exchange.bus.publish([broken(events[1])])
    await exchange.read_all(exchange.desk)
    assert [sequence for _, sequence in await applied(exchange)] == [1, 3]


@pytest.mark.parametrize(
    "stranger", [(), (("ce_world", b"\xff"),), (("ce_id", b"x"), ("ce_case", b"y" * 90))]
)
async def test_a_stranger_on_the_topic_is_parked_and_nobody_waits(
    exchange: TinyExchange, stranger: tuple[tuple[str, bytes], ...]
) -> None:
    await exchange.bus.publish([Record("pic.cases", b"key", stranger, b"\x00\xff")])
    await exchange.hear(exchange.desk, exchange.event(DRAFTED, case=CASE))
    assert len(await exchange.rows(exchange.desk, parked)) == 1
    assert await applied(exchange) == [("/outside/CA", 1)]


async def test_attributes_longer_than_the_contract_allows_are_parked_not_retried(
    exchange: TinyExchange,
) -> None:
    long_case = exchange.event(DRAFTED, case="x" * 60)
    long_source = exchange.event(DRAFTED, case=CASE, source="/" + "a" * 90 + "/CA")
    huge = replace_sequence(exchange.event(DRAFTED, case=OTHER), 2**70)
    await exchange.hear(exchange.desk, long_case, long_source, huge, exchange.event(DRAFTED, case=CASE))
    assert len(await exchange.rows(exchange.desk, parked)) == 3
    assert await applied(exchange) == [("/outside/CA", 1)]


def replace_sequence(event: Event, sequence: int) -> Event:
    return event.model_copy(update={"sequence": sequence})


@pytest.mark.parametrize("ground", [POSTGRES])
async def test_a_connection_lost_in_the_middle_is_retried_and_nothing_is_set_aside(
    exchange: TinyExchange,
) -> None:
    cut = [True]

    @exchange.desk_hears.on(NotificationDrafted)
    async def cut_once(work: Work, event: Event, message: Any) -> None:
        if cut:
            cut.clear()
            await work.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    await exchange.say(exchange.event(DRAFTED, case=CASE), exchange.event(DRAFTED, case=CASE))
    await retried(exchange)
    assert [sequence for _, sequence in await applied(exchange)] == [1, 2]


@pytest.mark.parametrize("ground", [LAPTOP])
async def test_a_full_disk_is_retried_and_nothing_is_set_aside(exchange: TinyExchange) -> None:
    await limit_pages(exchange, 1)
    await exchange.say(*(exchange.event(services.lodged(n + 1), case=case_id(str(n))) for n in range(300)))
    assert exchange.desk.consumer is not None
    with pytest.raises(Exception, match="full") as trouble:
        await exchange.desk.consumer.read_once(wait=0)
    assert is_transient(trouble.value)
    assert await applied(exchange) == []
    await limit_pages(exchange, 1_000_000)
    await exchange.desk.consumer.close()
    await exchange.read_all(exchange.desk)
    assert len(await applied(exchange)) == 300
    assert await exchange.contents(exchange.desk, waiting, parked) == [[], []]


async def limit_pages(exchange: TinyExchange, pages: int) -> None:
    async with exchange.desk.database.writing() as connection:
        await connection.execute(text(f"PRAGMA max_page_count = {pages}"))


async def retried(exchange: TinyExchange) -> None:
    """One reading fails as the database does, the next one succeeds; nothing waits or is parked."""
    assert exchange.desk.consumer is not None
    with pytest.raises(Exception) as trouble:  # noqa: PT011 - whatever the driver makes of it
        await exchange.desk.consumer.read_once(wait=0)
    assert is_transient(trouble.value)
    await exchange.desk.consumer.close()
    await exchange.read_all(exchange.desk)
    assert await exchange.contents(exchange.desk, waiting, parked) == [[], []]
