"""The service as its callers and its neighbours meet it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pic_schemas.messages import (
    ClockMoved,
    ContractConfirmed,
    DecisionTaken,
    MovementCompleted,
    MovementReceived,
    NotificationAcknowledged,
)
from tests.services.consent.case import (
    CASE,
    NUMBER,
    departed,
    entered,
    exited,
    notification,
    prenotified,
    transmitted,
)
from tests.services.consent.conftest import House, Process

BE = ("BE001", "BE", "competent-authority")
NL = ("NL001", "NL", "competent-authority")
GATE = ("BE-F7", "BE", "facility")
NOTIFIER, MONTREAL, ANTWERP = "/notifier/CA", "/customs-gateway/CA", "/customs-gateway/BE"
PATH = f"/v1/notifications/{NUMBER.replace(' ', '')}"


async def transmitted_to(house: House, process: Process, document: str = "s01-notification") -> None:
    await house.neighbours.open_world()
    message = transmitted(notification(document))
    process.position["last"] = await house.neighbours.say(NOTIFIER, message)


async def reviewing(house: House, process: Process) -> None:
    await transmitted_to(house, process)
    answer = await process.post(f"{PATH}/acknowledgement", process.as_(*BE))
    assert answer.status_code == 200, answer.text


async def let_in(house: House, process: Process) -> None:
    await house.neighbours.say(NOTIFIER, prenotified())
    await house.neighbours.say(NOTIFIER, departed())
    await house.neighbours.say(MONTREAL, exited())
    process.position["last"] = await house.neighbours.say(ANTWERP, entered())


async def move_clock(house: House, process: Process, days: int) -> datetime:
    house.neighbours.now += timedelta(days=days)
    process.position["last"] = await house.neighbours.say(
        "/single-window/exchange",
        ClockMoved(now=house.neighbours.now),
        case=None,
        sender="exchange/operator/exchange",
        recipients=(),
    )
    # Reading at that position waits until the clock has been heard.
    assert (await process.get("/v1/notifications", process.as_(*BE))).status_code == 200
    return house.neighbours.now


def verdict(word: str, **more: Any) -> dict[str, Any]:
    return {"verdict": word, "signatory": "Els Wouters"} | more


async def test_a_file_runs_from_the_inbox_to_the_certificate(house: House) -> None:
    process = await house.start()
    await transmitted_to(house, process)
    inbox = (await process.get("/v1/notifications", process.as_(*BE))).json()
    assert [(entry["number"], entry["state"], entry["waste_code"]) for entry in inbox["items"]] == [
        (NUMBER, "RECEIVED", "Y48")
    ]

    answer = await process.post(f"{PATH}/acknowledgement", process.as_(*BE))
    assert (answer.status_code, answer.json()["state"]) == (200, "IN_REVIEW")
    answer = await process.post(
        f"{PATH}/contract-confirmation", process.as_(*BE), {"contract_reference": "C-2026-118"}
    )
    assert answer.json()["contract_confirmed_on"] == "2026-06-08"
    answer = await process.post(
        f"{PATH}/decisions", process.as_(*BE), verdict("consent", valid_to="2027-05-31")
    )
    assert answer.status_code == 201, answer.text
    assert (answer.json()["version"], answer.json()["valid_to"]) == (1, "2027-05-31")

    await move_clock(house, process, 65)
    await let_in(house, process)
    answer = await process.post(
        f"{PATH}/movements/1/receipt",
        process.as_(*GATE),
        {"quantity": {"value": "24.9", "unit": "t"}, "expected_completion": "2026-09-15"},
    )
    assert (answer.status_code, answer.json()["received_kg"]) == (200, 24_900), answer.text
    assert answer.json()["receipt_due"]["article"] == "Art. 53(2)(e)"
    answer = await process.post(f"{PATH}/movements/1/certificate", process.as_(*GATE))
    assert (answer.status_code, answer.json()["state"]) == (200, "COMPLETED"), answer.text

    told = await house.said(
        NotificationAcknowledged.type,
        ContractConfirmed.type,
        DecisionTaken.type,
        MovementReceived.type,
        MovementCompleted.type,
        by="/consent/BE",
    )
    assert [event.sequence for event in told] == [1, 2, 3, 4, 5]
    assert told[0].data["decision_due_at"].startswith("2026-07-08")
    assert [event.sender for event in told[2:4]] == ["BE/competent-authority/BE001", "BE/facility/BE-F7"]
    for party in ("CA/exporter/CA-PLASTIX", "CA/competent-authority/CA001", "CA/customs/*"):
        assert all(party in event.recipients for event in told)


async def test_an_objection_on_a_ground_of_the_law_stands_and_another_does_not(house: House) -> None:
    process = await house.start()
    await transmitted_to(house, process, "s03-notification")
    objection = verdict("objection", grounds=[{"letter": "12(1)(j)", "text": "Really disposal"}])
    early = await process.post(f"{PATH}/decisions", process.as_(*BE), objection)
    assert (early.status_code, early.json()["rule"]) == (409, "STATE_FORBIDS")
    await process.post(f"{PATH}/acknowledgement", process.as_(*BE))

    unknown = verdict("objection", grounds=[{"letter": "12(1)(z)"}])
    answer = await process.post(f"{PATH}/decisions", process.as_(*BE), unknown)
    assert (answer.status_code, answer.json()["rule"]) == (422, "GROUND_NOT_OPEN")
    assert answer.json()["pointer"] == "/grounds/0/letter"
    answer = await process.post(f"{PATH}/decisions", process.as_(*BE), objection)
    assert answer.status_code == 201
    told = await house.said(NotificationAcknowledged.type, DecisionTaken.type, by="/consent/BE")
    assert [ground["letter"] for ground in told[-1].data["grounds"]] == ["j"]


async def test_a_malformed_decision_is_told_block_and_article(house: House) -> None:
    process = await house.start()
    await reviewing(house, process)
    answer = await process.post(f"{PATH}/decisions", process.as_(*BE), {"verdict": "perhaps"})
    assert answer.status_code == 422
    assert [(error["rule"], error["pointer"]) for error in answer.json()["errors"]] == [
        ("BLOCK_INVALID", "/verdict"),
        ("BLOCK_INVALID", "/signatory"),
    ]
    assert answer.json()["article"]


@pytest.mark.parametrize("what", ["acknowledgement", "decisions", "contract-confirmation"])
async def test_whom_a_case_does_not_concern_learns_nothing_of_it(house: House, what: str) -> None:
    process = await house.start()
    await transmitted_to(house, process)
    body = {
        "acknowledgement": None,
        "decisions": verdict("consent"),
        "contract-confirmation": {"contract_reference": "X"},
    }[what]
    for agency, state in (("BE002", "BE"), ("NL001", "NL"), ("CA001", "CA"), ("BE001", "NL")):
        who = process.as_(agency, state, "competent-authority")
        answer = await process.post(f"{PATH}/{what}", who, body)
        assert (answer.status_code, answer.json()["rule"]) == (404, "NOTIFICATION_UNKNOWN")
        assert (await process.get(PATH, process.as_(agency, state, "competent-authority"))).status_code == 404


async def test_a_case_is_found_by_number_with_blanks_without_and_by_its_id(house: House) -> None:
    process = await house.start()
    await reviewing(house, process)
    for ref in (NUMBER, NUMBER.replace(" ", ""), CASE):
        answer = await process.get(f"/v1/notifications/{ref}", process.as_(*BE))
        assert (answer.status_code, answer.json()["case"]) == (200, CASE)
    assert answer.headers["ETag"]
    assert (await process.get("/v1/notifications/nonsense", process.as_(*BE))).status_code == 404


async def test_the_gate_is_the_facilitys_and_opens_when_customs_let_the_load_in(house: House) -> None:
    process = await house.start()
    await reviewing(house, process)
    process.position["last"] = await house.neighbours.say(NOTIFIER, prenotified())
    load = {"quantity": {"value": "24.9", "unit": "t"}}
    answer = await process.post(f"{PATH}/movements/1/receipt", process.as_(*GATE), load)
    assert (answer.status_code, answer.json()["rule"]) == (409, "STATE_FORBIDS")
    answer = await process.post(f"{PATH}/movements/1/certificate", process.as_(*GATE))
    assert (answer.status_code, answer.json()["rule"]) == (409, "RECEIPT_BEFORE_COMPLETION")
    answer = await process.post(f"{PATH}/movements/2/receipt", process.as_(*GATE), load)
    assert (answer.status_code, answer.json()["rule"]) == (404, "MOVEMENT_UNKNOWN")
    importer = process.as_("BE-RECYCLA", "BE", "facility")
    answer = await process.post(f"{PATH}/movements/1/receipt", importer, load)
    assert (answer.status_code, answer.json()["rule"]) == (403, "FACILITY_IS_CALLER")
    stranger = process.as_("BE-F9", "BE", "facility")
    assert (await process.post(f"{PATH}/movements/1/receipt", stranger, load)).status_code == 404


async def test_a_facility_sees_its_shipments_and_no_desk(house: House) -> None:
    process = await house.start()
    await reviewing(house, process)
    await let_in(house, process)
    for who in (GATE, ("BE-RECYCLA", "BE", "facility")):
        seen = (await process.get(PATH, process.as_(*who))).json()
        assert seen["files"] == []
        assert [movement["state"] for movement in seen["movements"]] == ["ENTERED"]
        inbox = (await process.get("/v1/notifications", process.as_(*who))).json()
        assert [entry["role"] for entry in inbox["items"]] == ["facility"]


async def test_silence_until_the_day_it_was_due_is_late_and_no_consent(house: House) -> None:
    process = await house.start()
    await reviewing(house, process)
    now = await move_clock(house, process, 31)
    assert now == datetime(2026, 7, 9, 8, tzinfo=UTC)
    clockwork = process.as_("exchange", "exchange", "exchange")
    fired = await process.post("/internal/worlds/consent-test/timers", clockwork)
    assert fired.json() == {"fired": 1}
    file = (await process.get(PATH, process.as_(*BE))).json()["files"][0]
    assert (file["state"], file["overdue"], file["decisions"]) == ("IN_REVIEW", True, [])


async def test_a_decision_stops_its_clock(house: House) -> None:
    process = await house.start()
    await reviewing(house, process)
    assert (await process.post(f"{PATH}/decisions", process.as_(*BE), verdict("consent"))).status_code == 201
    await move_clock(house, process, 31)
    clockwork = process.as_("exchange", "exchange", "exchange")
    fired = await process.post("/internal/worlds/consent-test/timers", clockwork)
    assert fired.json() == {"fired": 0}


async def test_the_same_key_decides_once(house: House) -> None:
    process = await house.start()
    await reviewing(house, process)
    who = process.as_(*BE)
    first, again = [await process.post(f"{PATH}/decisions", who, verdict("consent")) for _ in range(2)]
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    await house.said(NotificationAcknowledged.type, DecisionTaken.type, by="/consent/BE")


async def test_two_processes_play_each_only_its_own_states(house: House) -> None:
    belgian = await house.start("BE", "belgium")
    dutch = await house.start("NL,DE", "netherlands")
    await transmitted_to(house, belgian, "s01-transit-notification")
    dutch.position.update(belgian.position)

    assert (await dutch.get(PATH, dutch.as_(*BE))).status_code == 404
    assert (await dutch.get(PATH, dutch.as_(*GATE))).status_code == 404
    assert (await belgian.get(PATH, belgian.as_(*NL))).status_code == 404
    for process, who in ((belgian, BE), (dutch, NL)):
        files = (await process.get(PATH, process.as_("anybody", "XX", "observer"))).json()["files"]
        assert [file["authority"] for file in files] == [who[0]]
        assert (await process.post(f"{PATH}/acknowledgement", process.as_(*who))).status_code == 200
        answer = await process.post(f"{PATH}/decisions", process.as_(*who), verdict("consent"))
        assert answer.json()["role"] == ("import" if who is BE else "transit")
    spoken = (NotificationAcknowledged.type, DecisionTaken.type)
    for source in ("/consent/BE", "/consent/NL"):
        assert len(await house.said(*spoken, by=source)) == 2

    await house.neighbours.say(NOTIFIER, prenotified())
    position = await house.neighbours.say(ANTWERP, entered())
    for process, shipments in ((belgian, 1), (dutch, 0)):
        process.position["last"] = position
        seen = (await process.get(PATH, process.as_("anybody", "XX", "observer"))).json()
        assert len(seen["movements"]) == shipments


async def test_one_process_keeps_the_desks_of_two_states_apart(house: House) -> None:
    await two_desks(house, await house.start())


@pytest.mark.postgres
async def test_the_desks_are_apart_on_postgresql_too(house: House, postgres_url: str) -> None:
    await two_desks(house, await house.start(database=postgres_url))


async def two_desks(house: House, process: Process) -> None:
    await transmitted_to(house, process, "s01-transit-notification")
    await process.post(f"{PATH}/acknowledgement", process.as_(*NL))
    own = (await process.get(PATH, process.as_(*BE))).json()["files"]
    assert [(file["authority"], file["state"]) for file in own] == [("BE001", "RECEIVED")]
    transit = (await process.get(PATH, process.as_(*NL))).json()
    assert [file["state"] for file in transit["files"]] == ["IN_REVIEW"]
    page = (await process.get("/v1/notifications?limit=1", process.as_("x", "XX", "observer"))).json()
    assert [entry["authority"] for entry in page["items"]] == ["BE001"]
    after = page["next"]
    page = (await process.get(f"/v1/notifications?after={after}", process.as_("x", "XX", "observer"))).json()
    assert ([entry["authority"] for entry in page["items"]], page["next"]) == (["NL001"], None)


async def test_news_of_a_shipment_that_comes_first_waits_for_its_notification(house: House) -> None:
    process = await house.start()
    await house.neighbours.open_world()
    await house.neighbours.say(ANTWERP, entered())
    await house.neighbours.say(NOTIFIER, transmitted())
    process.position["last"] = await house.neighbours.say(NOTIFIER, prenotified())
    process.position["last"] += f",{CASE}={ANTWERP}:1"
    answer = await process.get(PATH, process.as_(*GATE))
    assert answer.status_code == 200, answer.text
    seen = answer.json()
    assert [movement["state"] for movement in seen["movements"]] == ["ENTERED"]


async def test_another_world_sees_nothing(house: House) -> None:
    process = await house.start()
    await reviewing(house, process)
    elsewhere = process.as_(*BE, world="elsewhere")
    elsewhere.pop("Exchange-Position")
    assert (await process.get(PATH, elsewhere)).status_code == 404
    assert (await process.post(f"{PATH}/decisions", elsewhere, verdict("consent"))).status_code == 503
