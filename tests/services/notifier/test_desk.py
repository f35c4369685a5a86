"""The State of export over HTTP and messages: S01 and S03 from draft to the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pic_schemas.documents import DraftNotification
from pic_schemas.messages import (
    CustomsEntered,
    CustomsExited,
    CustomsReleased,
    MovementCompleted,
    MovementReceived,
)
from tests.services.notifier.desk import (
    CARRIER,
    EXPORT_AUTHORITY,
    EXPORTER,
    IMPORT_AUTHORITY,
    Desk,
    open_desk,
)
from tests.services.notifier.story import NUMBER, acknowledgement, contract, decision, form, load

GUARANTEE = {
    "kind": "insurance",
    "amount": "40000.00",
    "currency": "CAD",
    "covers": {"transport": True, "treatment": True, "storage_days": 90},
    "active_loads_permitted": 1,
    "valid_to": "2027-12-31",
}
BE001 = "BE/competent-authority/BE001"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as opened:
        yield opened


def wire(name: str = "s01-notification", **blocks: Any) -> dict[str, Any]:
    """The form as JSON."""
    content: dict[str, Any] = DraftNotification.model_validate(form(name) | blocks).payload()
    return {block: value for block, value in content.items() if value is not None}


async def drafted(desk: Desk, name: str = "s01-notification") -> str:
    case: str = (await desk.post(EXPORTER, "", wire(name), expect=201))["case"]
    return case


async def transmitted(desk: Desk, name: str = "s01-notification") -> str:
    case = await drafted(desk, name)
    await desk.post(EXPORTER, f"/{case}/submission")
    await desk.post(EXPORT_AUTHORITY, f"/{case}/carried-out")
    await desk.post(EXPORT_AUTHORITY, f"/{case}/transmission")
    return case


async def consented(desk: Desk) -> str:
    case = await transmitted(desk)
    await desk.hear(case, BE001, "consent", acknowledgement())
    await desk.hear(case, BE001, "consent", contract())
    await desk.hear(case, BE001, "consent", decision())
    return case


async def state_of(desk: Desk, case: str) -> str:
    answer = await desk.call(EXPORTER, "GET", f"/{case}")
    return str(answer.json()["state"])


def at_the_border(**more: Any) -> dict[str, Any]:
    return {"number": NUMBER, "movement_number": f"{NUMBER}.000001", "shipment": 1, **more}


async def test_one_shipment_from_draft_to_closed(desk: Desk) -> None:
    case = await consented(desk)
    await desk.post(EXPORTER, f"/{case}/guarantee", GUARANTEE)
    await desk.post(EXPORT_AUTHORITY, f"/{case}/guarantee/approval")
    await desk.at("2026-06-29")
    permit = await desk.post(EXPORT_AUTHORITY, f"/{NUMBER}/authorisation")
    assert permit["authorisation"]["how"] == "permit"
    await desk.at("2026-07-14")
    movement = await desk.post(EXPORTER, f"/{case}/movements", load().payload(), expect=201)
    assert (movement["movement_number"], movement["shipment"], movement["of"]) == (f"{NUMBER}.000001", 1, 1)

    exported = CustomsReleased(
        declaration_id="D1", office="CAMTR001", direction="export", checks=(), knowledge={}, **at_the_border()
    )
    await desk.hear(case, "CA/customs/CAMTR001", "customs-gateway", exported)
    await desk.at("2026-07-20")
    departure = {"place": "Montreal", "signature": "M. Gagnon"}
    assert (await desk.post(CARRIER, f"/{case}/movements/1/departure", departure))["state"] == "DEPARTED"
    left = CustomsExited(
        declaration_id="D1", office="CAMTR001", exited_on=date(2026, 7, 21), **at_the_border()
    )
    await desk.hear(case, "CA/customs/CAMTR001", "customs-gateway", left)
    came = CustomsEntered(
        declaration_id="D2", office="BEANR001", entered_on=date(2026, 8, 3), **at_the_border()
    )
    await desk.hear(case, "BE/customs/BEANR001", "customs-gateway", came)
    received = MovementReceived(
        facility="BE-F7",
        received_on=date(2026, 8, 5),
        quantity_kg=24_900,
        outcome="accepted",
        operation="R3",
        **at_the_border(),
    )
    await desk.hear(case, "BE/facility/BE-F7", "consent", received)
    completed = MovementCompleted(
        facility="BE-F7",
        operation="R3",
        completed_on=date(2026, 9, 10),
        interim=False,
        quantity_kg=24_900,
        **at_the_border(),
    )
    await desk.hear(case, "BE/facility/BE-F7", "consent", completed)
    await desk.post(EXPORT_AUTHORITY, f"/{case}/guarantee/release")
    closed = await desk.post(EXPORT_AUTHORITY, f"/{case}/closing")
    assert closed["state"] == "CLOSED"
    assert closed["movements"][0]["state"] == "COMPLETED"
    own = [event for event in await desk.said() if event.source == "/notifier/CA"]
    assert [event.type.split(".", 1)[1] for event in own] == [
        "notification.drafted.v1",
        "notification.submitted.v1",
        "notification.carried-out.v1",
        "notification.transmitted.v1",
        "guarantee.lodged.v1",
        "guarantee.approved.v1",
        "notification.authorised.v1",
        "movement.prenotified.v1",
        "movement.departed.v1",
        "notification.exhausted.v1",
        "guarantee.released.v1",
        "notification.closed.v1",
    ]
    assert [event.sequence for event in own] == list(range(1, 13))


async def test_an_objection_stops_permit_and_shipment(desk: Desk) -> None:
    case = await transmitted(desk, "s03-notification")
    await desk.hear(case, BE001, "consent", acknowledgement())
    await desk.hear(case, BE001, "consent", decision("objection"))
    assert await state_of(desk, case) == "OBJECTED"
    refusal = await desk.post(EXPORT_AUTHORITY, f"/{case}/authorisation", expect=409)
    assert refusal["rule"] == "CONSENT_MISSING"
    refusal = await desk.post(EXPORTER, f"/{case}/movements", load().payload(), expect=409)
    assert refusal["rule"] == "CONSENT_MISSING"
    assert "pic.notification.objected.v1" in [event.type for event in await desk.said()]


async def test_a_transit_state_decides_for_itself(desk: Desk) -> None:
    case = await transmitted(desk, "s01-transit-notification")
    await desk.hear(case, BE001, "consent", contract())
    await desk.hear(case, BE001, "consent", decision())
    assert await state_of(desk, case) == "UNDER_DECISION"
    transit = decision(authority="NL001", role="transit")
    await desk.hear(case, "NL/competent-authority/NL001", "consent", transit)
    assert await state_of(desk, case) == "CONSENTED"


async def test_nobody_decides_in_another_authoritys_name(desk: Desk) -> None:
    case = await transmitted(desk)
    await desk.hear(case, "NL/competent-authority/NL001", "consent", decision("objection"))
    assert await state_of(desk, case) == "TRANSMITTED"


async def test_nobody_but_the_exporter_sees_a_draft(desk: Desk) -> None:
    case = await drafted(desk)
    for stranger in (EXPORT_AUTHORITY, ("CA-OTHER", "CA", "exporter")):
        assert (await desk.call(stranger, "GET", f"/{case}")).status_code == 404
        assert (await desk.call(stranger, "GET", "")).json()["items"] == []
    assert len((await desk.call(EXPORTER, "GET", "")).json()["items"]) == 1


async def test_the_importing_authority_reads_but_does_not_act_for_the_exporting_one(desk: Desk) -> None:
    case = await transmitted(desk)
    assert (await desk.call(IMPORT_AUTHORITY, "GET", f"/{case}")).status_code == 200
    refusal = await desk.post(IMPORT_AUTHORITY, f"/{case}/authorisation", expect=403)
    assert refusal["rule"] == "SEAT_FORBIDS"


async def test_a_number_is_found_with_or_without_blanks(desk: Desk) -> None:
    case = await transmitted(desk)
    for ref in (NUMBER, NUMBER.replace(" ", ""), case):
        assert (await desk.call(EXPORTER, "GET", f"/{ref}")).json()["case"] == case


async def test_a_refused_submission_uses_up_no_number(desk: Desk) -> None:
    unsigned = await desk.post(
        EXPORTER, "", {name: b for name, b in wire().items() if name != "block_17"}, expect=201
    )
    assert unsigned["missing"] == ["block_17"]
    refusal = await desk.post(EXPORTER, f"/{unsigned['case']}/submission", expect=422)
    assert refusal["pointer"] == "/block_17"
    case = await drafted(desk)
    assert (await desk.post(EXPORTER, f"/{case}/submission"))["number"] == NUMBER


async def test_numbers_stay_unique_when_many_submit_at_once(desk: Desk) -> None:
    cases = [await drafted(desk) for _ in range(6)]
    answers = await asyncio.gather(*(desk.post(EXPORTER, f"/{case}/submission") for case in cases))
    assert {answer["number"] for answer in answers} == {f"CA 0000 {n:06d}" for n in range(1, 7)}


async def test_a_draft_that_changed_meanwhile_is_not_overwritten(desk: Desk) -> None:
    case = await drafted(desk)
    tag = (await desk.call(EXPORTER, "GET", f"/{case}")).headers["ETag"]
    changed = wire(block_4={"total": 1})
    changed["block_11"]["technology"] = "Washing and extrusion"
    first = await desk.call(EXPORTER, "PUT", f"/{case}", changed, {"If-Match": tag})
    assert first.status_code == 200
    assert first.headers["ETag"] == (await desk.call(EXPORTER, "GET", f"/{case}")).headers["ETag"]
    second = await desk.call(EXPORTER, "PUT", f"/{case}", wire(), {"If-Match": tag})
    assert second.status_code == 412


async def test_a_wrong_block_is_named_with_its_article(desk: Desk) -> None:
    wrong = wire() | {"block_5": {"quantity": {"value": "-1", "unit": "t"}}}
    refusal = await desk.post(EXPORTER, "", wrong, expect=422)
    assert refusal["rule"] == "BLOCK_INVALID"
    assert refusal["article"] == "Annex V A"
    assert refusal["pointer"] == "/block_5/quantity/value"


@pytest.mark.parametrize(
    ("line", "written", "meant"),
    [
        ("y_code", "\u042348", "Y48"),
        ("basel", "A3210\u00a0", "A3210"),
        ("y_code", "Y48, Y46", "Y48, Y46"),
        ("hs_code", "3915.10/3915.90", "3915.10, 3915.90"),
    ],
)
async def test_a_code_that_is_only_written_badly_is_told_what_was_meant(
    desk: Desk, line: str, written: str, meant: str
) -> None:
    wrong = wire()
    wrong["block_14"][line] = [written]
    refusal = await desk.post(EXPORTER, "", wrong, expect=422)
    assert (refusal["rule"], refusal["pointer"]) == ("CODE_MISREAD", f"/block_14/{line}/0")
    assert f"read as {meant}" in refusal["detail"]


async def test_the_same_key_opens_one_draft(desk: Desk) -> None:
    answers = [await desk.call(EXPORTER, "POST", "", wire(), {"Idempotency-Key": "k1"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(await desk.said()) == 1


async def test_a_step_too_early_is_refused_with_its_rule(desk: Desk) -> None:
    case = await drafted(desk)
    await desk.post(EXPORTER, f"/{case}/submission")
    refusal = await desk.post(EXPORT_AUTHORITY, f"/{case}/transmission", expect=409)
    assert refusal["rule"] == "NOT_CARRIED_OUT"


async def test_a_decision_heard_twice_counts_once(desk: Desk) -> None:
    case = await transmitted(desk)
    await desk.hear(case, BE001, "consent", decision("objection"))
    await desk.hear(case, BE001, "consent", decision("objection"))
    objected = [event for event in await desk.said() if event.type == "pic.notification.objected.v1"]
    assert len(objected) == 1


async def test_a_foreign_carrier_departs_at_the_desk_of_the_state_of_export(desk: Desk) -> None:
    case = await consented(desk)
    await desk.post(EXPORTER, f"/{case}/guarantee", GUARANTEE)
    await desk.post(EXPORT_AUTHORITY, f"/{case}/guarantee/approval")
    await desk.at("2026-06-29")
    await desk.post(EXPORT_AUTHORITY, f"/{case}/authorisation")
    await desk.at("2026-07-14")
    ship = {"first": {"registration_no": "BE-BETA", "name": "Beta Line NV", "means": "S"}}
    await desk.post(EXPORTER, f"/{case}/movements", load(block_8=ship).payload(), expect=201)
    exported = CustomsReleased(
        declaration_id="D1", office="CAMTR001", direction="export", checks=(), knowledge={}, **at_the_border()
    )
    await desk.hear(case, "CA/customs/CAMTR001", "customs-gateway", exported)
    await desk.at("2026-07-20")
    beta = ("BE-BETA", "BE", "carrier")
    await desk.post(beta, f"/{case}/movements/1/departure", {"place": "Montreal", "signature": "E. J."})
    last = (await desk.said())[-1]
    assert (last.type, last.sender, last.source) == (
        "pic.movement.departed.v1",
        "BE/carrier/BE-BETA",
        "/notifier/CA",
    )


async def test_a_deployment_opens_cases_only_for_the_states_it_hosts(tmp_path: Path) -> None:
    async with open_desk(tmp_path, states="BE,NL") as elsewhere:
        refusal = await elsewhere.post(EXPORTER, "", wire(), expect=403)
        assert refusal["rule"] == "STATE_NOT_CONCERNED"
