"""What waits or was parked, as an operator meets it: listed, explained, retried, skipped, written down."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pic_kit.bus.base import Record
from pic_kit.inbox import NotYet
from pic_kit.tables import heard, interventions, waiting
from pic_kit.transaction import Work
from pic_schemas.envelope import Event, to_binary
from pic_schemas.messages import NotificationDrafted
from tests.support.tiny_exchange.exchange import WORLD, TinyExchange, case_id

CASE, OTHER = case_id("case"), case_id("other")
DRAFTED = NotificationDrafted(exporter="CA-PLASTIX")
WHY = {"reason": "agreed with Montreal by telephone"}


def drafted(exchange: TinyExchange, count: int, case: str = CASE) -> list[Event]:
    return [exchange.event(DRAFTED, case=case) for _ in range(count)]


async def ask(exchange: TinyExchange, method: str, path: str, **what: Any) -> httpx.Response:
    who = {"roles": ["operator"], "world": "", "agency": "operator"}
    async with exchange.client(exchange.desk, **who) as client:
        return await client.request(method, path, **what)


async def last_heard(exchange: TinyExchange) -> int:
    rows = await exchange.rows(exchange.desk, heard, heard.c.case_id == CASE)
    return int(rows[0].last)


async def test_a_gap_is_explained_by_the_sequences_that_are_missing(exchange: TinyExchange) -> None:
    events = drafted(exchange, 5)
    await exchange.hear(exchange.desk, events[0], events[3], events[4])
    listed = (await ask(exchange, "GET", "/v1/waiting")).json()
    assert [(one["sequence"], one["reason"]) for one in listed] == [(4, "GAP"), (5, "CASE_WAITS")]
    found = (await ask(exchange, "GET", f"/v1/waiting/{listed[0]['id']}")).json()
    assert (found["missing"], found["behind"], found["world"]) == ([2, 3], 1, WORLD)
    assert found["skip_gives_up"] == "the missing 2, 3 of /outside/CA"


async def test_skipping_a_gap_applies_what_waited_behind_it_and_is_written_down(
    exchange: TinyExchange,
) -> None:
    events = drafted(exchange, 4)
    await exchange.hear(exchange.desk, events[0], events[2], events[3])
    first = (await ask(exchange, "GET", "/v1/waiting")).json()[0]
    answer = await ask(exchange, "POST", f"/v1/waiting/{first['id']}/skip", json=WHY)
    assert answer.json() == {"done": True}
    assert await exchange.rows(exchange.desk, waiting) == []
    assert await last_heard(exchange) == 4
    audit = (await ask(exchange, "GET", "/v1/interventions")).json()
    assert [(one["action"], one["reason"], one["who"]) for one in audit] == [
        ("SKIP", WHY["reason"], "CA/operator")
    ]
    # What was given up comes after all: it is late, not new.
    await exchange.hear(exchange.desk, events[1])
    assert await exchange.rows(exchange.desk, waiting) == []


async def test_the_first_of_a_case_is_skipped_before_those_behind_it(exchange: TinyExchange) -> None:
    events = drafted(exchange, 4)
    await exchange.hear(exchange.desk, events[0], events[2], events[3])
    second = (await ask(exchange, "GET", "/v1/waiting")).json()[1]
    answer = await ask(exchange, "POST", f"/v1/waiting/{second['id']}/skip", json=WHY)
    assert (answer.status_code, answer.json()["rule"]) == (409, "NOT_THE_FIRST")


async def test_a_refused_message_is_retried_when_its_cause_is_gone_or_skipped(exchange: TinyExchange) -> None:
    refuse = {"while": True}

    @exchange.desk_hears.on(NotificationDrafted)
    async def picky(work: Work, event: Event, message: Any) -> None:
        if refuse["while"]:
            raise NotYet("the register is closed", reason="REGISTER_CLOSED")

    await exchange.hear(exchange.desk, *drafted(exchange, 2), *drafted(exchange, 1, OTHER))
    one, _, other = (await ask(exchange, "GET", "/v1/waiting")).json()
    assert one["reason"] == "REGISTER_CLOSED"
    refused = await ask(exchange, "POST", f"/v1/waiting/{one['id']}/retry", json=WHY)
    assert refused.json() == {"done": False}
    skipped = await ask(exchange, "POST", f"/v1/waiting/{other['id']}/skip", json=WHY)
    assert skipped.json() == {"done": True}
    refuse["while"] = False
    applied = await ask(exchange, "POST", f"/v1/waiting/{one['id']}/retry", json=WHY)
    assert applied.json() == {"done": True}
    assert await exchange.rows(exchange.desk, waiting) == []
    audit = await exchange.rows(exchange.desk, interventions)
    assert [row.action for row in audit] == ["RETRY", "SKIP", "RETRY"]


async def test_a_parked_record_is_shown_as_it_came_and_put_away_with_a_reason(exchange: TinyExchange) -> None:
    binary = to_binary(drafted(exchange, 1)[0])
    await exchange.bus.publish([Record("pic.cases", binary.key, binary.headers, b"{broken")])
    await exchange.read_all(exchange.desk)
    (line,) = (await ask(exchange, "GET", "/v1/parked")).json()
    found = (await ask(exchange, "GET", f"/v1/parked/{line['id']}")).json()
    assert (found["body"], found["headers"]["ce_type"]) == ("{broken", DRAFTED.type)
    again = await ask(exchange, "POST", f"/v1/parked/{line['id']}/retry", json=WHY)
    assert again.json() == {"done": False}
    away = await ask(exchange, "POST", f"/v1/parked/{line['id']}/skip", json=WHY)
    assert away.json() == {"done": True}
    assert (await ask(exchange, "GET", "/v1/parked")).json() == []
    audit = await exchange.rows(exchange.desk, interventions)
    assert [row.action for row in audit] == ["RETRY", "SKIP"]
    assert "{broken" in audit[1].message


async def test_a_parked_record_that_can_be_read_now_is_applied_late(
    exchange: TinyExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    applied: list[int] = []

    @exchange.desk_hears.on_any
    async def note(work: Work, event: Event, message: Any) -> None:
        applied.append(event.sequence)

    first, second = drafted(exchange, 2)
    with monkeypatch.context() as old_program:
        old_program.setattr("pic_kit.arrivals.TYPE_LENGTH", 3)
        await exchange.hear(exchange.desk, first)
    await exchange.hear(exchange.desk, second)
    assert applied == [2]
    (line,) = (await ask(exchange, "GET", "/v1/parked")).json()
    answer = await ask(exchange, "POST", f"/v1/parked/{line['id']}/retry", json=WHY)
    assert (answer.json(), applied) == ({"done": True}, [2, 1])
    assert await last_heard(exchange) == 2


async def test_only_operators_and_the_exchange_itself_may_look_or_intervene(exchange: TinyExchange) -> None:
    await exchange.hear(exchange.desk, drafted(exchange, 2)[1])
    async with exchange.client(exchange.desk, ["observer", "exporter"]) as client:
        assert (await client.get("/v1/waiting")).status_code == 403
    async with exchange.client(exchange.desk, ["exchange"], world="elsewhere") as client:
        assert (await client.get("/v1/waiting")).json() == []
        assert (await client.post("/v1/waiting/1/skip", json=WHY)).status_code == 404


async def test_an_intervention_without_a_reason_is_refused(exchange: TinyExchange) -> None:
    await exchange.hear(exchange.desk, drafted(exchange, 2)[1])
    number = (await ask(exchange, "GET", "/v1/waiting")).json()[0]["id"]
    answer = await ask(exchange, "POST", f"/v1/waiting/{number}/skip", json={"reason": ""})
    assert answer.status_code == 422
